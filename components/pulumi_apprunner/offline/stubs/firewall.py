"""Stub values for AWS WAF's resources."""

from collections.abc import Callable, Mapping

from apprunner_facts import tokens
from apprunner_facts.firewall import GLOBAL_SCOPE
from pulumi_apprunner.offline.stubs.request import Stub, StubRequest


def _web_acl(request: StubRequest) -> Stub:
    id, name = request.uuid(), request.physical_name()
    scope = "global" if request.string("scope") == GLOBAL_SCOPE else "regional"
    arn = request.arn("wafv2", f"{scope}/webacl/{name}/{id}")
    return Stub(request.read or id, {"arn": arn, "name": name, "lockToken": request.uuid("lock")})


def _association(request: StubRequest) -> Stub:
    acl, resource = request.string("webAclArn"), request.string("resourceArn")
    return Stub(request.read or (f"{acl},{resource}" if acl and resource else None), {})


FIREWALL_STUBS: Mapping[str, Callable[[StubRequest], Stub]] = {
    tokens.WEB_ACL: _web_acl,
    tokens.WEB_ACL_ASSOCIATION: _association,
    tokens.WEB_ACL_LOGGING: lambda request: Stub(request.read or request.string("resourceArn"), {}),
}
"""The factory for each resource type."""

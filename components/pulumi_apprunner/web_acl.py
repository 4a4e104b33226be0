"""The association of a service with a web ACL."""

from collections.abc import Sequence
from typing import Any, cast

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts.firewall import GLOBAL_SCOPE, REGIONAL_SCOPE, address_rules
from pulumi_apprunner import sdk
from pulumi_apprunner.args.checking import ArgsError, as_output
from pulumi_apprunner.args.regions import region_problem
from pulumi_apprunner.args.service import AppRunnerServiceArgs


def associate_web_acl(
    name: str, args: AppRunnerServiceArgs, service: "aws.apprunner.Service", parent: pulumi.ComponentResource
) -> None:
    """Associate a service with its web ACL, if the arguments set one.

    A service has one web ACL, and its association has the name of the service. So another web ACL, also one of another
    component, replaces the association, the old one deleted first.
    """
    if args.web_acl_arn is None:
        return
    aws.wafv2.WebAclAssociation(
        f"{name}-firewall",
        resource_arn=service.arn,
        web_acl_arn=_checked(name, args, service.region, parent),
        # Created first, the new association would be deleted with the old one: AWS identifies both by the service.
        opts=ResourceOptions(parent=parent, delete_before_replace=True),
    )


def private_web_acls() -> set[pulumi.Resource]:
    """Return the web ACLs of this run whose WebFirewall is for private services."""
    return sdk.once_per_run(_no_web_acls)


def _no_web_acls() -> set[pulumi.Resource]:
    return set()


def _checked(
    name: str, args: AppRunnerServiceArgs, region: Output[str], parent: pulumi.ComponentResource
) -> Output[str]:
    """Return the web ACL's ARN; an Output that fails, also in a preview, if the web ACL does not fit the service."""
    arn = as_output(args.web_acl_arn)

    async def check_resource() -> None:
        for acl in await arn.resources():
            if isinstance(acl, aws.wafv2.WebAcl):
                scope = await acl.scope.future(with_unknowns=True)
                rules = await acl.rules.future(with_unknowns=True)
                _raise(name, _problem(acl.pulumi_resource_name, scope, rules, args.is_publicly_accessible))
                if args.is_publicly_accessible and acl in private_web_acls():
                    pulumi.log.warn(
                        "web_acl_arn: should be that of a WebFirewall for public services, got that of "
                        f"{acl.pulumi_resource_name} with private=True, which has no rules on source addresses. Use "
                        "another WebFirewall",
                        parent,
                    )

    def check_region(values: list[Any]) -> str:
        if sdk.knows_regions():
            _raise(name, region_problem("a web ACL", values[0], values[1]))
        return values[0]

    known = Output.all(arn, Output.from_input(check_resource())).apply(lambda values: values[0])
    return Output.all(known, region).apply(check_region)


def _raise(name: str, problem: str | None) -> None:
    if problem is not None:
        raise ArgsError(f"AppRunnerService '{name}'", {"web_acl_arn": problem})


def _problem(acl: str, scope: Any, rules: Any, is_public: bool) -> str | None:
    """Return why a web ACL of the same program does not fit a service; None if it does, or if it is unknown."""
    if scope == GLOBAL_SCOPE:
        return (
            f"must be the ARN of a web ACL with scope {REGIONAL_SCOPE}, got that of {acl} with scope {GLOBAL_SCOPE}, "
            f"which does not protect App Runner services. Set its scope to {REGIONAL_SCOPE}"
        )
    known = cast(Sequence[Any], rules) if isinstance(rules, list | tuple) else ()
    addresses = [] if is_public else list(address_rules(known))
    if addresses:
        return (
            f"must be the ARN of a web ACL without rules on source addresses, which do not work for a private service, "
            f"got that of {acl} with {' and '.join(addresses)}. Use a WebFirewall with private=True"
        )
    return None

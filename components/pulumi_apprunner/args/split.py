"""The arguments of TrafficSplit."""

import re
from dataclasses import field
from typing import Annotated

from pydantic import AfterValidator, StrictBool, ValidationInfo, field_validator

from apprunner_facts import source
from apprunner_facts.limits import Range
from pulumi_apprunner.args.annotations import Bounds
from pulumi_apprunner.args.checking import In, args_type
from pulumi_apprunner.args.domain import DomainName, HostedZone, zone_problem
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.lifecycle import Lifecycle
from pulumi_apprunner.args.values import (
    CloudFrontCertificateArn,
    CloudFrontWebAclArn,
    HeaderSecret,
    ServiceArn,
    Tags,
    aws_assigned,
)

_WEIGHT = Range(0, 100, 0, "percent", source.ORIGIN_MODIFICATION)
_URL = re.compile(r"https://([a-z0-9-]+\.)+[a-z0-9-]+/?")
_Url = Annotated[str, aws_assigned(_URL, "the service's own URL, such as AppRunnerService.url (https://...)")]


def _single_host(name: str) -> str:
    if name.startswith("*."):
        raise invalid("must be one host, not a wildcard", "Create a TrafficSplit for each host")
    return name


@args_type
class SplitService:
    """One of the two services of a TrafficSplit."""

    arn: In[ServiceArn]
    """The service's ARN. Before it gets a larger share of the requests, its deployments are looked up."""

    url: In[_Url | None]
    """The service's own URL, as in AppRunnerService.url. CloudFront sends requests there, so a private service is an
    error."""


@args_type
class TrafficSplitArgs:
    """The arguments of a TrafficSplit."""

    domain_name: Annotated[DomainName, AfterValidator(_single_host)]
    """The host of both services, such as shop.example.com. A change updates the distribution, and replaces the
    records."""

    certificate_arn: In[CloudFrontCertificateArn]
    """The ARN of an issued ACM certificate for the host, in us-east-1."""

    stable: SplitService
    """The service that has all requests at weight 0, and whenever the weight cannot be read. A change does not look it
    up: use a service that has all requests already, such as the candidate at weight 100."""

    candidate: SplitService | None = None
    """The service that has `weight` percent of the requests. Another candidate has none until an update has looked it
    up. Default: none; the weight must be 0."""

    weight: Annotated[int, Bounds(_WEIGHT)] = 0
    """Percent of the requests for the candidate, 0 to 100; with `sticky`, percent of the clients. A change updates one
    key, not the distribution. Default: 0."""

    sticky: StrictBool = True
    """Whether a cookie keeps a client on one service while the weight does not change, and on the candidate while it
    rises. Default: true."""

    origin_secret: In[HeaderSecret]
    """The value of the header x-origin-verify, with which CloudFront calls the services: 16 to 200 printable ASCII
    characters without spaces. The services' WebFirewall requires the same value (`required_header`), so that clients
    cannot call the services' own addresses. Pulumi encrypts it in the state."""

    zone: HostedZone | None = None
    """The hosted zone for the host's records. Default: none; create the records in the output `records` in your DNS."""

    web_acl_arn: In[CloudFrontWebAclArn] | None = None
    """The ARN of a web ACL with scope CLOUDFRONT, in us-east-1, for the requests of clients. Rules on source addresses
    belong there, since the services see CloudFront's addresses. Default: none."""

    lifecycle: Lifecycle = field(default_factory=Lifecycle)
    """Whether the deployments of a service are looked up before it gets a larger share (`verify_deployment`), for how
    long an operation in progress is waited for (`timeout_minutes`), and with which credentials. Other settings have no
    effect."""

    tags: Tags = field(default_factory=dict[str, str])
    """Tags of the distribution. Do not store secrets in tags: pulumi-aws keeps them in plain text in the state.
    Default: none."""

    @field_validator("weight")
    @classmethod
    def _has_a_candidate(cls, weight: int, info: ValidationInfo) -> int:
        if weight and "candidate" in info.data and info.data["candidate"] is None:
            raise invalid("must be 0 without a candidate", "Set candidate, or remove weight", missing=["candidate"])
        return weight

    @field_validator("zone")
    @classmethod
    def _contains_the_host(cls, zone: HostedZone | None, info: ValidationInfo) -> HostedZone | None:
        host = info.data.get("domain_name")
        if zone and host and (problem := zone_problem(host, zone.name)):
            raise invalid(*problem, got=zone.name)
        return zone

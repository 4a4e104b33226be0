"""Two services behind one host and one number."""

from typing import Any

import pulumi
import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import cloudfront, names
from pulumi_apprunner import advice, lifecycle
from pulumi_apprunner.args.checking import ArgsError, combine, validate
from pulumi_apprunner.args.dicts import TrafficSplitArgsDict
from pulumi_apprunner.args.split import TrafficSplitArgs
from pulumi_apprunner.lifecycle import Access, WatchedSplit
from pulumi_apprunner.names import physical_name
from pulumi_apprunner.networks import is_public, with_checked_network
from pulumi_apprunner.split.distribution import behavior, certificate, origin
from pulumi_apprunner.split.functions import (
    CANDIDATE,
    STABLE,
    WEIGHT_KEY,
    request_function,
    response_function,
    weight_value,
)


class TrafficSplit(pulumi.ComponentResource):
    """A CloudFront distribution that sends a share of one host's requests to a candidate, the rest to a stable service.

    ```python
    TrafficSplit(
        "shop",
        TrafficSplitArgs(
            domain_name="shop.example.com",
            certificate_arn=certificate.arn,
            stable=SplitService(arn=v1.arn, url=v1.url),
            candidate=SplitService(arn=v2.arn, url=v2.url),
            weight=10,
            origin_secret=secret,
        ),
    )
    ```

    App Runner accepts a domain for one service of a region only, so records with weights cannot divide its requests. A
    function at CloudFront's edge selects the service. `weight` is the value of a key that the function reads, and its
    change updates nothing else. AWS documents no time in which all edges use a new value.

    An update fails before it raises the share of a service whose last deployment failed, or that is paused. Weight 0 is
    always possible. Another candidate gets its share after the same check. Not tried on AWS:
    docs/guides/traffic-split.md has a checklist of one hour.

    Args:
        name: The component's name and the prefix of its children's names.
        args: The services and their shares: TrafficSplitArgs, or the same as a mapping.
        opts: Options; protect, provider, aliases and depends_on reach the children.

    Raises:
        ArgsError: All invalid arguments.
    """

    domain_name: str
    """The host."""
    distribution_id: Output[str]
    """The distribution's id, which is also the dimension DistributionId of its metrics in AWS/CloudFront."""
    distribution_domain_name: Output[str]
    """The distribution's own host, ...cloudfront.net."""
    key_value_store_arn: Output[str]
    """The ARN of the store whose key `weight` has the candidate's share, to set it to 0 without Pulumi."""
    records: Output[list[dict[str, str]]]
    """The records (name, type, value) for another DNS: one CNAME record. An apex supports no CNAME: create an ALIAS or
    ANAME with the same value."""

    def __init__(
        self, name: str, args: TrafficSplitArgs | TrafficSplitArgsDict, opts: ResourceOptions | None = None
    ) -> None:
        """Register the component and its children; the class documents the arguments.

        Raises:
            ArgsError: All invalid arguments of TrafficSplit.
        """
        args = validate(TrafficSplitArgs, "TrafficSplit", name, args)
        super().__init__("apprunner:index:TrafficSplit", name, {}, opts)
        advice.warn_about_options(self, opts)
        advice.warn_about_secrets(self, "tags", args.tags, advice.NO_SECRET_TAGS)
        stable, candidate = args.stable, args.candidate or args.stable
        stable_host = combine(_host, _public(name, "stable", stable.url))
        candidate_host = combine(_host, _public(name, "candidate", candidate.url))

        store = aws.cloudfront.KeyValueStore(
            f"{name}-store",
            name=physical_name(names.KEY_VALUE_STORE, name),
            comment="Share of the candidate in percent",
            opts=_created_first(self),
        )
        code = combine(lambda known: request_function(known[0], sticky=args.sticky), candidate_host)
        functions = {"viewer-request": self._function(name, "request", code, store)}
        if args.sticky:
            functions["viewer-response"] = self._function(name, "response", response_function())
        distribution = aws.cloudfront.Distribution(
            f"{name}-distribution",
            comment=f"TrafficSplit {name}"[: cloudfront.COMMENT_LENGTH],
            enabled=True,
            is_ipv6_enabled=True,
            http_version="http2and3",
            aliases=[args.domain_name],
            origins=[
                origin(STABLE, stable_host, args.origin_secret),
                origin(CANDIDATE, candidate_host, args.origin_secret),
            ],
            default_cache_behavior=behavior(
                [{"event_type": event, "function_arn": each.arn} for event, each in functions.items()]
            ),
            viewer_certificate=certificate(args.certificate_arn),
            restrictions={"geo_restriction": {"restriction_type": "none"}},
            web_acl_id=args.web_acl_arn,
            tags=args.tags,
            opts=ResourceOptions(parent=self),
        )
        arns = {STABLE: stable.arn, CANDIDATE: candidate.arn}
        split = WatchedSplit(name, arns, args.lifecycle, Access.of(args.lifecycle))
        aws.cloudfront.KeyvaluestoreKey(
            f"{name}-weight",
            key_value_store_arn=store.arn,
            key=WEIGHT_KEY,
            value=combine(lambda known: weight_value(args.weight, known[0]), candidate_host),
            # The weight follows the services' own updates, and the end of a change of origins.
            opts=ResourceOptions(
                parent=self,
                depends_on=[distribution],
                hooks=lifecycle.weight_hooks(f"{name}-weight", split),
            ),
        )
        if args.zone is not None:
            for role, kind in (("traffic", "A"), ("traffic-ipv6", "AAAA")):
                aws.route53.Record(
                    f"{name}-{role}",
                    zone_id=args.zone.id,
                    name=args.domain_name,
                    type=kind,
                    aliases=[
                        {
                            "name": distribution.domain_name,
                            "zone_id": cloudfront.HOSTED_ZONE_ID,
                            "evaluate_target_health": False,
                        }
                    ],
                    opts=ResourceOptions(parent=self),
                )

        self.domain_name = args.domain_name
        self.distribution_id = distribution.id
        self.distribution_domain_name = distribution.domain_name
        self.key_value_store_arn = store.arn
        self.records = distribution.domain_name.apply(
            lambda target: [{"name": args.domain_name, "type": "CNAME", "value": target}]
        )
        self.register_outputs(
            {
                "domainName": self.domain_name,
                "distributionId": self.distribution_id,
                "distributionDomainName": self.distribution_domain_name,
                "keyValueStoreArn": self.key_value_store_arn,
                "records": self.records,
            }
        )

    def _function(
        self,
        name: str,
        role: str,
        code: pulumi.Input[str],
        store: "aws.cloudfront.KeyValueStore | None" = None,
    ) -> "aws.cloudfront.Function":
        return aws.cloudfront.Function(
            f"{name}-{role}",
            name=physical_name(names.EDGE_FUNCTION, name, role),
            comment=f"TrafficSplit {name}"[: cloudfront.COMMENT_LENGTH],
            runtime=cloudfront.RUNTIME,
            code=code,
            key_value_store_associations=[store.arn] if store else None,
            publish=True,
            opts=_created_first(self),
        )


def _created_first(parent: pulumi.ComponentResource) -> ResourceOptions:
    # pulumi-aws deletes named resources first, but CloudFront does not delete what a distribution or a function uses.
    return ResourceOptions(parent=parent, delete_before_replace=False)


def _public(name: str, role: str, url: Any) -> pulumi.Input[str]:
    """Return a service's URL; an Output fails, also in a preview, if its service is private."""

    def check(service: str, network: Any) -> None:
        if is_public(network) is False:
            problem = (
                f"must be the URL of a public service, got that of {service}, which is private: CloudFront cannot "
                "reach it. Set is_publicly_accessible of the service to True, or remove the TrafficSplit"
            )
            raise ArgsError(f"TrafficSplit '{name}'", {f"{role}.url": problem})

    return with_checked_network(url, check)


def _host(url: list[str]) -> str:
    return str(url[0] or "").removeprefix("https://").rstrip("/")

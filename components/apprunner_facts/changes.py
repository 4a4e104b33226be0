"""What a change of each property of each resource does, as pulumi-aws has it from the Terraform provider.

Read in the provider's own source, each type in a version of its file that the table names; what pulumi-aws adds to it,
in the bridge between the two. Nothing here says what the components do with it: that is docs/changes.md's first part.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from apprunner_facts import tokens
from apprunner_facts.source import Source

_PROVIDER = "https://github.com/hashicorp/terraform-provider-aws/blob"
_READ = date(2026, 11, 23)

REGION = Source(f"{_PROVIDER}/4640a66635ff36287cdb9ce0683daefda6c188c7/internal/provider/sdkv2/region.go", _READ)
"""A change of region replaces every resource that has one, whatever the resource's own file says."""
NAMED_BY_HAND = Source("https://github.com/pulumi/pulumi-terraform/pull/465", _READ)
"""pulumi-aws deletes a resource before it replaces it where the program gives a name that Pulumi could have made."""


@dataclass(frozen=True)
class Change:
    """What a change of one property does to its resource, and who says so."""

    kind: Literal["replace", "update", "ignore"]
    """`replace`: another one is made; `update`: in place; `ignore`: taken, and never applied."""
    source: Source
    note: str = ""


class _Type(NamedTuple):
    """A type's file in the provider, the version that was read, and its properties, separated by blanks."""

    file: str
    commit: str
    replaces: str = ""
    updates: str = ""
    ignores: str = ""
    computed: str = ""
    """Optional and computed at once; paths of blocks' own fields too."""
    alternatives: str = ""
    """Of these one is given; another one of them replaces the resource."""
    notes: Mapping[str, str] = {}


_NAMED_THOUGH_REQUIRED = {tokens.VPC_INGRESS_CONNECTION}
"""The Terraform provider asks for a name here, and Pulumi makes one all the same."""
_TAGS_ONLY = "the provider updates tags only"

_RULE = _Type(
    "ec2/vpc_security_group_ingress_rule.go",  # what both kinds of rules share stands there
    "d2b7f56a7c451244abd1e467109ba703bd9eedd3",
    replaces="region securityGroupId",
    updates="cidrIpv4 cidrIpv6 description fromPort ipProtocol prefixListId referencedSecurityGroupId tags toPort",
    alternatives="cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId",
)

_TYPES: Mapping[str, _Type] = {
    tokens.AUTO_SCALING: _Type(
        "apprunner/auto_scaling_configuration_version.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="autoScalingConfigurationName maxConcurrency maxSize minSize region",
        updates="tags",
    ),
    tokens.CONNECTION: _Type(
        "apprunner/connection.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="connectionName providerType region",
        updates="tags",
    ),
    tokens.CUSTOM_DOMAIN: _Type(
        "apprunner/custom_domain_association.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="domainName enableWwwSubdomain region serviceArn",
    ),
    tokens.DEFAULT_AUTO_SCALING: _Type(
        "apprunner/default_auto_scaling_configuration_version.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="region",
        updates="autoScalingConfigurationArn",
    ),
    tokens.DEPLOYMENT: _Type(
        "apprunner/deployment.go",
        "07e0d0b940f57c782f8fcc9ccfd8b19f59383b51",
        replaces="region serviceArn",
        ignores="timeouts",
        notes={"timeouts": "the provider answers a change of them alone with an error: it knows no update"},
    ),
    tokens.OBSERVABILITY: _Type(
        "apprunner/observability_configuration.go",
        "6446594c4210aa19abed73744d005d053968c88e",
        replaces="observabilityConfigurationName region",
        updates="tags",
        ignores="traceConfiguration",
        notes={"traceConfiguration": _TAGS_ONLY},
    ),
    tokens.SERVICE: _Type(
        "apprunner/service.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="encryptionConfiguration region serviceName",
        updates="autoScalingConfigurationArn healthCheckConfiguration instanceConfiguration networkConfiguration "
        "observabilityConfiguration sourceConfiguration tags",
        computed="autoScalingConfigurationArn healthCheckConfiguration instanceConfiguration networkConfiguration "
        "networkConfiguration.egressConfiguration networkConfiguration.egressConfiguration.egressType "
        "networkConfiguration.ingressConfiguration sourceConfiguration.codeRepository.sourceDirectory",
    ),
    tokens.VPC_CONNECTOR: _Type(
        "apprunner/vpc_connector.go",
        "03412d530417901a6e5360333350b8d3c802cece",
        replaces="region securityGroups subnets vpcConnectorName",
        updates="tags",
    ),
    tokens.VPC_INGRESS_CONNECTION: _Type(
        "apprunner/vpc_ingress_connection.go",
        "093b7d9d194ff9c47556d142cdf3f62e90054728",
        replaces="region serviceArn",
        updates="tags",
        ignores="ingressVpcConfiguration name",
        notes={"ingressVpcConfiguration": _TAGS_ONLY, "name": _TAGS_ONLY},
    ),
    tokens.SECURITY_GROUP: _Type(
        "ec2/vpc_security_group.go",
        "01606926a0c0ab9174aec440f976a48b0baee722",
        replaces="description name namePrefix region vpcId",
        updates="egress ingress revokeRulesOnDelete tags",
        computed="egress ingress name namePrefix vpcId",
        notes={"revokeRulesOnDelete": "says how it is deleted"},
    ),
    tokens.ROLE: _Type(
        "iam/role.go",
        "0040ea6911af00bea2cca6dbb14e86829826ad8e",
        replaces="name namePrefix path",
        updates="assumeRolePolicy description forceDetachPolicies inlinePolicies managedPolicyArns "
        "maxSessionDuration permissionsBoundary tags",
        computed="inlinePolicies managedPolicyArns name namePrefix",
        notes={"forceDetachPolicies": "says how it is deleted"},
    ),
    tokens.ROLE_POLICY: _Type(
        "iam/role_policy.go",
        "02f97af85f89a04e8ed89f5e8b64a9a67f3cfe07",
        replaces="name namePrefix role",
        updates="policy",
        computed="name namePrefix",
    ),
    tokens.ROLE_POLICY_ATTACHMENT: _Type(
        "iam/role_policy_attachment.go", "04c79849dbe7fbe76c3054b364357bcdaade9ac5", replaces="policyArn role"
    ),
    tokens.RECORD: _Type(
        "route53/record.go",
        "00655c1681ea1e49ab10cd32d3f8bee372b2095b",
        replaces="name zoneId",
        updates="aliases allowOverwrite cidrRoutingPolicy failoverRoutingPolicies geolocationRoutingPolicies "
        "geoproximityRoutingPolicy healthCheckId latencyRoutingPolicies multivalueAnswerRoutingPolicy records "
        "setIdentifier ttl type weightedRoutingPolicies",
        computed="allowOverwrite",
        notes={
            "allowOverwrite": "says how it is made",
            "setIdentifier": "deleted and made again in one step of Route 53's",
            "type": "deleted and made again in one step of Route 53's",
        },
    ),
    tokens.SCHEDULE: _Type(
        "scheduler/schedule.go",
        "02f524b9e9cc109457eeba63867c83e70af99455",
        replaces="groupName name namePrefix region",
        updates="actionAfterCompletion description endDate flexibleTimeWindow kmsKeyArn scheduleExpression "
        "scheduleExpressionTimezone startDate state target",
        computed="actionAfterCompletion groupName name namePrefix",
    ),
    tokens.SCHEDULE_GROUP: _Type(
        "scheduler/schedule_group.go",
        "0cdab4ae09a963535e03dde0bff4784afe8e3517",
        replaces="name namePrefix region",
        updates="tags",
        computed="name namePrefix",
    ),
    tokens.QUEUE: _Type(
        "sqs/queue.go",
        "00a35305dc1b297a6fcdecdfbba33f1e63c3da39",
        replaces="fifoQueue name namePrefix region",
        updates="contentBasedDeduplication deduplicationScope delaySeconds fifoThroughputLimit "
        "kmsDataKeyReusePeriodSeconds kmsMasterKeyId maxMessageSize messageRetentionSeconds policy "
        "receiveWaitTimeSeconds redriveAllowPolicy redrivePolicy sqsManagedSseEnabled tags visibilityTimeoutSeconds",
        computed="deduplicationScope fifoThroughputLimit kmsDataKeyReusePeriodSeconds name namePrefix policy "
        "redriveAllowPolicy redrivePolicy sqsManagedSseEnabled",
    ),
    tokens.SECURITY_GROUP_EGRESS_RULE: _RULE,
    tokens.SECURITY_GROUP_INGRESS_RULE: _RULE,
}


def _changes(its: _Type) -> Iterator[tuple[str, Change]]:
    own = Source(f"{_PROVIDER}/{its.commit}/internal/service/{its.file}", _READ)
    paths: Mapping[Literal["replace", "update", "ignore"], str] = {
        "replace": its.replaces,
        "update": its.updates,
        "ignore": its.ignores,
    }
    for kind, listed in paths.items():
        for path in listed.split():
            yield path, Change(kind, REGION if path == "region" else own, its.notes.get(path, ""))


CHANGES: Mapping[str, Mapping[str, Change]] = {token: dict(_changes(its)) for token, its in _TYPES.items()}
"""From a resource's type to what a change of each of its properties does; of two paths the longer one holds."""

COMPUTED: Mapping[str, frozenset[str]] = {token: frozenset(its.computed.split()) for token, its in _TYPES.items()}
"""From a resource's type to the properties that keep their value when they are left out."""

ALTERNATIVES: Mapping[str, frozenset[str]] = {
    token: frozenset(its.alternatives.split()) for token, its in _TYPES.items()
}
"""From a resource's type to properties of which one is given: giving another one of them replaces the resource."""

DELETED_FIRST: frozenset[str] = frozenset(
    token for token, its in _TYPES.items() if "name" in its.computed.split() or token in _NAMED_THOUGH_REQUIRED
)
"""Types that pulumi-aws deletes before it replaces them, whatever replaces them, where the program gives a `name` and
does not say delete_before_replace=False (NAMED_BY_HAND). Without a name, pulumi-aws makes one up."""

ALWAYS_DELETED_FIRST: frozenset[str] = frozenset(
    {
        tokens.API_GATEWAY_INTEGRATION,
        tokens.LOG_SUBSCRIPTION_FILTER,
        tokens.SECURITY_GROUP_RULE,
        tokens.TRANSIT_GATEWAY_ATTACHMENT,
        tokens.ECR_LIFECYCLE_POLICY,
        tokens.EFS_MOUNT_TARGET,
        tokens.ACCOUNT_ALIAS,
        tokens.GROUP_POLICY_ATTACHMENT,
        tokens.POLICY_ATTACHMENT,
        tokens.ROLE_POLICY_ATTACHMENT,
        tokens.USER_POLICY_ATTACHMENT,
    }
)
"""Types that pulumi-aws 7 deletes before it replaces them, named or not, unless the program sets
delete_before_replace=False (change_notes.DELETE_BEFORE_REPLACE). They need not be in CHANGES."""


def is_deleted_first(token: str, properties: Collection[str]) -> bool:
    """Return whether pulumi-aws deletes a resource before it replaces it, if no option says otherwise.

    Args:
        token: The resource's type.
        properties: The names of the inputs that the program gives.
    """
    return token in ALWAYS_DELETED_FIRST or (token in DELETED_FIRST and "name" in properties)


def is_kept(token: str, path: str) -> bool:
    """Return whether a property keeps its value when it is left out.

    A name that Pulumi can make is not kept: pulumi-aws keeps only a name that it made itself (NAMED_BY_HAND), so a new
    one is made, and that replaces the resource.
    """
    return path in COMPUTED.get(token, ()) and not (token in DELETED_FIRST and path in ("name", "namePrefix"))


def replacing(token: str) -> frozenset[str]:
    """Return the properties of a type whose change replaces the resource.

    Raises:
        KeyError: A type that is not in the table.
    """
    return frozenset(path for path, change in CHANGES[token].items() if change.kind == "replace")

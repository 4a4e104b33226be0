"""Types of values that several components accept."""

import json
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import AfterValidator, StringConstraints

from apprunner_facts import arns, cloudfront, firewall, limits, names
from apprunner_facts.names import NameRule
from pulumi_apprunner.args.annotations import Described, Sensitive
from pulumi_apprunner.args.checking import AwsAssigned, In
from pulumi_apprunner.args.errors import invalid
from pulumi_apprunner.args.paths import Path


def aws_assigned(pattern: re.Pattern[str], what: str) -> AwsAssigned:
    """Return a validator of an ARN or id that AWS assigns; `what` describes it in messages."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise invalid(f"must be {what}")
        return text

    return AwsAssigned(check)


def aws_name(rule: NameRule) -> AfterValidator:
    """Return a validator of a resource's name."""

    def check(name: str) -> str:
        if not rule.allows(name):
            raise invalid(f"must be {rule}")
        return name

    return AfterValidator(check)


def one_of(choices: Sequence[str], similar: Callable[[str], str | None] = lambda text: None) -> AfterValidator:
    """Return a validator of a string that is one of several.

    Args:
        choices: The strings.
        similar: Returns the choice that a user most likely means, for the error. Default: none.
    """

    def check(text: str) -> str:
        if text not in choices:
            meant = similar(text)
            hint = f"Did you mean {meant}?" if meant else ""
            raise invalid(f"must be one of {', '.join(choices)}", fix_of_value=hint)
        return text

    return AfterValidator(check)


def ends_names_of(*roles: str) -> AfterValidator:
    """Return a validator of a key that ends the names of children: `<component>-<role>-<key>`.

    A key must not contain a role. Otherwise the component `a` with the key `b-egress-c` and the component `a-egress-b`
    with the key `c` would have children of the same name.
    """

    def check(key: str) -> str:
        for role in roles:
            if f"-{role}-" in f"-{key}":
                raise invalid(
                    f"must not begin with {role}- or contain -{role}-, because another component could have a child of "
                    "the same name. Choose another name"
                )
        return key

    return AfterValidator(check)


def _kms_key(arn: str) -> str:
    if arns.KMS_KEY.fullmatch(arn):
        return arn
    kind = "multi-Region keys" if "key/mrk-" in arn else "aliases" if "alias/" in arn else ""
    raise invalid(
        "must be the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx)",
        fix_of_value=f"App Runner does not support {kind}. Use the ARN of a single-Region key" if kind else "",
    )


def _web_acl(arn: str) -> str:
    if arns.WEB_ACL.fullmatch(arn):
        return arn
    raise invalid(
        f"must be the ARN of a web ACL with scope {firewall.REGIONAL_SCOPE} "
        "(arn:aws:wafv2:REGION:ACCOUNT:regional/webacl/NAME/ID)",
        fix_of_value=f"A web ACL with scope {firewall.GLOBAL_SCOPE} does not protect App Runner services. Use one with "
        f"scope {firewall.REGIONAL_SCOPE} in the service's region"
        if firewall.GLOBAL_ARN in arn
        else "",
    )


def _cloudfront_web_acl(arn: str) -> str:
    if cloudfront.WEB_ACL_ARN.fullmatch(arn):
        return arn
    raise invalid(
        f"must be the ARN of a web ACL with scope {firewall.GLOBAL_SCOPE} "
        "(arn:aws:wafv2:us-east-1:ACCOUNT:global/webacl/NAME/ID)",
        fix_of_value=f"A web ACL with scope {firewall.REGIONAL_SCOPE} does not protect a distribution. Create one with "
        f"scope {firewall.GLOBAL_SCOPE} in {cloudfront.REGION}"
        if arns.WEB_ACL.fullmatch(arn)
        else "",
    )


def _variable_name(name: str) -> str:
    if name == names.RESERVED_VARIABLE:
        raise invalid(f"{name} is reserved. App Runner sets it to the value of port")
    if names.is_reserved_variable(name):
        raise invalid(f"names that begin with {names.RESERVED_VARIABLE_PREFIX} are reserved", "Choose another name")
    return name


def _tag_key(key: str) -> str:
    if key.lower().startswith("aws:"):
        raise invalid("must not begin with aws:, which AWS reserves", "Choose another key")
    return _tag_text(key)


def _tag_text(text: str) -> str:
    # IAM has the strictest rule of the services that receive tags.
    if not all(char.isalnum() or char in " _.:/=+-@" for char in text):
        raise invalid("must contain only letters, digits, spaces and _ . : / = + - @")
    return text


def _schedule_tag(value: str) -> str:
    if not value:
        raise invalid("must not be empty", "EventBridge Scheduler rejects empty values. Set one, or remove the tag")
    return value


def _policy_document(document: str) -> str:
    try:
        statements: Any = json.loads(document)["Statement"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise invalid('must be a policy document: a JSON object with "Statement"') from None
    every = cast(list[Any], statements if isinstance(statements, list) else [statements])
    if not every or any(not statement or type(statement) is not dict for statement in every):
        raise invalid("must contain a statement", "Add one, or remove the document")
    return document


def distinct(what: str) -> AfterValidator:
    """Return a validator of a list without duplicates. It does not compare outputs in the list."""

    def check(items: Sequence[Any]) -> Sequence[Any]:
        if problem := duplicates_message(what)(items):
            raise invalid(problem)
        return items

    return AfterValidator(check)


def duplicates_message(what: str) -> Callable[[Sequence[Any]], str | None]:
    """Return a function that returns the message about duplicates in a list; None if it has none."""

    def problem(items: Sequence[Any]) -> str | None:
        known = [item for item in items if isinstance(item, str)]
        duplicates = sorted(item for item, count in Counter(known).items() if count > 1)
        return f"must contain each {what} once, got {' and '.join(duplicates)} more than once" if duplicates else None

    return problem


def duplicates(field: str, what: str) -> Callable[[Sequence[Any] | None], dict[Path, str]]:
    """Return a rule for `validate_output` that a list contains each item once."""

    def rule(items: Sequence[Any] | None) -> dict[Path, str]:
        problem = duplicates_message(what)(items or ())
        return {(field,): problem} if problem else {}

    return rule


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SECRETS_VARIABLE = re.compile(r"(?=.{1,64}\Z)[A-Z]+[0-9]*(?:_(?:[A-Z]+[0-9]*|[0-9]+))*")
"""A name such as DATABASE_PASSWORD or S3_KEY. A user may confuse a secret's key with its value, and many secrets
consist of letters and digits. So messages do not contain names of another form."""


def display_secret_name(name: str, position: int) -> str:
    """Return the name of a secret's variable if messages may show it, otherwise its position: "(key 2)"."""
    return name if _SECRETS_VARIABLE.fullmatch(name) else f"(key {position})"


VariableName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=limits.VARIABLE_LENGTH),
    AfterValidator(_variable_name),
    Sensitive(except_pattern=_VARIABLE),
]
VariableValue = Annotated[str, StringConstraints(max_length=limits.VARIABLE_LENGTH), Sensitive()]
Environment = In[Mapping[VariableName, In[VariableValue]]]
"""Environment variables by name."""

SecretName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=limits.SECRET_LENGTH),
    AfterValidator(_variable_name),
    Sensitive(except_pattern=_SECRETS_VARIABLE),
]
SENSITIVE_UNLESS_ARN = Sensitive(except_prefix="arn:")
"""A user may pass a secret instead of its reference, so messages show ARNs only."""
SecretReference = Annotated[str, StringConstraints(min_length=1, max_length=limits.SECRET_LENGTH), SENSITIVE_UNLESS_ARN]

TagKey = Annotated[str, StringConstraints(min_length=1, max_length=limits.TAG_KEY_LENGTH), AfterValidator(_tag_key)]
TagValue = Annotated[str, StringConstraints(max_length=limits.TAG_VALUE_LENGTH), AfterValidator(_tag_text)]
Tags = In[Mapping[TagKey, In[TagValue]]]
"""Tags by key: keys of 1 to 128 characters that do not begin with aws:, values of 0 to 256 characters. Both consist of
letters, digits, spaces and _ . : / = + - @."""
ScheduleTags = In[Mapping[TagKey, In[Annotated[TagValue, AfterValidator(_schedule_tag)]]]]
"""Tags that EventBridge Scheduler receives too: values of 1 to 256 characters."""

Name = Annotated[str, StringConstraints(min_length=1)]
"""A key that becomes part of the names of components or resources. As in Pulumi, any string but an empty one is valid:
names in AWS are derived from it (pulumi_apprunner.names)."""

RoleArn = Annotated[str, aws_assigned(arns.ROLE, "the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)")]
AssumableRoleArn = Annotated[
    str, aws_assigned(arns.ASSUMABLE_ROLE, "the ARN of an IAM role (arn:aws:iam::ACCOUNT:role/NAME)")
]
PolicyArn = Annotated[str, aws_assigned(arns.POLICY, "the ARN of an IAM policy (arn:aws:iam::ACCOUNT:policy/NAME)")]
PolicyDocument = Annotated[str, AfterValidator(_policy_document), Sensitive()]
_KEYS_NAME = re.compile(r"arn:.*|alias/[A-Za-z0-9/_-]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KmsKeyArn = Annotated[str, AwsAssigned(_kms_key), Sensitive(except_pattern=_KEYS_NAME)]
AnyKmsKeyArn = Annotated[
    str,
    aws_assigned(arns.ANY_KMS_KEY, "the ARN of a KMS key (arn:aws:kms:REGION:ACCOUNT:key/ID), not an alias"),
    SENSITIVE_UNLESS_ARN,
]
"""A KMS key, also a multi-Region key, which App Runner's own encryption does not support."""
ServiceArn = Annotated[
    str,
    aws_assigned(arns.SERVICE, "the ARN of an App Runner service (arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID)"),
]
TopicArn = Annotated[str, aws_assigned(arns.TOPIC, "the ARN of a standard SNS topic (arn:aws:sns:REGION:ACCOUNT:NAME)")]
RepositoryArn = Annotated[
    str, aws_assigned(arns.REPOSITORY, "the ARN of an ECR repository (arn:aws:ecr:REGION:ACCOUNT:repository/NAME)")
]
HostedZoneId = Annotated[str, aws_assigned(arns.HOSTED_ZONE_ID, "the id of a hosted zone (Z...)")]
SecurityGroupId = Annotated[str, aws_assigned(arns.SECURITY_GROUP_ID, "a security group id (sg-...)")]
SubnetId = Annotated[str, aws_assigned(arns.SUBNET_ID, "a subnet id (subnet-...)")]
VpcEndpointId = Annotated[str, aws_assigned(arns.VPC_ENDPOINT_ID, "a VPC endpoint id (vpce-...)")]
VpcId = Annotated[str, aws_assigned(arns.VPC_ID, "a VPC id (vpc-...)")]
WebAclArn = Annotated[str, AwsAssigned(_web_acl)]
ScalingProfileArn = Annotated[
    str,
    aws_assigned(
        arns.AUTO_SCALING_CONFIGURATION,
        "the ARN of an auto scaling configuration "
        "(arn:aws:apprunner:REGION:ACCOUNT:autoscalingconfiguration/NAME[/REVISION[/ID]])",
    ),
]
CloudFrontWebAclArn = Annotated[str, AwsAssigned(_cloudfront_web_acl)]
CloudFrontCertificateArn = Annotated[
    str,
    aws_assigned(
        cloudfront.CERTIFICATE_ARN,
        "the ARN of an ACM certificate in us-east-1 (arn:aws:acm:us-east-1:ACCOUNT:certificate/ID), the only region "
        "whose certificates CloudFront accepts",
    ),
]
HeaderName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$"),
    Described("a header's name in lower case, such as x-api-key"),
]
ORIGIN_HEADER = "x-origin-verify"
"""The header with which a TrafficSplit proves that a request comes from it, and that a WebFirewall requires."""
HeaderSecret = Annotated[
    str,
    StringConstraints(pattern=rf"^[!-~]{{16,{firewall.SEARCH_STRING_BYTES}}}$"),
    Described(f"16 to {firewall.SEARCH_STRING_BYTES} printable ASCII characters without spaces"),
    Sensitive(),
]
"""A secret in a header. AWS WAF searches for at most 200 bytes; 16 characters are this library's minimum."""

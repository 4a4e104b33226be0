"""Kinds of values that several components take."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import AfterValidator, StringConstraints

from apprunner_facts import arns, limits, names
from apprunner_facts.names import NameRule
from pulumi_apprunner.args.checking import AwsAssigned, In
from pulumi_apprunner.args.errors import Described, Sensitive, invalid, refuse


def aws_assigned(pattern: re.Pattern[str], what: str) -> AwsAssigned:
    """Return a rule for an ARN or id that some resource hands out; `what` says what it should have been."""

    def check(text: str) -> str:
        if not pattern.fullmatch(text):
            raise refuse(f"is not {what}")
        return text

    return AwsAssigned(check)


def named(rule: NameRule) -> AfterValidator:
    """Return a rule for a name that AWS takes."""

    def check(name: str) -> str:
        if not rule.allows(name):
            raise refuse(f"is not a name that AWS takes: {rule}")
        return name

    return AfterValidator(check)


def one_of(choices: Sequence[str]) -> AfterValidator:
    """Return a rule for a text that is one of several."""

    def check(text: str) -> str:
        if text not in choices:
            raise refuse(f"is not one of {', '.join(choices)}")
        return text

    return AfterValidator(check)


def _kms_key(arn: str) -> str:
    if arns.KMS_KEY.fullmatch(arn):
        return arn
    kind = "a multi-Region key" if "key/mrk-" in arn else "an alias" if "alias/" in arn else "no key's ARN"
    raise refuse(
        f"is {kind}, which App Runner does not take: give the key's ARN with its UUID, "
        "arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
    )


def _variable_name(name: str) -> str:
    if names.is_reserved_variable(name):
        raise refuse(
            f"is reserved: App Runner sets {names.RESERVED_VARIABLE} itself (to `port`) "
            f"and keeps names that begin with {names.RESERVED_VARIABLE_PREFIX}"
        )
    return name


def _tag_key(key: str) -> str:
    if key.lower().startswith("aws:"):
        raise refuse("is not a tag key of yours: aws: is kept by AWS")
    return _tag_text(key)


def _tag_text(text: str) -> str:
    # What every service that gets them takes: IAM is the strictest.
    if not all(char.isalnum() or char in " _.:/=+-@" for char in text):
        raise refuse(
            "holds a character that AWS takes in no tag: letters, digits, spaces and _ . : / = + - @ are possible"
        )
    return text


def _schedule_tag(value: str) -> str:
    if not value:
        raise invalid("must not be empty", "EventBridge Scheduler refuses an empty value. Set one, or remove the tag")
    return value


def _policy_document(document: str) -> str:
    try:
        statements: Any = json.loads(document)["Statement"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise refuse('is not a policy document: JSON text with "Statement"') from None
    every = cast(list[Any], statements if isinstance(statements, list) else [statements])
    if not every or any(not statement or type(statement) is not dict for statement in every):
        raise refuse("is a policy document that says nothing: give it a statement or leave it out")
    return document


def distinct(what: str) -> AfterValidator:
    """Return a rule for a list in which nothing stands twice, as far as its items are known."""

    def check(items: Sequence[Any]) -> Sequence[Any]:
        if problem := repeated(what)(items):
            raise refuse(problem)
        return items

    return AfterValidator(check)


def repeated(what: str) -> Callable[[Sequence[Any]], str | None]:
    """Return what says which item of a list stands in it twice."""

    def problem(items: Sequence[Any]) -> str | None:
        known = [item for item in items if isinstance(item, str)]
        twice = sorted({item for item in known if known.count(item) > 1})
        return f"names {what} {' and '.join(twice)} more than once" if twice else None

    return problem


_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,63}")
_SECRETS_VARIABLE = re.compile(r"(?=.{1,64}\Z)[A-Z]+[0-9]*(?:_(?:[A-Z]+[0-9]*|[0-9]+))*")
"""A name such as DATABASE_PASSWORD or S3_KEY. Key and value of a secret may be swapped, and many a secret is letters
and digits: what is written in another way is not shown."""


def display_secret_name(name: str, place: int) -> str:
    """Return the name of a secret's variable as messages may show it; `place` counts from 1."""
    return name if _SECRETS_VARIABLE.fullmatch(name) else f"(key {place})"


VariableName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=limits.VARIABLE_LENGTH),
    AfterValidator(_variable_name),
    Sensitive(form=_VARIABLE),
]
VariableValue = Annotated[str, StringConstraints(max_length=limits.VARIABLE_LENGTH), Sensitive()]
Environment = In[Mapping[VariableName, In[VariableValue]]]
"""Environment variables by name."""

SecretName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=limits.SECRET_LENGTH),
    AfterValidator(_variable_name),
    Sensitive(form=_SECRETS_VARIABLE),
]
SENSITIVE_UNLESS_ARN = Sensitive(but_for="arn:")
"""Somebody may write a secret itself where its reference belongs."""
SecretReference = Annotated[str, StringConstraints(min_length=1, max_length=limits.SECRET_LENGTH), SENSITIVE_UNLESS_ARN]

TagKey = Annotated[str, StringConstraints(min_length=1, max_length=limits.TAG_KEY_LENGTH), AfterValidator(_tag_key)]
TagValue = Annotated[str, StringConstraints(max_length=limits.TAG_VALUE_LENGTH), AfterValidator(_tag_text)]
Tags = In[Mapping[TagKey, In[TagValue]]]
"""Tags by key: 1 to 128 characters, not beginning with aws:; values 0 to 256. Letters, digits, spaces, _ . : / = + -
@."""
ScheduleTags = In[Mapping[TagKey, In[Annotated[TagValue, AfterValidator(_schedule_tag)]]]]
"""Tags that EventBridge Scheduler gets as well: values of 1 to 256 characters."""

Name = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=64),
    Described("a name: letters, digits, hyphens and underscores, beginning with a letter or digit"),
]
"""A key that becomes part of resources' names."""

RoleArn = Annotated[str, aws_assigned(arns.ROLE, "a role's ARN: arn:aws:iam::ACCOUNT:role/NAME")]
AssumableRoleArn = Annotated[str, aws_assigned(arns.ASSUMABLE_ROLE, "a role's ARN: arn:aws:iam::ACCOUNT:role/NAME")]
PolicyArn = Annotated[str, aws_assigned(arns.POLICY, "a policy's ARN: arn:aws:iam::ACCOUNT:policy/NAME")]
PolicyDocument = Annotated[str, AfterValidator(_policy_document), Sensitive()]
_KEYS_NAME = re.compile(r"arn:.*|alias/[A-Za-z0-9/_-]+|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KmsKeyArn = Annotated[str, AwsAssigned(_kms_key), Sensitive(form=_KEYS_NAME)]
AnyKmsKeyArn = Annotated[
    str,
    aws_assigned(arns.ANY_KMS_KEY, "a KMS key's ARN: arn:aws:kms:REGION:ACCOUNT:key/ID (no alias)"),
    SENSITIVE_UNLESS_ARN,
]
"""A key of any kind, multi-Region keys too, which App Runner's own encryption does not take."""
ServiceArn = Annotated[
    str, aws_assigned(arns.SERVICE, "an App Runner service's ARN: arn:aws:apprunner:REGION:ACCOUNT:service/NAME/ID")
]
SecurityGroupId = Annotated[str, aws_assigned(re.compile(r"sg-[0-9a-zA-Z-]+"), "a security group's id: sg-...")]
SubnetId = Annotated[str, aws_assigned(re.compile(r"subnet-[0-9a-zA-Z-]+"), "a subnet's id: subnet-...")]
VpcId = Annotated[str, aws_assigned(re.compile(r"vpc-[0-9a-zA-Z-]+"), "a VPC's id: vpc-...")]

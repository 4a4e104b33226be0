"""Rules about whose key encrypts what a service stores."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, cast

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity
from pulumi_policy.proxy import UnknownValueError

from apprunner_facts import arns, source
from apprunner_facts.tokens import KMS_KEY, SERVICE
from apprunner_policies.rule import Rule, Stack, StackRule, read

_BLOCK = "encryptionConfiguration"
_KEY = f"{_BLOCK}.kmsKey"
_FORM = "arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
_REPLACES = (
    "A change of the key replaces the service, and with it what has its ARN, custom domains too. Names of services are "
    "unique, so it takes deleteBeforeReplace and an outage, or a second service to which the traffic is moved."
)


def _key_is_set(args: ResourceValidationArgs) -> Iterator[str]:
    block = read(args, _BLOCK)
    given = isinstance(block, Mapping) and "kmsKey" in list(cast(Mapping[str, Any], block))
    if given:
        with suppress(UnknownValueError):  # what will be known later is set
            given = bool(read(args, _KEY))
    if not given:
        yield (
            f"{_KEY} is not set: App Runner encrypts its copy of the source and the service's logs with a key of "
            f"AWS's, over whose policy and rotation the account has no say. Set it to the ARN of your own key: {_FORM}."
        )


def _key_has_the_form(service: PolicyResource, stack: Stack) -> Iterator[str]:
    copied = [key for key in stack.referred(service, _BLOCK, KMS_KEY) if read(key, "multiRegion") is True]
    for key in copied:
        yield (
            f"{_KEY} comes from the aws.kms.Key {key.name}, whose multiRegion is true: App Runner takes no "
            f"multi-Region key. Set {_KEY} to the arn of an aws.kms.Key whose multiRegion is false."
        )
    if copied:
        return
    written = read(service, _KEY)
    if written is None or (isinstance(written, str) and arns.KMS_KEY.fullmatch(written)):
        return
    yield f'{_KEY} is "{written}", {_mistake(str(written))}. Set it to the ARN of a single-Region key: {_FORM}.'


def _mistake(written: str) -> str:
    resource = written.rsplit(":", 1)[-1]
    if resource.startswith("alias/"):
        return "an alias, but App Runner takes a key's ARN only"
    if resource.removeprefix("key/").startswith("mrk-"):
        return "a multi-Region key, but App Runner takes single-Region keys only"
    if ":" not in written:
        return "no ARN, but App Runner takes a key's ARN only"
    return "which is not a KMS key's ARN"


customer_key_required = Rule(
    "customer-key-required",
    resource_types=[SERVICE],
    checks=[_key_is_set],
    description="What App Runner stores of a service is encrypted with a KMS key of the customer's.",
    remediation=f"Set {_KEY} to the ARN of a KMS key. {_REPLACES}",
    source=source.ENCRYPTION_CONFIGURATION,
    level=EnforcementLevel.DISABLED,
    severity=Severity.MEDIUM,
)

encryption_key_form = StackRule(
    "encryption-key-form",
    resource_types=[SERVICE],
    checks=[_key_has_the_form],
    description="The key that encrypts what App Runner stores is given by its ARN, and is a single-Region key.",
    remediation=f"Set {_KEY} to the arn of an aws.kms.Key without multiRegion, never to an alias or an id. {_REPLACES}",
    source=source.ENCRYPTION_CONFIGURATION,
    severity=Severity.HIGH,
)

RULES = (customer_key_required, encryption_key_form)

"""Rules about the encryption key."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import arns, source
from apprunner_facts.tokens import KMS_KEY, SERVICE
from apprunner_policies.properties import is_set, known_text, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.stack import Stack

_BLOCK = "encryptionConfiguration"
_KEY = f"{_BLOCK}.kmsKey"
_FORM = "arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
_AWS_ALIAS = "alias/aws/"
_REPLACES = (
    "A new key replaces the service and everything that has its ARN, custom domains included. Service names are "
    "unique, so the replacement requires deleteBeforeReplace and an outage, or a second service that takes over the "
    "traffic."
)

customer_key_required = Rule(
    "customer-key-required",
    resource_types=[SERVICE],
    description="A customer-managed KMS key encrypts what App Runner stores of a service.",
    remediation_steps=f"Set {_KEY} to the ARN of a KMS key. {_REPLACES}",
    source=source.ENCRYPTION_CONFIGURATION,
    level=EnforcementLevel.DISABLED,
    severity=Severity.MEDIUM,
)


@customer_key_required.check
def _key_is_set(service: ResourceValidationArgs) -> Iterator[str]:
    value(service, _BLOCK)  # an unknown block may be without a key
    if not is_set(service, _KEY):
        yield (
            f"{_KEY} must be set. Without it App Runner encrypts its copy of the source and the service's logs with an "
            f"AWS-owned key, whose policy and rotation you do not control. Set it to the ARN of your key: {_FORM}."
        )
    elif (key := known_text(service, _KEY)) is not None and _AWS_ALIAS in key:
        yield (
            f"{_KEY} must be a key of your own, got {key}, the alias of a key of AWS. You control neither its policy "
            f"nor its rotation. Set it to the ARN of your key: {_FORM}."
        )


encryption_key_form = StackRule(
    "encryption-key-form",
    resource_types=[SERVICE],
    native=True,
    description="The encryption key is the ARN of a single-Region KMS key.",
    remediation_steps=(
        f"Set {_KEY} to the arn of an aws.kms.Key without multiRegion, not to an alias or an id. {_REPLACES}"
    ),
    source=source.ENCRYPTION_CONFIGURATION,
    severity=Severity.HIGH,
)


@encryption_key_form.check
def _key_has_the_form(service: PolicyResource, stack: Stack) -> Iterator[str]:
    multi_region = [key for key in stack.referenced(service, _BLOCK, KMS_KEY) if value(key, "multiRegion") is True]
    for key in multi_region:
        yield (
            f"{_KEY} must be a single-Region key, got the aws.kms.Key {key.name}, whose multiRegion is true. "
            f"Set {_KEY} to the arn of an aws.kms.Key whose multiRegion is false."
        )
    if multi_region:
        return
    key = value(service, _KEY)
    if key is None or (isinstance(key, str) and arns.KMS_KEY.fullmatch(key)):
        return
    yield f'{_KEY} must be the ARN of a single-Region key, got {_kind(str(key))} "{key}". Set it to an ARN: {_FORM}.'


def _kind(key: str) -> str:
    resource = key.rsplit(":", 1)[-1]
    if resource.startswith("alias/"):
        return "the alias"
    if resource.removeprefix("key/").startswith("mrk-"):
        return "the multi-Region key"
    return "the id" if ":" not in key else "the ARN"


RULES = (customer_key_required, encryption_key_form)

"""Rules about whose key encrypts what a service stores."""

from collections.abc import Iterator

from pulumi_policy import EnforcementLevel, PolicyResource, ResourceValidationArgs, Severity

from apprunner_facts import arns, source
from apprunner_facts.tokens import KMS_KEY, SERVICE
from apprunner_policies.properties import is_set, value
from apprunner_policies.rule import Rule, StackRule
from apprunner_policies.stack import Stack

_BLOCK = "encryptionConfiguration"
_KEY = f"{_BLOCK}.kmsKey"
_FORM = "arn:aws:kms:REGION:ACCOUNT:key/xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"
_REPLACES = (
    "A change of the key replaces the service, and with it what has its ARN, custom domains too. Names of services are "
    "unique, so it takes deleteBeforeReplace and an outage, or a second service to which the traffic is moved."
)

customer_key_required = Rule(
    "customer-key-required",
    resource_types=[SERVICE],
    description="What App Runner stores of a service is encrypted with a KMS key of the customer's.",
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
            f"{_KEY} is not set: App Runner encrypts its copy of the source and the service's logs with a key of "
            f"AWS's, over whose policy and rotation the account has no say. Set it to the ARN of your own key: {_FORM}."
        )


encryption_key_form = StackRule(
    "encryption-key-form",
    resource_types=[SERVICE],
    description="The key that encrypts what App Runner stores is given by its ARN, and is a single-Region key.",
    remediation_steps=(
        f"Set {_KEY} to the arn of an aws.kms.Key without multiRegion, never to an alias or an id. {_REPLACES}"
    ),
    source=source.ENCRYPTION_CONFIGURATION,
    severity=Severity.HIGH,
)


@encryption_key_form.check
def _key_has_the_form(service: PolicyResource, stack: Stack) -> Iterator[str]:
    multi_region = [key for key in stack.referenced(service, _BLOCK, KMS_KEY) if value(key, "multiRegion") is True]
    for key in multi_region:
        yield (
            f"{_KEY} comes from the aws.kms.Key {key.name}, whose multiRegion is true: App Runner takes no "
            f"multi-Region key. Set {_KEY} to the arn of an aws.kms.Key whose multiRegion is false."
        )
    if multi_region:
        return
    key = value(service, _KEY)
    if key is None or (isinstance(key, str) and arns.KMS_KEY.fullmatch(key)):
        return
    yield f'{_KEY} is "{key}", {_mistake(str(key))}. Set it to the ARN of a single-Region key: {_FORM}.'


def _mistake(written: str) -> str:
    resource = written.rsplit(":", 1)[-1]
    if resource.startswith("alias/"):
        return "an alias, but App Runner takes a key's ARN only"
    if resource.removeprefix("key/").startswith("mrk-"):
        return "a multi-Region key, but App Runner takes single-Region keys only"
    if ":" not in written:
        return "no ARN, but App Runner takes a key's ARN only"
    return "which is not a KMS key's ARN"


RULES = (customer_key_required, encryption_key_form)

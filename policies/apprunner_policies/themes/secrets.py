"""Rules about secrets in plain text."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from pulumi_policy import ResourceValidationArgs, Severity

from apprunner_facts import source
from apprunner_facts.tokens import SERVICE
from apprunner_policies.plaintext import by_form, reason
from apprunner_policies.properties import UnknownValues, as_items, text
from apprunner_policies.references import is_secret_reference
from apprunner_policies.rule import Rule
from apprunner_policies.services import COMMANDS, SECRETS, VARIABLES, as_sent, members

no_plaintext_secrets = Rule(
    "no-plaintext-secrets",
    resource_types=[SERVICE],
    description="Environment variables and commands contain no secrets; secrets are bound by reference.",
    remediation_steps=(
        "Store the value in Secrets Manager or SSM Parameter Store, put its ARN into runtimeEnvironmentSecrets under "
        "the same name, and allow the instance role to read it. Rotate a secret that was deployed in plain text. Add "
        "variables that only look like secrets to allowedNames."
    ),
    source=source.ENVIRONMENT_VARIABLES,
    severity=Severity.CRITICAL,
    config={
        "allowedNames": {
            "type": "array",
            "items": {"type": "string"},
            "default": [],
            "description": "Names of variables that are not checked; * matches any characters, and case matters.",
        }
    },
)


@no_plaintext_secrets.check
def _no_plain_variables(service: ResourceValidationArgs) -> Iterator[str]:
    for configuration, name, content in members(service, VARIABLES):
        why = None if _is_allowed(name, service) or content is None else reason(name, as_sent(content))
        if why:
            yield (
                f"{configuration}.{VARIABLES}.{name} must not be a secret in plain text: {why}. Everybody who can read "
                "the service, its state or its logs can read it. Rotate it, store the new value in Secrets Manager or "
                f"Parameter Store, and set {configuration}.{SECRETS}.{name} to its ARN. If it is no secret, add the "
                "variable's name to the rule's allowedNames."
            )


@no_plaintext_secrets.check
def _secrets_are_references(service: ResourceValidationArgs) -> Iterator[str]:
    for configuration, name, content in members(service, SECRETS):
        if content is not None and not _is_allowed(name, service) and not is_secret_reference(as_sent(content)):
            path = f"{configuration}.{SECRETS}.{name}"
            yield (
                f"{path} must be the ARN of a secret in Secrets Manager, or the ARN or name of a parameter. If it is "
                "the secret itself, rotate it, store the new value in Secrets Manager or Parameter Store, and set "
                f"{path} to its ARN."
            )


@no_plaintext_secrets.check
def _no_plain_commands(service: ResourceValidationArgs) -> Iterator[str]:
    unknowns = UnknownValues()
    for path in COMMANDS:
        with unknowns:
            command = text(service, path)
            configuration, _, key = path.rpartition(".")
            why = by_form(command.strip(), key) if command is not None else None
            if why:
                yield (
                    f"{path} must not contain a secret in plain text: {why}. Everybody who can read the service or its "
                    "state can read it. Rotate it, store the new value in Secrets Manager or Parameter Store, bind it "
                    f"to a variable in {configuration}.{SECRETS}, and read that variable in the command. If it is no "
                    "secret, waive the rule for this service."
                )
    unknowns.raise_first()


def _is_allowed(name: str, service: ResourceValidationArgs) -> bool:
    patterns = as_items(service.get_config().get("allowedNames"))
    return any(fnmatchcase(name, str(each)) for each in patterns)


RULES = (no_plaintext_secrets,)

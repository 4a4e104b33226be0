"""The pack's violations for other people's programs in corpus/, each with the reason why it is correct.

They are public examples of App Runner, translated from Terraform and TypeScript with the same inputs. The values of
their variables are invented. Each runs as a stack named prod, with every rule at its default level.
"""

import runpy
from pathlib import Path
from typing import Any

import pytest

from apprunner_policies import POLICIES
from pulumi_apprunner.offline.evaluate import evaluate
from pulumi_apprunner.offline.policies.report import Report
from pulumi_apprunner.testing import run

FOLDER = Path(__file__).parent / "corpus"
PROGRAMS = sorted(path.stem for path in FOLDER.glob("*.py"))
CONFIG = {"supported-runtime": {"today": "2026-11-24"}}

REGIONS = {"cloudwatch_dashboard": "eu-west-1", "exam_rekognition": "eu-west-1", "wam_message": "eu-west-3"}
"""The region of a program whose image address names one."""

Expected = dict[str, dict[str, str]]
"""The rules that each resource violates, by its name, with the reason."""

PLAIN = {
    "service-protected-in-prod": "a stack called prod is production, and the program protects nothing",
    "prod-min-instances": "it has no auto scaling configuration, so that one instance is all there is",
    "egress-explicit": "egress is not set: advisory, since the provider keeps the value in AWS",
    "ingress-explicit": "ingress is not set: advisory, since the provider keeps the value in AWS",
    "http-health-check": "no health check is set, and TCP passes while every request fails: advisory",
    "immutable-image-in-prod": "the tag is latest: advice",
    "private-or-firewalled": "it is public, and no web ACL protects it: advisory",
    "alarms-present": "no alarm reports a failure: advisory",
}
"""The violations of a production service with default settings, such as most examples."""


def without(*rules: str) -> dict[str, str]:
    """Return the violations of a service with default settings, without some rules."""
    return {rule: why for rule, why in PLAIN.items() if rule not in rules}


EXPECTED: dict[str, Expected] = {
    "app_runner_example": {
        "app-runner": PLAIN
        | {"access-role-consistency": "the access role has no policy, so that it may not pull the private image"}
    },
    "apprunner_demo": {"this": PLAIN},
    "apprunner_sample": {"sample": PLAIN},
    "cloudwatch_dashboard": {"service": without("immutable-image-in-prod")},
    "exam_rekognition": {
        "service": without("immutable-image-in-prod"),
        "role_for_apprunner_service": {
            "no-wildcard-permissions": "s3:*, rekognition:* and cloudwatch:* on everything, for an application that "
            "looks at pictures"
        },
    },
    "github_deployer": {
        "core-infra-role": {"github-role-scoped": "repo:example/* lets every repository of the owner take the role"},
    },
    "hello_world_app": {
        "example": PLAIN
        | {"access-role-consistency": "an image of private ECR, and no role to pull it: App Runner rejects the service"}
    },
    "modjo_playground": {"hello_world": PLAIN},
    "mysql_module": {
        "app_scaling": {"prod-min-instances": "it sets one instance itself"},
        "app_services": without("prod-min-instances"),
    },
    "mysql_module_under_test": {
        "app_scaling": {"prod-min-instances": "it sets one instance itself"},
        "app_services": without("prod-min-instances")
        | {
            "access-role-consistency": "a public image with a role: App Runner rejects it",
            "auto-deploy-consistency": "left to the provider's default, true, which a public image cannot have",
        },
    },
    "provider_docs_code": {
        "example": without("immutable-image-in-prod")
        | {
            "supported-runtime": "PYTHON_3 went out of support on 2025-12-01: there is PYTHON_311",
            "connection-available": "the same program creates the connection, so its handshake is pending: advisory",
        }
    },
    "provider_docs_connector": {},
    "provider_docs_domain": {
        "example": {
            "custom-domain-records-kept": "no validation record is created; another stack may have them: advisory"
        }
    },
    "provider_docs_image": {
        "example": PLAIN
        | {"auto-deploy-consistency": "left to the provider's default, true, which a public image cannot have"}
    },
    "provider_docs_scaling": {},
    "provider_docs_tracing": {
        "example": PLAIN | {"tracing-grants": "it is traced, and has no role that may send traces: they are lost"}
    },
    "provider_tests_ingress": {"test": without("ingress-explicit", "private-or-firewalled")},
    "pulumi_cdk_example": {"service": without("egress-explicit")},
    "retail_store_orders": {
        "orders": without("egress-explicit", "ingress-explicit", "immutable-image-in-prod", "private-or-firewalled")
    },
    "stocks_platform": {
        "backend": PLAIN
        | {
            "no-plaintext-secrets": "a password and an address are plain values instead of references",
            "reserved-environment-names": "PORT is App Runner's own",
        }
    },
    "turboviewer": {
        "example": PLAIN
        | {
            "secrets-grant-matches": "a secret of Secrets Manager is bound, and the role may only read parameters",
            "access-role-consistency": "the access role has no policy, so that it may not pull the private image",
        }
    },
    "wam_message": {"wamserver": PLAIN},
}

OF_PRODUCTION = {
    "alarms-present",
    "immutable-image-in-prod",
    "private-or-firewalled",
    "prod-min-instances",
    "service-protected-in-prod",
}
"""Rules that apply in production only."""


def evaluate_program(name: str, stack: str) -> Report:
    program: Any = runpy.run_path(str(FOLDER / f"{name}.py"))["program"]
    return evaluate(run(program, stack=stack, config={"aws:region": REGIONS.get(name, "us-east-1")}), POLICIES, CONFIG)


def violated(result: Report) -> set[tuple[str, str]]:
    return {(each.resource.rpartition("::")[2], each.policy) for each in result.violations}


def expected(name: str) -> set[tuple[str, str]]:
    return {(resource, rule) for resource, rules in EXPECTED[name].items() for rule in rules}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_violations_of_a_program_in_production(name: str) -> None:
    result = evaluate_program(name, "prod")

    assert violated(result) == expected(name)
    assert not result.skipped


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_violations_of_a_program_outside_production(name: str) -> None:
    assert violated(evaluate_program(name, "dev")) == {each for each in expected(name) if each[1] not in OF_PRODUCTION}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_names_its_origin(name: str) -> None:
    assert runpy.run_path(str(FOLDER / f"{name}.py"))["ORIGIN"].startswith("https://github.com/")


def test_every_program_has_expected_violations() -> None:
    assert sorted(EXPECTED) == PROGRAMS
    assert len(PROGRAMS) >= 20

"""Programs that are not ours, in corpus/, held against the pack: what it says of each, and why that is right.

They are public examples of App Runner, translated from Terraform and TypeScript with the inputs that they give; values
that their variables would have are made up. Each is judged as a stack called prod, with every rule at its own level.
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
"""The region that a program is run in, where its image's address names it."""

Judged = dict[str, dict[str, str]]
"""By the name of a resource: which rules it breaks, and why that is right."""

PLAIN = {
    "service-protected-in-prod": "a stack called prod is production, and the program protects nothing",
    "prod-min-instances": "it has no auto scaling configuration, so that one instance is all there is",
    "egress-explicit": "nothing is said of egress: advice, since the provider keeps what AWS has",
    "ingress-explicit": "nothing is said of ingress: advice, since the provider keeps what AWS has",
    "http-health-check": "no health check is given, and TCP passes while every request fails: advice",
    "immutable-image-in-prod": "the tag is latest: advice",
    "private-or-firewalled": "it is open to the internet, and no web ACL stands in front of it: advice",
    "alarms-present": "nothing would tell that it fails: advice",
}
"""What a service that leaves everything to defaults is told in production, as most examples are."""


def without(*rules: str) -> dict[str, str]:
    """Return what a plain service is told, but for some rules."""
    return {rule: why for rule, why in PLAIN.items() if rule not in rules}


JUDGED: dict[str, Judged] = {
    "app_runner_example": {"app-runner": PLAIN},
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
        | {"access-role-consistency": "an image of private ECR, and no role to pull it: App Runner refuses the service"}
    },
    "modjo_playground": {"hello_world": PLAIN},
    "mysql_module": {
        "app_scaling": {"prod-min-instances": "it says one instance itself"},
        "app_services": without("prod-min-instances"),
    },
    "mysql_module_under_test": {
        "app_scaling": {"prod-min-instances": "it says one instance itself"},
        "app_services": without("prod-min-instances")
        | {
            "access-role-consistency": "a public image with a role: App Runner refuses it",
            "auto-deploy-consistency": "left to the provider's default, true, which a public image cannot have",
        },
    },
    "provider_docs_code": {
        "example": without("immutable-image-in-prod")
        | {
            "supported-runtime": "PYTHON_3 went out of support on 2025-12-01: there is PYTHON_311",
            "connection-available": "the connection is made in the same program, so its handshake is pending: advice",
        }
    },
    "provider_docs_connector": {},
    "provider_docs_domain": {
        "example": {"custom-domain-records-kept": "no validation record is made; they may stand elsewhere: advice"}
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
            "no-plaintext-secrets": "a password and an address stand by value where references belong",
            "reserved-environment-names": "PORT is App Runner's own",
        }
    },
    "turboviewer": {
        "example": PLAIN
        | {"secrets-grant-matches": "a secret of Secrets Manager is bound, and the role may only read parameters"}
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
"""Rules that leave other environments alone."""


def verdict(name: str, stack: str) -> Report:
    program: Any = runpy.run_path(str(FOLDER / f"{name}.py"))["program"]
    return evaluate(run(program, stack=stack, config={"aws:region": REGIONS.get(name, "us-east-1")}), POLICIES, CONFIG)


def said(found: Report) -> set[tuple[str, str]]:
    return {(each.resource.rpartition("::")[2], each.policy) for each in found.violations}


def expected(name: str) -> set[tuple[str, str]]:
    return {(resource, rule) for resource, rules in JUDGED[name].items() for rule in rules}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_violations_of_a_program_in_production(name: str) -> None:
    found = verdict(name, "prod")

    assert said(found) == expected(name)
    assert not found.skipped


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_violations_of_a_program_outside_production(name: str) -> None:
    assert said(verdict(name, "dev")) == {each for each in expected(name) if each[1] not in OF_PRODUCTION}


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_names_its_origin(name: str) -> None:
    assert runpy.run_path(str(FOLDER / f"{name}.py"))["ORIGIN"].startswith("https://github.com/")


def test_every_program_has_expected_violations() -> None:
    assert sorted(JUDGED) == PROGRAMS
    assert len(PROGRAMS) >= 20

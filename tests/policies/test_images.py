"""What all rules about images have in common."""

from typing import Any

import pulumi_aws as aws
import pytest

from apprunner_policies.themes.access import access_role_consistency
from apprunner_policies.themes.images import (
    auto_deploy_consistency,
    immutable_image_in_prod,
    registry_allow_list,
)
from apprunner_policies.themes.limits import service_limits
from policies.image_sources import REGISTRIES, image


@pytest.mark.parametrize("props", [{}, {"sourceConfiguration": None}, {"sourceConfiguration": ["ECR"]}, image(["ECR"])])
@pytest.mark.parametrize("rule", [auto_deploy_consistency, access_role_consistency, registry_allow_list])
def test_a_source_of_the_wrong_type_is_left_to_the_provider(check_rule, rule, props):
    assert check_rule(rule, props, config=REGISTRIES).clean


@pytest.mark.parametrize("identifier", ["user:hunter2@ghcr.io/acme/shop:latest", "https://hunter2@ghcr.io/acme/shop"])
@pytest.mark.parametrize("rule", [immutable_image_in_prod, registry_allow_list, service_limits])
def test_credentials_in_an_images_address_are_not_shown(report, identifier, rule):
    def program():
        repository = {"image_repository_type": "ECR", "image_identifier": identifier}
        source: Any = {"image_repository": repository}
        aws.apprunner.Service("api", service_name="orders-api", source_configuration=source)

    config = {"registry-allow-list": {"registries": ["*.amazonaws.com/*"]}}
    (violation,) = report(program, rule, config=config).violations

    assert "ghcr.io/acme/shop" in violation.message
    assert "hunter2" not in violation.message

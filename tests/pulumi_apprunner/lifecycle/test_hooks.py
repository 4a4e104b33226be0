"""What is tried again, what is explained, and what the hooks are called."""

from typing import Any

import pulumi
import pytest

from localaws.apprunner import AppRunner
from localaws_tests.asking import running
from pulumi_apprunner import AppRunnerService, CustomDomain, Lifecycle
from pulumi_apprunner.lifecycle import service_hooks
from pulumi_apprunner.lifecycle.access import Access
from pulumi_apprunner.testing import Graph, run
from samples import PUBLIC_IMAGE, SERVICE_ARN

NEW_ROLE = "InvalidRequestException: Error in assuming access role arn:aws:iam::123456789012:role/orders"
TAKEN = "InvalidRequestException: Service with the provided name already exists: orders."
URN = "urn:pulumi:prod::shop::apprunner:index:AppRunnerService$aws:apprunner/service:Service::api-service"


def again(*errors: str, operation: str = "create", **said: Any) -> bool:
    """Tell whether a create of the service orders is tried again after these errors, the newest first."""
    answers: list[bool] = []

    async def program() -> None:
        hooks = service_hooks("api", "AppRunnerService 'api'", Lifecycle(**said), Access(region="eu-west-1"))
        assert hooks is not None
        assert hooks.on_error is not None
        type = "aws:apprunner/service:Service"
        inputs = {"serviceName": "orders"}
        given = pulumi.ErrorHookArgs(URN, "", "api-service", type, inputs, None, None, operation, list(errors))
        answers.append(await hooks.on_error[0].callback(given))  # type: ignore[misc]

    global told
    told = run(program)
    return answers[0]


told: Graph


def test_a_create_is_tried_again_while_the_access_role_cannot_be_assumed(plane: AppRunner) -> None:
    assert again(NEW_ROLE)
    assert again(NEW_ROLE.upper(), NEW_ROLE)


def test_it_is_said_once_that_it_is_tried_again(plane: AppRunner) -> None:
    again(NEW_ROLE)
    assert any("trying again" in message for message in told.messages)
    again(NEW_ROLE, NEW_ROLE)
    assert told.messages == ()


def test_it_is_not_tried_for_ever(plane: AppRunner) -> None:
    assert not again(*[NEW_ROLE] * 40)
    assert not again(NEW_ROLE, retry_access_role_seconds=0)


def test_only_the_newest_error_counts(plane: AppRunner) -> None:
    assert not again("AccessDeniedException: not you", NEW_ROLE)


@pytest.mark.parametrize("operation", ["update", "delete"])
def test_only_a_create_is_tried_again(plane: AppRunner, operation: str) -> None:
    assert not again(NEW_ROLE, operation=operation)


def test_a_service_that_exists_is_not_made_twice(client: Any, plane: AppRunner) -> None:
    running(client, plane)
    assert not again(NEW_ROLE)


def test_a_name_that_is_taken_is_explained_with_the_line_that_adopts_the_service(client: Any, plane: AppRunner) -> None:
    arn = running(client, plane)
    assert not again(TAKEN)
    (message,) = told.messages
    parent = "urn:pulumi:prod::shop::apprunner:index:AppRunnerService::api"
    assert f"pulumi import aws:apprunner/service:Service api-service {arn} --parent 'parent={parent}' " in message


def test_nothing_is_tried_again_where_it_is_not_known_whether_the_service_exists(
    plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL_APPRUNNER", "http://127.0.0.1:1")
    assert not again(NEW_ROLE)
    assert any("could not be looked up" in message for message in told.messages)


def test_the_hooks_names_begin_with_the_components() -> None:
    def program() -> None:
        AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        CustomDomain("shop", {"domain_name": "shop.example.com", "service_arn": SERVICE_ARN})

    graph = run(program)
    assert graph.the("aws:apprunner/service:Service").hooks == {
        "before_update": ("api-before-update",),
        "on_error": ("api-retry-create",),
    }
    assert graph.the("aws:apprunner/customDomainAssociation:CustomDomainAssociation").hooks == {
        "before_create": ("shop-before-create",),
        "on_error": ("shop-retry-delete",),
    }


def test_no_delete_hook_stands_in_the_way_of_a_plain_destroy() -> None:
    def program() -> None:
        AppRunnerService("api", {"image": {"identifier": PUBLIC_IMAGE}})
        CustomDomain("shop", {"domain_name": "shop.example.com", "service_arn": SERVICE_ARN})

    moments = {moment for each in run(program).resources for moment in each.hooks}
    assert moments == {"before_update", "before_create", "on_error"}

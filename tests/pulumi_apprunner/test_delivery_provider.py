"""The identity provider of a GitHubDelivery: new, imported or existing, and of an enterprise."""

from typing import Any

import pytest

from deliveries import ISSUER, PROVIDER, delivery_graph, trusted
from plans import dependencies
from pulumi_apprunner import GitHubProvider
from samples import GITHUB_PROVIDER_ARN
from services import ROLE


def test_a_new_provider_stays_in_aws_and_has_no_thumbprints() -> None:
    graph = delivery_graph(provider=GitHubProvider(), tags={"team": "orders"})
    provider = graph.one(PROVIDER)
    assert provider.name == "delivery-provider"
    assert provider.inputs == {
        "url": f"https://{ISSUER}",
        "clientIdLists": ["sts.amazonaws.com"],
        "tags": {"team": "orders"},
    }
    assert provider.retain_on_delete
    assert provider.import_id is None
    assert graph.named("delivery").outputs["providerArn"] == GITHUB_PROVIDER_ARN
    assert "delivery-provider" in dependencies(graph, graph.one(ROLE))


def test_an_imported_provider_keeps_its_audiences_and_tags() -> None:
    provider = delivery_graph(provider=GitHubProvider(import_arn=GITHUB_PROVIDER_ARN)).one(PROVIDER)
    assert provider.import_id == GITHUB_PROVIDER_ARN
    assert set(provider.ignore_changes) == {"clientIdLists", "tags", "thumbprintLists"}
    assert provider.retain_on_delete


@pytest.mark.parametrize(
    "args",
    [
        {"provider": GitHubProvider(enterprise="acme")},
        {"provider": GitHubProvider(import_arn=f"{GITHUB_PROVIDER_ARN}/acme")},
        {"provider_arn": f"{GITHUB_PROVIDER_ARN}/acme"},
    ],
    ids=["new", "imported", "existing"],
)
def test_the_issuer_of_an_enterprise_is_part_of_the_conditions(args: Any) -> None:
    (condition,) = trusted(**args)
    assert set(condition["StringEquals"]) == {f"{ISSUER}/acme:aud", f"{ISSUER}/acme:sub"}
    for provider in delivery_graph(**args).all(PROVIDER):
        assert provider["url"] == f"https://{ISSUER}/acme"

"""The stack's configuration: what it takes, and what it says of mistakes."""

from collections.abc import Callable
from typing import Any

import pulumi
import pytest

from pulumi_apprunner import ArgsError
from pulumi_apprunner.testing import Graph, ProjectError

Said = Callable[..., Graph]

ADMIN = {"image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"}, "egress": None}
SMALL: dict[str, Any] = {"environment": "staging", "services": {"site": ADMIN}}
EGRESS = {"vpcId": "vpc-1", "subnetIds": ["subnet-1", "subnet-2"]}


def refused(said: Said, settings: dict[str, Any], **more: Any) -> str:
    with pytest.raises(ArgsError) as caught:
        said(settings, **more)
    return str(caught.value)


def test_every_mistake_is_named_at_once_with_the_file_the_key_and_what_is_allowed(said: Said) -> None:
    settings = {
        "environment": "dev",
        "servises": {},
        "services": {"site": {**ADMIN, "scaling": {"minSize": 0}, "size": {"cpu": "2 vCPU", "memory": "3 GB"}}},
    }
    assert refused(said, settings).splitlines() == [
        "Pulumi.staging.yaml: invalid configuration",
        '  storefront:environment: must be "staging" or "prod", got "dev"',
        "  storefront:services.site.size.memory: must be 4 GB or 6 GB with 2 vCPU, got 3 GB",
        "  storefront:services.site.scaling.minSize: must be 1 to 25, got 0. App Runner always keeps at least one "
        "instance; use PauseSchedule to stop paying at night",
        '  storefront:servises: unknown argument "servises". Did you mean "services"? '
        "Valid arguments: egress, environment, services, tags, zones",
    ]


def test_a_missing_key_is_named_in_the_files_spelling(said: Said) -> None:
    text = refused(said, {**SMALL, "egress": {"orders": {"vpcId": "vpc-1"}}})
    assert "storefront:egress.orders.subnetIds: is required" in text


def test_a_whole_key_that_is_missing_is_found_before_the_program_as_the_cli_does(said: Said) -> None:
    with pytest.raises(ProjectError, match="Stack 'staging' is missing configuration value 'services'"):
        said({"environment": "staging"})


def test_a_misspelled_key_of_a_service_gets_a_suggestion_in_the_files_spelling(said: Said) -> None:
    text = refused(said, {**SMALL, "services": {"site": {**ADMIN, "healthchek": {}}}})
    assert 'storefront:services.site.healthchek: unknown argument "healthchek". Did you mean "healthCheck"?' in text


def test_an_egress_that_does_not_exist_is_named_with_those_that_do(said: Said) -> None:
    text = refused(said, {**SMALL, "egress": {"orders": EGRESS}, "services": {"site": {**ADMIN, "egress": "order"}}})
    assert "storefront:services.site.egress: 'order' does not stand in egress, where there is orders" in text


def test_a_zone_that_does_not_exist_is_named(said: Said) -> None:
    domains = [{"domainName": "shop.example.com", "zone": "public"}]
    text = refused(said, {**SMALL, "services": {"site": {**ADMIN, "domains": domains}}})
    assert "storefront:services.site.domains[0].zone: 'public' does not stand in zones, where there is none" in text


def test_a_service_takes_five_domains_and_no_sixth(said: Said) -> None:
    domains = [{"domainName": f"shop{number}.example.com"} for number in range(6)]
    text = refused(said, {**SMALL, "services": {"site": {**ADMIN, "domains": domains}}})
    assert "storefront:services.site.domains: must have at most 5 domains, got 6" in text
    graph = said({**SMALL, "services": {"site": {**ADMIN, "domains": domains[:5]}}})
    assert len(graph.all("aws:apprunner/customDomainAssociation:CustomDomainAssociation")) == 5


def test_a_domain_stands_once(said: Said) -> None:
    domains = [{"domainName": "shop.example.com"}, {"domainName": "Shop.example.com"}]
    text = refused(said, {**SMALL, "services": {"site": {**ADMIN, "domains": domains}}})
    assert (
        "storefront:services.site.domains: must contain each domain once, got shop.example.com more than once" in text
    )


ZONES = {"public": {"id": "Z0123456789ABCDEFGHIJ", "name": "example.com"}}
SAME_ZONE = {"again": {"id": "/hostedzone/Z0123456789ABCDEFGHIJ", "name": "example.com"}}
OTHER_ZONE = {"again": {"id": "Z0000000000OTHER", "name": "example.com"}}


def of_two_services(zones: dict[str, Any]) -> dict[str, Any]:
    apex = {"domainName": "example.com", "enableWwwSubdomain": True, "zone": "public"}
    www = {"domainName": "www.example.com", "zone": "again"}
    services = {"shop": {**ADMIN, "domains": [apex]}, "site": {**ADMIN, "domains": [www]}}
    return {**SMALL, "zones": {**ZONES, **zones}, "services": services}


def test_two_domains_that_need_one_record_are_refused(said: Said) -> None:
    text = refused(said, of_two_services(SAME_ZONE))
    assert (
        "storefront:services.site.domains[0].domainName: must be used once in a hosted zone, got www.example.com, "
        "which example.com of service shop also has. Each would overwrite the other's record on every update. Remove "
        "one of them, or set enableWwwSubdomain to false"
    ) in text


def test_one_host_in_two_zones_is_accepted(said: Said) -> None:
    assert len(said(of_two_services(OTHER_ZONE)).all("apprunner:index:CustomDomain")) == 2


def test_a_domain_belongs_to_one_service(said: Said) -> None:
    shop = {**ADMIN, "domains": [{"domainName": "shop.example.com"}]}
    text = refused(said, {**SMALL, "services": {"back-office": shop, "site": shop}})
    assert "storefront:services.site.domains[0].domainName: belongs to service back-office already" in text


def test_an_encrypted_value_is_refused_since_it_would_become_readable(said: Said) -> None:
    services = {"site": {**ADMIN, "environment": {"TOKEN": {"secure": "v1:canary"}}}}
    with pytest.raises(pulumi.RunError) as caught:
        said({**SMALL, "services": services})
    assert "Pulumi.staging.yaml: storefront:services holds an encrypted value" in str(caught.value)
    assert "canary" not in str(caught.value)


def test_a_number_in_the_environment_is_told_to_be_quoted(said: Said) -> None:
    text = refused(said, {**SMALL, "services": {"site": {**ADMIN, "environment": {"WORKERS": 4}}}})
    assert "storefront:services.site.environment.WORKERS: must be a string, got a number. Quote the value" in text


def test_prod_protects_unless_a_service_says_otherwise(said: Said) -> None:
    services = {"site": ADMIN, "trial": {**ADMIN, "protect": False}}
    graph = said({"environment": "prod", "services": services}, stack="prod")
    assert graph.named("site-service").protect is True
    assert graph.named("trial-service").protect is False


def test_a_domain_without_a_zone_hands_its_records_to_another_dns(said: Said) -> None:
    graph = said({**SMALL, "services": {"site": {**ADMIN, "domains": [{"domainName": "shop.example.com"}]}}})
    records = graph.exports["services"]["site"]["records"]["shop.example.com"]
    assert [each["type"] for each in records] == ["CNAME", "CNAME", "CNAME"]
    assert records[-1]["name"] == "shop.example.com"
    assert graph.all("aws:route53/record:Record") == ()


def test_a_stack_file_lays_itself_over_what_the_services_share(said: Said) -> None:
    api = {
        "image": {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1"},
        "egress": "orders",
        "healthCheck": {"path": "/up"},
        "environment": {"LOG_FORMAT": "text"},
    }
    graph = said({**SMALL, "egress": {"orders": EGRESS}, "services": {"api": api}})
    service = graph.named("api-service")
    assert service["healthCheckConfiguration"] == {
        "protocol": "HTTP",
        "path": "/up",
        "interval": 10,
        "timeout": 5,
        "healthyThreshold": 1,
        "unhealthyThreshold": 5,
    }
    variables = service["sourceConfiguration"]["imageRepository"]["imageConfiguration"]["runtimeEnvironmentVariables"]
    assert (variables["LOG_FORMAT"], variables["DATABASE_NAME"]) == ("text", "orders")


def test_null_takes_away_what_the_services_share(said: Said) -> None:
    api = {"image": {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1"}, "egress": None}
    graph = said({**SMALL, "egress": {"orders": EGRESS}, "services": {"api": api}})
    assert graph.named("api-service")["networkConfiguration"]["egressConfiguration"] == {"egressType": "DEFAULT"}


def test_a_service_of_which_nothing_is_said_is_what_the_services_share(said: Said) -> None:
    graph = said({**SMALL, "egress": {"back-office": EGRESS}, "services": {"admin": None}})
    assert graph.named("admin-service")["sourceConfiguration"]["imageRepository"]["imageRepositoryType"] == "ECR_PUBLIC"


def test_null_removes_a_variable_that_the_services_share(said: Said) -> None:
    api = {
        "image": {"identifier": "123456789012.dkr.ecr.eu-west-1.amazonaws.com/api:1"},
        "egress": None,
        "environment": {"LOG_FORMAT": None, "EXTRA": "1"},
    }
    service = said({**SMALL, "services": {"api": api}}).named("api-service")
    variables = service["sourceConfiguration"]["imageRepository"]["imageConfiguration"]["runtimeEnvironmentVariables"]
    assert "LOG_FORMAT" not in variables
    assert (variables["EXTRA"], variables["DATABASE_NAME"]) == ("1", "orders")


def test_null_for_anything_else_is_the_same_as_leaving_it_out(said: Said) -> None:
    site = {**ADMIN, "tags": {"team": None}, "scaling": {"maxSize": None}, "secrets": {"TOKEN": None}}
    graph = said({**SMALL, "tags": {"owner": None}, "zones": {"public": None}, "services": {"site": site}})
    assert set(graph.named("site-service")["tags"]) == {"environment", "project"}


@pytest.mark.parametrize("namespace", ["storefornt", "storfront", "Storefront", "store-front"])
def test_a_key_of_ours_in_a_misspelt_namespace_is_an_error(said: Said, namespace: str) -> None:
    text = refused(said, SMALL, raw={f"{namespace}:tags": {"team": "a"}})
    assert text.splitlines() == [
        "Pulumi.staging.yaml: invalid configuration",
        f'  {namespace}:tags: must be in the namespace "storefront", got "{namespace}". Write storefront:tags',
    ]


def test_a_misspelt_namespace_is_reported_together_with_the_other_problems(said: Said) -> None:
    text = refused(said, {**SMALL, "environment": "dev"}, raw={"storefornt:zones": {}})
    assert "storefront:environment: " in text
    assert "storefornt:zones: must be in the namespace" in text


@pytest.mark.parametrize("key", ["pulumi:tags", "azure:environment", "datadog:services", "storefornt:apiKey"])
def test_keys_of_other_programs_are_left_alone(said: Said, key: str) -> None:
    assert said(SMALL, raw={key: "x"}).named("site-service") is not None


def test_an_empty_tag_is_accepted_where_no_schedule_gets_it(said: Said) -> None:
    assert said({**SMALL, "tags": {"team": ""}}).named("site-service")["tags"]["team"] == ""


def test_an_empty_tag_that_a_schedule_would_get_is_an_error_in_the_file(said: Said) -> None:
    pause = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}
    services = {"site": {**ADMIN, "tags": {"owner": ""}, "pause": pause}}
    text = refused(said, {**SMALL, "tags": {"team": ""}, "services": services})
    why = (
        "The pause of service site creates a schedule group, which refuses an empty tag value. Set a value, or remove "
        "the tag"
    )
    assert f"storefront:tags.team: must not be empty, got ''. {why}" in text
    assert f"storefront:services.site.tags.owner: must not be empty, got ''. {why}" in text

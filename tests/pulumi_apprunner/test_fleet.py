"""Fleet: its components, their names, and its outputs."""

import dataclasses
from typing import Any

import pulumi
import pytest

from plans import children, plan, problems
from pulumi_apprunner import (
    AppRunnerServiceArgs,
    CustomDomainArgs,
    Fleet,
    FleetArgs,
    FleetDomain,
    FleetPause,
    FleetService,
    HostedZone,
    Image,
    PauseScheduleArgs,
    RunningWindow,
    SecretSource,
    VpcEgressArgs,
)
from pulumi_apprunner.testing import Graph, reveal
from samples import BOUNDARY_ARN, IMAGE, KMS_KEY_ARN, POLICY_ARN, QUEUE_ARN, SECRET_ARN, ZONE_ID

SITE: dict[str, Any] = {"image": {"identifier": "public.ecr.aws/docker/library/adminer:5.4.1"}}
EGRESS = {"vpc_id": "vpc-1", "subnet_ids": ["subnet-1", "subnet-2"]}
SERVICE = "aws:apprunner/service:Service"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"  # unique within its role
SCHEDULE = "aws:scheduler/schedule:Schedule"  # unique within its group


def everything() -> None:
    fleet = Fleet(
        "shop",
        FleetArgs(
            environment="staging",
            tags={"team": "commerce", "cost-center": "4711"},
            egress={"orders": VpcEgressArgs(vpc_id="vpc-1", subnet_ids=["subnet-1", "subnet-2"])},
            zones={"public": HostedZone(id=ZONE_ID, name="example.com")},
            services={
                "api": FleetService(
                    image=Image(identifier="public.ecr.aws/docker/library/adminer:5.4.1"),
                    egress="orders",
                    secrets={"TOKEN": SecretSource(secret_arn=SECRET_ARN)},
                    domains=[
                        FleetDomain(domain_name="shop.example.com", zone="public"),
                        FleetDomain(domain_name="*.example.com", zone="public"),
                        FleetDomain(domain_name="wildcard.example.com"),
                    ],
                    pause=FleetPause(
                        timezone="UTC", running=[RunningWindow(days="Mon-Fri", start="08:00", end="18:00")]
                    ),
                    tags={"team": "payments"},
                ),
                "site": FleetService(image=Image(identifier="public.ecr.aws/docker/library/adminer:5.4.1")),
            },
        ),
    )
    pulumi.export("services", fleet.services)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return plan(everything)


def fleet_graph(services: dict[str, Any], **more: Any) -> Graph:
    args: Any = {"environment": "staging", "services": services, **more}
    return plan(lambda: pulumi.export("services", Fleet("shop", args).services))


def test_the_components_have_the_names_of_the_arguments_and_the_fleet_as_parent(graph: Graph) -> None:
    assert children(graph, "shop") == [
        ("apprunner:index:AppRunnerService", "api"),
        ("apprunner:index:AppRunnerService", "site"),
        ("apprunner:index:CustomDomain", "_wildcard.example.com"),
        ("apprunner:index:CustomDomain", "shop.example.com"),
        ("apprunner:index:CustomDomain", "wildcard.example.com"),
        ("apprunner:index:PauseSchedule", "api-hours"),
        ("apprunner:index:SecretsBinding", "api-secrets"),
        ("apprunner:index:VpcEgress", "orders"),
    ]
    assert [each.name for each in graph.resources if each.parent is None] == ["shop"]


def test_a_service_uses_its_connector_secrets_and_zone(graph: Graph) -> None:
    service = graph.named("api-service")
    egress = service["networkConfiguration"]["egressConfiguration"]
    assert egress == {"egressType": "VPC", "vpcConnectorArn": graph.named("orders-connector").outputs["arn"]}
    image = service["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert image["runtimeEnvironmentSecrets"] == {"TOKEN": SECRET_ARN}
    assert graph.named("shop.example.com-traffic")["zoneId"] == ZONE_ID


def test_a_domain_has_the_routing_policy_of_its_stack() -> None:
    zones = {"public": {"id": ZONE_ID, "name": "example.com"}}
    for region, weight in (("eu-west-1", 90), ("us-east-1", 10)):
        routing = {"set_identifier": region, "weight": weight}
        domains = [{"domain_name": "shop.example.com", "zone": "public", "routing": routing}]
        graph = fleet_graph({"site": {**SITE, "domains": domains}}, zones=zones)
        traffic = graph.named("shop.example.com-traffic")
        assert (traffic["setIdentifier"], traffic["weightedRoutingPolicies"]) == (region, [{"weight": weight}])


def test_tags_of_a_service_override_those_of_the_fleet(graph: Graph) -> None:
    shared = {"cost-center": "4711", "environment": "staging", "project": "project"}
    assert graph.named("api-service")["tags"] == {**shared, "team": "payments"}
    assert graph.named("api-hours-group")["tags"] == {**shared, "team": "payments"}
    assert graph.named("site-service")["tags"] == {**shared, "team": "commerce"}
    assert graph.named("orders-group")["tags"] == {**shared, "team": "commerce"}


def test_tags_may_be_outputs() -> None:
    def program() -> None:
        late = pulumi.Output.from_input
        services: Any = {"site": {**SITE, "tags": {"owner": late("web")}}}
        Fleet("shop", {"environment": "staging", "tags": late({"team": "commerce"}), "services": services})

    graph = plan(program)
    assert graph.named("site-service")["tags"] == {
        "team": "commerce",
        "owner": "web",
        "environment": "staging",
        "project": "project",
    }


def test_the_outputs_are_a_mapping_for_each_service(graph: Graph) -> None:
    services = reveal(graph.exports["services"])
    service = graph.named("api-service").outputs
    assert services["api"] == {
        "arn": service["arn"],
        "url": f"https://{service['serviceUrl']}",
        "logs": f"/aws/apprunner/{service['serviceName']}/{service['serviceId']}/application",
        "records": {"wildcard.example.com": services["api"]["records"]["wildcard.example.com"]},
        "hoursSavedPerWeek": 168 - 5 * 10,
    }
    assert [each["type"] for each in services["api"]["records"]["wildcard.example.com"]] == ["CNAME"] * 3
    assert set(services["site"]) == {"arn", "url", "logs"}
    assert reveal(graph.named("shop").outputs) == {"services": services}


@pytest.mark.parametrize(
    ("environment", "fleet", "service", "protected"),
    [
        ("prod", None, None, True),
        ("prod", None, False, False),
        ("prod", False, None, False),
        ("staging", None, None, False),
        ("staging", True, None, True),
        ("staging", True, False, False),
        ("preview-1742", None, True, True),
    ],
)
def test_protection_depends_on_environment_fleet_and_service(
    environment: str, fleet: bool | None, service: bool | None, protected: bool
) -> None:
    graph = fleet_graph({"site": {**SITE, "protect": service}}, environment=environment, protect=fleet)
    assert [each.protect for each in graph.all(SERVICE)] == [protected]


def test_the_option_protect_reaches_the_services_of_other_environments() -> None:
    def program() -> None:
        services: Any = {"site": SITE}
        Fleet("shop", {"environment": "staging", "services": services}, pulumi.ResourceOptions(protect=True))

    assert plan(program).one(SERVICE).protect is True


def test_an_environment_is_any_string_that_is_not_empty() -> None:
    assert fleet_graph({"site": SITE}, environment="EU west 2").one(SERVICE)["tags"]["environment"] == "EU west 2"
    assert list(problems(lambda: Fleet("shop", {"environment": "", "services": {}}))) == ["environment"]


SET_BY_THE_FLEET = {"service_arn"}
"""Arguments of a component that a Fleet sets itself."""


@pytest.mark.parametrize(
    ("component", "settings", "of_the_service"),
    [
        (AppRunnerServiceArgs, FleetService, set[str]()),
        (CustomDomainArgs, FleetDomain, set[str]()),
        (PauseScheduleArgs, FleetPause, {"tags"}),
    ],
)
def test_every_argument_of_a_component_can_be_set_in_a_fleet(
    component: type, settings: type, of_the_service: set[str]
) -> None:
    reachable = {each.name for each in dataclasses.fields(settings)} | of_the_service | SET_BY_THE_FLEET
    assert {each.name for each in dataclasses.fields(component)} <= reachable


@pytest.mark.parametrize(
    ("of_the_pause", "expected"), [({}, BOUNDARY_ARN), ({"permissions_boundary": POLICY_ARN}, POLICY_ARN)]
)
def test_a_pause_has_a_queue_and_the_services_boundary_unless_it_has_its_own(
    of_the_pause: dict[str, Any], expected: str
) -> None:
    pause = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}, **of_the_pause}
    queue = {"dead_letter_queue_arn": QUEUE_ARN, "dead_letter_queue_kms_key_arn": KMS_KEY_ARN}
    graph = fleet_graph({"site": {**SITE, "permissions_boundary": BOUNDARY_ARN, "pause": {**pause, **queue}}})
    assert graph.named("site-hours-role")["permissionsBoundary"] == expected
    assert graph.named("site-instance-role")["permissionsBoundary"] == BOUNDARY_ARN
    assert graph.named("site-hours-pause")["target"]["deadLetterConfig"] == {"arn": QUEUE_ARN}
    assert KMS_KEY_ARN in graph.named("site-hours-policy")["policy"]


@pytest.mark.parametrize("name", ["größe", "-", "café/api", "a.b.c", "x" * 200])
def test_a_service_may_have_any_name_that_a_component_may_have(name: str) -> None:
    pause = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}
    service = {"image": {"identifier": IMAGE}, "egress": name, "tracing": True, "pause": pause}
    graph = fleet_graph({name: service}, egress={name: EGRESS}, zones={name: {"id": ZONE_ID, "name": "example.com"}})
    assert graph.named(f"{name}-service").type == SERVICE


def test_an_empty_name_is_an_error() -> None:
    services: Any = {"": SITE}
    assert problems(lambda: Fleet("shop", {"environment": "staging", "services": services})) == {
        "services.": "must not be empty"
    }


def test_names_that_differ_only_in_case_are_distinct_in_aws_where_case_is_ignored() -> None:
    image = {"identifier": IMAGE}
    pause = {"timezone": "UTC", "running": {"days": "Mon-Fri", "start": "08:00", "end": "18:00"}}
    services = {name: {"image": image, "egress": name, "tracing": True, "pause": pause} for name in ("api", "Api")}
    graph = fleet_graph(services, egress={"api": EGRESS, "Api": {**EGRESS, "vpc_id": "vpc-2"}})
    resources = [each for each in graph.resources if each.custom and each.type not in (ROLE_POLICY, SCHEDULE)]
    names = [
        (each.type, str(value).lower())
        for each in resources
        for key, value in each.inputs.items()
        if key.lower().endswith("name")
    ]
    assert len(names) == len(set(names)) > 10


# Several Fleets


def two(first: dict[str, Any], second: dict[str, Any], names: tuple[str, str] = ("eu", "us")) -> Any:
    def program() -> None:
        for name, args in zip(names, (first, second), strict=True):
            fleet_args: Any = {"environment": "staging", "services": {}, **args}
            Fleet(name, fleet_args)

    return program


REASON = "must be unique in the program, got \"{}\", which Fleet 'eu' also has. Change one of them"


def test_two_fleets_with_different_names_are_accepted() -> None:
    graph = plan(two({"services": {"api": SITE}, "egress": {"orders": EGRESS}}, {"services": {"orders": SITE}}))
    assert len(graph.all("apprunner:index:Fleet")) == 2


def test_a_service_name_of_another_fleet_is_an_error() -> None:
    errors = problems(two({"services": {"api": SITE}}, {"services": {"api": SITE}}))
    assert errors == {"services.api": REASON.format("api")}


def test_a_connector_name_and_a_domain_of_another_fleet_are_errors() -> None:
    def args(service: str) -> dict[str, Any]:
        return {
            "services": {service: {**SITE, "domains": [{"domain_name": "a.example.com"}]}},
            "egress": {"orders": EGRESS},
        }

    assert problems(two(args("api"), args("site"))) == {
        "egress.orders": REASON.format("orders"),
        "services.site.domains[0].domain_name": REASON.format("a.example.com"),
    }


def test_a_second_fleet_of_the_same_name_is_an_error() -> None:
    errors = problems(two({"services": {"api": SITE}}, {"services": {"api": SITE}}, ("eu", "eu")))
    assert errors == {"services.api": REASON.format("api")}

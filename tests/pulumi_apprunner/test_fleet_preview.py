"""A Fleet that is the environment of a pull request: what follows from its number, and what it must not have."""

from typing import Any

import pulumi
import pytest

from plans import children, plan
from pulumi_apprunner import ArgsError, Fleet, FleetArgs, FleetPreview, FleetService, Image, Scaling, Size
from pulumi_apprunner.testing import Graph, run
from samples import IMAGE, PUBLIC_IMAGE, SCALING_ARN, ZONE_ID
from services import SERVICE

PREVIEW = {"number": 123, "expires": "2026-12-04"}
SITE: dict[str, Any] = {"image": {"identifier": PUBLIC_IMAGE}}
ZONES = {"public": {"id": ZONE_ID, "name": "example.com"}}


def fleet(services: dict[str, Any], preview: dict[str, Any] | None = None, **args: Any) -> Any:
    """Return a program with a Fleet that is a preview."""
    values: Any = {
        "environment": "preview",
        "preview": {**PREVIEW, **(preview or {})},
        "zones": ZONES,
        "services": {name: SITE | each for name, each in services.items()},
    }
    values.update(args)
    return lambda: Fleet("shop", values) and None


def graph(services: dict[str, Any], preview: dict[str, Any] | None = None, **args: Any) -> Graph:
    return plan(fleet(services, preview, **args), project="shop", stack="pr-123")


def problems(services: dict[str, Any], preview: Any = None, stack: str = "pr-123", **args: Any) -> dict[str, str]:
    with pytest.raises(ArgsError) as caught:
        run(fleet(services, preview, **args), project="shop", stack=stack)
    return dict(caught.value.problems)


def sizes(planned: Graph) -> dict[str, tuple[str, str]]:
    """Return CPU and memory of each service."""
    blocks = {each.name: each["instanceConfiguration"] for each in planned.all(SERVICE)}
    return {name: (block["cpu"], block["memory"]) for name, block in blocks.items()}


def test_names_and_tags_contain_the_number() -> None:
    planned = graph({"api": {}})
    service = planned.named("api-service")
    assert service["serviceName"].startswith("shop-api-pr-123-")
    assert service["tags"] == {
        "apprunner:preview": "123",
        "apprunner:expires": "2026-12-04",
        "environment": "preview",
        "project": "shop",
    }
    tagged = [each["tags"] for each in planned.resources if each.inputs.get("tags")]
    assert all(tags["apprunner:preview"] == "123" for tags in tagged)
    assert len(tagged) > 5


def test_the_component_has_the_number_and_the_day() -> None:
    assert graph({"api": {}}).named("shop").inputs == {"preview": {"number": 123, "expires": "2026-12-04"}}


def test_a_fleet_without_preview_has_no_such_property() -> None:
    args: Any = {"environment": "staging", "services": {"api": SITE}}
    planned = plan(lambda: Fleet("shop", args) and None)
    assert planned.named("shop").inputs == {}
    assert sizes(planned) == {"api-service": ("1024", "2048")}


def test_services_are_small_share_a_profile_and_are_paused_at_night() -> None:
    planned = graph({"api": {}, "web": {}})
    assert sizes(planned) == {"api-service": ("256", "512"), "web-service": ("256", "512")}
    profile = planned.named("preview-profile")
    assert (profile["minSize"], profile["maxSize"]) == (1, 2)
    assert {each["autoScalingConfigurationArn"] for each in planned.all(SERVICE)} == {profile.outputs["arn"]}
    pause, resume = planned.named("web-hours-pause"), planned.named("web-hours-resume")
    assert (pause["scheduleExpression"], resume["scheduleExpression"]) == (
        "cron(0 19 ? * MON-FRI *)",
        "cron(0 7 ? * MON-FRI *)",
    )
    assert pause["scheduleExpressionTimezone"] == "Etc/UTC"


def test_what_a_service_says_has_precedence() -> None:
    own: dict[str, Any] = {
        "size": {"cpu": "1 vCPU", "memory": "2 GB"},
        "scaling": {"max_size": 5},
        "pause": {"timezone": "Europe/Berlin", "running": {"days": "daily", "start": "06:00", "end": "23:00"}},
    }
    planned = graph({"api": own})
    assert sizes(planned) == {"api-service": ("1024", "2048")}
    assert planned.named("api-scaling")["maxSize"] == 5
    assert planned.named("api-hours-pause")["scheduleExpressionTimezone"] == "Europe/Berlin"
    assert "preview-profile" not in [each.name for each in planned.resources]


def test_what_the_preview_says_replaces_the_defaults() -> None:
    window = {"timezone": "America/New_York", "running": {"days": "daily", "start": "09:00", "end": "17:00"}}
    preview = {"size": {"cpu": "0.5 vCPU", "memory": "1 GB"}, "scaling": {"max_size": 4}, "pause": window}
    planned = graph({"api": {}}, preview)
    assert sizes(planned) == {"api-service": ("512", "1024")}
    assert planned.named("preview-profile")["maxSize"] == 4
    assert planned.named("api-hours-pause")["scheduleExpressionTimezone"] == "America/New_York"


def test_an_existing_profile_and_no_pause_create_neither() -> None:
    planned = graph({"api": {}}, {"auto_scaling_configuration_arn": SCALING_ARN, "pause_at_night": False})
    assert planned.named("api-service")["autoScalingConfigurationArn"] == SCALING_ARN
    assert children(planned, "shop") == [("apprunner:index:AppRunnerService", "api")]


def test_dataclasses_leave_the_same_open_as_mappings() -> None:
    args = FleetArgs(
        environment="preview",
        preview=FleetPreview(number=123, expires="2026-12-04", scaling=Scaling(max_size=3)),
        services={
            "api": FleetService(image=Image(identifier=PUBLIC_IMAGE)),
            "web": FleetService(image=Image(identifier=PUBLIC_IMAGE), size=Size()),
        },
    )
    planned = plan(lambda: Fleet("shop", args) and None, stack="pr-123")
    assert sizes(planned) == {"api-service": ("256", "512"), "web-service": ("1024", "2048")}


def test_domains_have_hosts_of_the_pull_request_in_the_same_zone() -> None:
    domains = [{"domain_name": name, "zone": "public"} for name in ("api.example.com", "example.com")]
    planned = graph({"api": {"domains": domains}})
    associated = planned.all("aws:apprunner/customDomainAssociation:CustomDomainAssociation")
    assert [each["domainName"] for each in associated] == ["api-pr-123.example.com", "pr-123.example.com"]
    assert planned.named("api-pr-123.example.com-traffic")["zoneId"] == ZONE_ID


def test_from_config_reads_the_section() -> None:
    config = {
        "shop:environment": "preview",
        "shop:preview": {"number": 123, "expires": "2026-12-04"},
        "shop:services": {"api": SITE},
    }
    planned = run(lambda: Fleet.from_config("shop") and None, project="shop", stack="pr-123", config=config)
    assert sizes(planned) == {"api-service": ("256", "512")}


def test_the_plan_lists_what_follows_from_the_number() -> None:
    domain = {"domain_name": "api.example.com", "zone": "public"}
    planned = graph({"api": {"domains": [domain]}, "web": {"size": {"cpu": "1 vCPU"}}})
    assert [each for each in planned.messages if each.startswith("info")] == [
        "info: preview: the environment of pull request 123 expires on 2026-12-04 (UTC)\n"
        "  0.25 vCPU and 0.5 GB: api\n"
        "  1 to 2 instances: api, web\n"
        "  paused except Mon-Fri 07:00 to 19:00 (Etc/UTC): api, web\n"
        "  api.example.com is api-pr-123.example.com"
    ]


def test_the_stack_must_be_that_of_the_pull_request() -> None:
    for stack in ("prod", "pr-124", "staging"):
        assert problems({"api": {}}, stack=stack) == {
            "preview.number": f"must be the number in the stack's name, got 123 in the stack {stack}. Use the stack "
            "pr-123, or remove preview: the environment of a pull request has a stack of its own"
        }


@pytest.mark.parametrize(
    ("args", "path", "message"),
    [
        ({"environment": "prod"}, "environment", "must not mean production with preview, got prod. Use another name"),
        ({"protect": True}, "protect", "must be false with preview, got true. Pulumi could not delete the services"),
        ({"repositories": {"api": {}}}, "repositories", "must not be set with preview. It would be deleted with the"),
        ({"scaling_profiles": {"preview": {}}}, "scaling_profiles.preview", 'must not have the name "preview"'),
        (
            {"scaling_profiles": {"small": {"account_default": True}}},
            "scaling_profiles.small.account_default",
            "must be false with preview, got true. It would apply to services of other stacks. Remove it",
        ),
        ({"tags": {"owner": ""}}, "tags.owner", 'must not be empty, got "". preview.pause_at_night uses EventBridge'),
    ],
)
def test_a_preview_shares_and_protects_nothing(args: dict[str, Any], path: str, message: str) -> None:
    found = problems({"api": {}}, **args)
    assert list(found) == [path]
    assert found[path].startswith(message)


def test_a_preview_has_no_delivery() -> None:
    delivery = {"api": {"github_repository": "acme/shop"}}
    found = problems({"api": {"image": {"identifier": IMAGE}}}, delivery=delivery)
    assert found["delivery"].startswith("must not be set with preview. Its roles and GitHub's identity provider")


@pytest.mark.parametrize(
    ("service", "path", "message"),
    [
        ({"protect": True}, "protect", "must be false with preview, got true. Pulumi could not delete the service"),
        ({"service_name": "api"}, "service_name", "must not be set with preview, got api. Other environments would"),
        (
            {"image": {"identifier": PUBLIC_IMAGE, "managed_by": "ci"}},
            "image.managed_by",
            'must be "pulumi" with preview, got "ci". `pulumi up` would not deploy later images',
        ),
        (
            {"domains": [{"domain_name": "api.example.com"}]},
            "domains[0].zone",
            "is required with preview. Nobody creates the records of each pull request",
        ),
        (
            {"domains": [{"domain_name": "*.example.com", "zone": "public"}]},
            "domains[0].domain_name",
            "must not be a wildcard with preview, got *.example.com",
        ),
        (
            {"domains": [{"domain_name": f"{'a' * 57}.example.com", "zone": "public"}]},
            "domains[0].domain_name",
            f"must leave room for -pr-123 in its first label, got {'a' * 57}.example.com: ",
        ),
    ],
)
def test_a_service_contradicts_the_preview(service: dict[str, Any], path: str, message: str) -> None:
    found = problems({"api": service})
    assert list(found) == [f"services.api.{path}"]
    assert found[f"services.api.{path}"].startswith(message)


def test_the_longest_label_is_valid() -> None:
    host = f"{'a' * 56}.example.com"
    planned = graph({"api": {"domains": [{"domain_name": host, "zone": "public"}]}})
    assert f"{'a' * 56}-pr-123.example.com" in [each.name for each in planned.resources]


@pytest.mark.parametrize(
    ("preview", "path", "message"),
    [
        ({"number": 0}, "number", "must be the number of a pull request, 1 or more, got 0"),
        ({"number": "123"}, "number", 'must be the number of a pull request, 1 or more, got "123". Remove the quotes'),
        ({"number": True}, "number", "must be the number of a pull request, 1 or more, got true"),
        (
            {"expires": "2026-12-04T00:00:00Z"},
            "expires",
            'must be a day as YYYY-MM-DD, got "2026-12-04T00:00:00Z". Write it in quotes',
        ),
        ({"expires": "2026-02-30"}, "expires", 'must be a day as YYYY-MM-DD, got "2026-02-30". Write it in quotes'),
        (
            {"scaling": {}, "auto_scaling_configuration_arn": SCALING_ARN},
            "auto_scaling_configuration_arn",
            "must not be set together with scaling. Remove one of them",
        ),
        (
            {"pause": {"timezone": "UTC", "running": {"days": "daily", "start": "08:00", "end": "9:00"}}},
            "pause.running[0].end",
            'must be HH:MM from "00:00" to "24:00", such as "20:00", got "9:00"',
        ),
        (
            {
                "pause": {"timezone": "UTC", "running": {"days": "daily", "start": "08:00", "end": "09:00"}},
                "pause_at_night": False,
            },
            "pause_at_night",
            "must be true with pause, got false. Remove one of them",
        ),
    ],
)
def test_an_invalid_section_is_an_error(preview: dict[str, Any], path: str, message: str) -> None:
    assert problems({"api": {}}, preview) == {f"preview.{path}": message}


@pytest.mark.parametrize(
    ("option", "opts"),
    [
        ("protect", pulumi.ResourceOptions(protect=True)),
        ("retain_on_delete", pulumi.ResourceOptions(retain_on_delete=True)),
    ],
)
def test_options_that_keep_resources_are_errors(option: str, opts: pulumi.ResourceOptions) -> None:
    args: Any = {"environment": "preview", "preview": PREVIEW, "services": {"api": SITE}}
    with pytest.raises(ArgsError, match=rf"opts\.{option}: must not be set with preview"):
        run(lambda: Fleet("shop", args, opts) and None, stack="pr-123")


def test_an_environment_that_has_expired_is_a_warning() -> None:
    warnings = [each for each in graph({"api": {}}, {"expires": "2026-01-01"}).messages if each.startswith("warning")]
    assert warnings == [
        "warning: preview.expires: must be a day after today (UTC) to keep the environment, got 2026-01-01. `apprunner "
        "previews remove --expired` removes it. Set a later day"
    ]
    assert not [each for each in graph({"api": {}}, {"expires": "2999-12-31"}).messages if each.startswith("warning")]

"""What a state says about the environment of a pull request, and when it must not be removed."""

from datetime import UTC, date, datetime

import pytest

from apprunner_facts import tokens
from previewed import ARN, content, environment, fleet, resource, service
from pulumi_apprunner.cli.previews.environments import read_environment


def test_a_state_says_number_expiry_age_and_services() -> None:
    found = environment()
    assert (found.number, found.expires, found.services) == (7, date(2026, 12, 4), ["api-service"])
    assert found.created == datetime(2026, 11, 27, 5, 0, 0, 123456, UTC)
    assert found.resources == 1
    assert found.obstacle == ""


def test_the_cost_is_that_of_the_services_sizes() -> None:
    # 0.5 GB and 10% of 0.25 vCPU, 730 hours, at the prices of eu-west-1 (0.007 and 0.064 dollars an hour)
    assert environment().usd == pytest.approx(730 * (0.5 * 0.007 + 0.1 * 0.25 * 0.064), abs=0.6)
    assert environment(fleet(), service(inputs={})).usd is None


def test_an_environment_without_resources_may_be_removed() -> None:
    found = read_environment("pr-7", 7, "shop", content())
    assert (found.expires, found.created, found.resources, found.obstacle) == (None, None, 0, "")
    assert not found.has_expired(date(2999, 1, 1))


def test_it_expires_with_the_last_of_its_fleets() -> None:
    found = environment(fleet(), fleet(expires="2026-12-24", name="other"), service())
    assert found.expires == date(2026, 12, 24)
    assert not found.has_expired(date(2026, 12, 23))
    assert found.has_expired(date(2026, 12, 24))


def test_a_stack_without_a_preview_is_no_environment() -> None:
    assert environment(service()).obstacle == (
        "it is not the environment of a pull request: its state has no Fleet. If nobody needs it, run "
        "`pulumi destroy --stack pr-7`"
    )
    for other in (fleet(None), fleet(8)):
        for resources in ((fleet(), other, service()), (other,)):
            assert environment(*resources).obstacle == (
                "it is not the environment of pull request 7: its Fleet shop has no such preview.number"
            )


@pytest.mark.parametrize("origin", ["pr-8::shop", "pr-7::blog"])
def test_a_state_of_another_stack_or_project_is_not_removed(origin: str) -> None:
    other = service()
    other["urn"] = other["urn"].replace("pr-7::shop", origin)
    stack, project = origin.split("::")
    assert environment(fleet(), other).obstacle == (
        f"its state has resources of the stack {stack} of the project {project}"
    )


def test_an_organization_is_no_part_of_the_stack_in_a_state() -> None:
    assert read_environment("acme/pr-7", 7, "shop", content(fleet(), service())).obstacle == ""


def test_an_update_that_created_nothing_leaves_entries_without_resources() -> None:
    found = environment(fleet())
    assert (found.entries, found.resources, found.obstacle) == (3, 0, "")
    assert read_environment("pr-7", 7, "shop", content()).entries == 0


def test_a_resource_that_the_program_only_reads_is_none_of_the_environments() -> None:
    read = resource("aws:route53/zone:Zone", "zone", external=True)
    assert environment(fleet(), service(), read).resources == 1


def test_resources_that_stay_in_aws_are_named() -> None:
    bucket = resource("aws:s3/bucket:Bucket", "reports", retainOnDelete=True)
    assert environment(fleet(), service(), bucket).kept == ["reports"]


def test_a_protected_resource_is_an_obstacle() -> None:
    database = resource("aws:rds/instance:Instance", "database", protect=True)
    assert environment(fleet(), service(), database).obstacle == (
        "database is protected. Remove the protection with `pulumi state unprotect` if it may be deleted"
    )
    assert environment(fleet(), service(protect=True), database).obstacle.startswith("api-service, database are")


def test_an_update_in_progress_or_an_interrupted_one_is_an_obstacle() -> None:
    assert environment(is_updating=True).obstacle.startswith("an update is in progress. Run the command again when")
    pending = [{"resource": service(), "type": "updating"}]
    found = read_environment("pr-7", 7, "shop", content(fleet(), service(), pending=pending))
    assert found.obstacle == (
        "an update was interrupted while it changed api-service, so AWS may have resources that the state does not. "
        "Run `pulumi refresh --stack pr-7`"
    )


def test_an_interrupted_creation_is_completed_by_hand() -> None:
    pending = [{"resource": service(), "type": "creating"}]  # `pulumi refresh` alone keeps it
    found = read_environment("pr-7", 7, "shop", content(fleet(), pending=pending))
    assert found.obstacle.endswith(
        "If AWS has api-service, delete it there. Then run `pulumi refresh --clear-pending-creates --stack pr-7`"
    )


def test_services_with_domains_are_found_with_the_settings_of_their_provider() -> None:
    provider = resource("pulumi:providers:aws", "aws", id="1", inputs={"profile": "previews"})
    api = service(provider=f"{provider['urn']}::1")
    domain = resource(tokens.CUSTOM_DOMAIN, "shop.example.com-association", outputs={"serviceArn": ARN})
    found = environment(fleet(), provider, api, domain).services_with_domains
    assert [(each.arn, each.settings) for each in found] == [(ARN, {"profile": "previews"})]
    assert environment(fleet(), provider, api).services_with_domains == []


def test_json_has_the_same_values() -> None:
    assert environment(fleet(), service(protect=True)).as_json(date(2026, 12, 5)) == {
        "number": 7,
        "stack": "pr-7",
        "expires": "2026-12-04",
        "expired": True,
        "created_at": "2026-11-27T05:00:00Z",
        "services": ["api-service"],
        "resources": 1,
        "usd_per_month": environment().usd,
        "obstacle": environment(fleet(), service(protect=True)).obstacle,
    }

"""A TrafficSplit on the Pulumi engine: a release from 0 to 100 percent, its gate, a roll-back and its end."""

import json
from typing import Any

from apprunner_local.apprunner import Fault
from apprunner_local.aws import LocalAws
from engine import programs
from engine.conftest import Make

SECRET_MARK = "4dabf18193072939515e22adb298388d"
"""The key that marks an encrypted value in a state."""
SIZES = {"small": {"cpu": "0.25 vCPU", "memory": "0.5 GB"}, "large": {"cpu": "1 vCPU", "memory": "2 GB"}}


def program(*split: str, candidate_size: str = "small") -> str:
    """Return a program with two services and a split."""
    services = programs.service("stable") + programs.service("candidate", size=SIZES[candidate_size])
    return programs.program(services, *split)


def weight(aws: LocalAws) -> str:
    """Return the weight in AWS. A share is the candidate's in the program."""
    (store,) = aws.cloudfront.state.stores.values()
    percent, _, host = store.keys["weight"].partition(" ")
    assert host in ("", origins(aws)["candidate"])
    return percent


def origins(aws: LocalAws) -> dict[str, str]:
    """Return the hosts of the distribution's origins in AWS by their ids."""
    (distribution,) = aws.cloudfront.state.distributions.values()
    return {each["Id"]: each["DomainName"] for each in distribution.config["Origins"]["Items"]}


def hosts(aws: LocalAws) -> dict[str, str]:
    """Return the hosts of the services in AWS by their names."""
    listed = aws.client("apprunner").list_services()["ServiceSummaryList"]
    return {each["ServiceName"].split("-")[1]: each["ServiceUrl"] for each in listed}


def arn_of(aws: LocalAws, name: str) -> str:
    listed: list[dict[str, Any]] = aws.client("apprunner").list_services()["ServiceSummaryList"]
    (arn,) = (each["ServiceArn"] for each in listed if f"-{name}-" in each["ServiceName"])
    return str(arn)


def pause(aws: LocalAws, name: str) -> None:
    aws.client("apprunner").pause_service(ServiceArn=arn_of(aws, name))


def resume(aws: LocalAws, name: str) -> None:
    aws.client("apprunner").resume_service(ServiceArn=arn_of(aws, name))


def test_a_release_changes_only_the_key_and_ends_with_the_new_service(aws: LocalAws, trial: Make) -> None:
    before = aws.created_resources()
    stack = trial(program(programs.split()))
    created = stack.up()
    assert created.ok, created.output
    assert programs.ORIGIN_SECRET not in created.output
    assert origins(aws) == hosts(aws)
    assert weight(aws) == "0"
    (distribution,) = aws.cloudfront.state.distributions.values()
    headers = [each["CustomHeaders"]["Items"] for each in distribution.config["Origins"]["Items"]]
    assert headers == [[{"HeaderName": "x-origin-verify", "HeaderValue": programs.ORIGIN_SECRET}]] * 2
    assert stack.up().changes == []

    for percent in (10, 100):
        stack.program(program(programs.split(weight=percent)))
        shifted = stack.up()
        assert shifted.ok, shifted.output
        assert shifted.changes == [("update", "shop-weight")]
        assert weight(aws) == str(percent)

    new = hosts(aws)["candidate"]
    service = programs.service("candidate", size=SIZES["small"])
    stack.program(programs.program(service, programs.split(stable="candidate", candidate=None)))
    ended = stack.up()
    assert ended.ok, ended.output
    assert origins(aws) == {"stable": new, "candidate": new}
    assert weight(aws) == "0"
    order = [name for kind, name in ended.ordered_changes if name.startswith(("shop-", "stable-service"))]
    assert order == ["shop-distribution", "shop-weight", "stable-service"]

    destroyed = stack.destroy()
    assert destroyed.ok, destroyed.output
    assert aws.created_resources() == before


def test_a_candidate_that_is_not_ready_gets_no_requests_but_a_roll_back_always_succeeds(
    aws: LocalAws, trial: Make
) -> None:
    stack = trial(program(programs.split(weight=10)))
    assert stack.up().ok

    aws.plane.faults.inject(Fault.roll_back())
    stack.program(program(programs.split(weight=50), candidate_size="large"))
    refused = stack.up()
    assert not refused.ok
    assert "TrafficSplit 'shop': weight: must not change from 10 to 50" in refused.output
    assert "ended ROLLBACK_SUCCEEDED: the version before it runs" in refused.output
    assert weight(aws) == "10"

    pause(aws, "stable")
    stack.program(program(programs.split(weight=0), candidate_size="large"))
    stack.environment["APPRUNNER_VERIFY"] = "shop"  # not the candidate, whose deployment is still a failure
    rolled_back = stack.up()
    assert rolled_back.ok, rolled_back.output
    assert weight(aws) == "0"


def test_another_candidate_has_no_requests_until_it_is_ready(aws: LocalAws, trial: Make) -> None:
    services = "".join(programs.service(name) for name in ("stable", "candidate", "next"))
    stack = trial(programs.program(services, programs.split(weight=100)))
    assert stack.up().ok
    (store,) = aws.cloudfront.state.stores.values()
    before = store.keys["weight"]

    pause(aws, "next")
    stack.program(programs.program(services, programs.split(candidate="next", weight=100)))
    refused = stack.up()
    assert not refused.ok
    assert "TrafficSplit 'shop': candidate: must not change at weight 100" in refused.output
    # The function knows the new candidate, and the share is the previous one's.
    assert store.keys["weight"] == before == f"100 {hosts(aws)['candidate']}"
    assert origins(aws)["candidate"] == hosts(aws)["next"]
    (code,) = (
        each.live[1].decode()
        for name, each in aws.cloudfront.state.functions.items()
        if each.live and name.endswith("request")
    )
    assert hosts(aws)["next"] in code

    resume(aws, "next")
    accepted = stack.up()
    assert accepted.ok, accepted.output
    assert weight(aws) == "100"


def unencrypted(value: Any) -> Any:
    """Return a part of the state without its secrets, which an export decrypts."""
    if isinstance(value, dict):
        return None if SECRET_MARK in value else {key: unencrypted(item) for key, item in value.items()}
    return [unencrypted(item) for item in value] if isinstance(value, list) else value


def test_the_secret_is_encrypted_in_the_state(trial: Make) -> None:
    firewall = programs.firewall(required_header={"value": programs.ORIGIN_SECRET})
    stack = trial(program(programs.split(), firewall))
    assert stack.up().ok
    assert programs.ORIGIN_SECRET in json.dumps(stack.state)
    assert programs.ORIGIN_SECRET not in json.dumps(unencrypted(stack.state))


def test_a_split_without_stickiness_loses_the_function_for_responses(aws: LocalAws, trial: Make) -> None:
    stack = trial(program(programs.split()))
    assert stack.up().ok
    stack.program(program(programs.split(sticky=False)))
    updated = stack.up()
    assert updated.ok, updated.output
    assert updated.changes == [
        ("delete", "shop-response"),
        ("update", "shop-distribution"),
        ("update", "shop-request"),
    ]
    assert list(aws.cloudfront.state.functions) == ["trial-shop-test-request"]

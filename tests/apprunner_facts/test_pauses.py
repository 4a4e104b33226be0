"""The schedules that pause and resume services, from plain data."""

import json
from typing import Any

import pytest

from apprunner_facts import tokens
from apprunner_facts.declared import DeclaredResource, UnknownProperty
from apprunner_facts.pauses import Pauses, read_pauses, rhythm_between
from apprunner_facts.schedules import action_of, is_enabled

ARN = "arn:aws:apprunner:eu-west-1:123456789012:service/api/0123456789abcdef0123456789abcdef"
OTHER = ARN.replace("/api/", "/web/")
NIGHTS = {"pause": "cron(0 20 * * ? *)", "resume": "cron(0 8 * * ? *)"}


def service(name: str = "api", arn: str | None = ARN) -> DeclaredResource:
    properties = {} if arn is None else {"arn": arn}
    return DeclaredResource(urn=f"urn:{name}", type=tokens.SERVICE, name=name, properties=properties)


def schedule(
    action: str = "pause",
    arn: str | None = ARN,
    *,
    name: str | None = None,
    unknown: tuple[str, ...] = (),
    of: tuple[str, ...] = (),
    **more: Any,
) -> DeclaredResource:
    properties: dict[str, Any] = {
        "target.arn": f"arn:aws:scheduler:::aws-sdk:apprunner:{action}Service",
        "target.input": json.dumps({"ServiceArn": arn}),
        "scheduleExpression": NIGHTS[action],
        **more,
    }
    return DeclaredResource(
        urn=f"urn:{name or action}",
        type=tokens.SCHEDULE,
        name=name or action,
        properties={path: value for path, value in properties.items() if path not in unknown and value is not None},
        unknown=unknown,
        references={"target": of},
    )


def services_of(pauses: Pauses) -> list[tuple[str, str]]:
    return [(each.action, each.service) for each in pauses.switches]


def test_a_schedule_pauses_the_service_whose_arn_is_in_its_input() -> None:
    pauses = read_pauses([service(), service("web", OTHER), schedule(), schedule("resume")])

    assert services_of(pauses) == [("pause", "urn:api"), ("resume", "urn:api")]
    assert [each.name for each in pauses.of("urn:api", "pause")] == ["pause"]
    assert pauses.of("urn:web") == []


def test_a_service_of_another_program_is_identified_by_its_arn() -> None:
    assert services_of(read_pauses([service(), schedule(arn=OTHER)])) == [("pause", OTHER)]


def test_a_reference_identifies_the_service_while_its_arn_is_unknown() -> None:
    pauses = read_pauses([service(arn=None), schedule(unknown=("target.input",), of=("urn:api", "urn:queue"))])

    assert services_of(pauses) == [("pause", "urn:api")]
    assert pauses.unknown == ()


def test_a_known_arn_overrides_a_reference() -> None:
    pauses = read_pauses([service(), service("web", OTHER), schedule(arn=OTHER, of=("urn:api",))])

    assert services_of(pauses) == [("pause", "urn:web")]


@pytest.mark.parametrize("of", [(), ("urn:api", "urn:web")])
def test_an_unknown_service_is_reported(of: tuple[str, ...]) -> None:
    pauses = read_pauses([service(), service("web", OTHER), schedule(unknown=("target.input",), of=of)])

    assert pauses == Pauses((), (UnknownProperty("urn:pause", "target.input"),))


@pytest.mark.parametrize("path", ["target.arn", "state"])
def test_an_unknown_target_or_state_is_reported(path: str) -> None:
    assert read_pauses([service(), schedule(unknown=(path,))]).unknown == (UnknownProperty("urn:pause", path),)


def test_the_state_of_a_schedule_for_something_else_does_not_matter() -> None:
    other = schedule(
        unknown=("state",), **dict[str, Any]({"target.arn": "arn:aws:lambda:eu-west-1:123456789012:function:f"})
    )

    assert read_pauses([service(), other]) == Pauses()


@pytest.mark.parametrize("text", [None, "{", "[]", '"x"', "{}", '{"ServiceArn": 1}'])
def test_an_input_without_a_service_pauses_nothing(text: Any) -> None:
    assert read_pauses([service(), schedule(**dict[str, Any]({"target.input": text}))]) == Pauses()


def test_a_disabled_schedule_is_no_switch() -> None:
    assert read_pauses([service(), schedule(state="DISABLED")]) == Pauses()


def test_switches_are_in_the_order_of_their_urns() -> None:
    one, other = schedule(name="a"), schedule(name="b")

    assert read_pauses([other, service(), one]) == read_pauses([one, other, service()])


def test_the_rhythm_comes_from_the_expressions() -> None:
    rhythm = read_pauses([service(), schedule(), schedule("resume")]).rhythm("urn:api")

    assert rhythm is not None
    assert rhythm == rhythm_between([NIGHTS["pause"]], [NIGHTS["resume"]])
    assert rhythm.running_share == 0.5


def test_without_a_switch_there_is_no_rhythm() -> None:
    assert read_pauses([service()]).rhythm("urn:api") is None


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"scheduleExpression": "rate(12 hours)"}, 'must be a cron expression, got "rate(12 hours)"'),
        ({"scheduleExpression": NIGHTS["resume"]}, "pause and resume in the same minute"),
        ({"scheduleExpressionTimezone": "Asia/Tokyo"}, "they have different time zones: Asia/Tokyo, UTC"),
        ({"unknown": ("scheduleExpression",)}, "scheduleExpression of pause is unknown"),
        ({"unknown": ("scheduleExpressionTimezone",)}, "scheduleExpressionTimezone of pause is unknown"),
    ],
)
def test_the_error_has_the_reason_why_there_is_no_rhythm(changes: Any, reason: str) -> None:
    pauses = read_pauses([service(), schedule(**changes), schedule("resume")])

    with pytest.raises(ValueError) as error:
        pauses.rhythm("urn:api")
    assert reason in str(error.value)
    assert pauses.unknown_of("urn:api") == tuple(
        UnknownProperty("urn:pause", path) for path in changes.get("unknown", ())
    )


def test_utc_is_the_default_time_zone() -> None:
    pauses = read_pauses([service(), schedule(scheduleExpressionTimezone="UTC"), schedule("resume")])

    assert pauses.rhythm("urn:api") is not None


@pytest.mark.parametrize(
    ("target", "action"),
    [
        ("arn:aws:scheduler:::aws-sdk:apprunner:pauseService", "pause"),
        ("arn:aws:scheduler:::aws-sdk:apprunner:resumeservice", "resume"),
        ("arn:aws-cn:scheduler:::aws-sdk:apprunner:PAUSESERVICE", "pause"),
        ("arn:aws:scheduler:::aws-sdk:apprunner:startDeployment", None),
        ("arn:aws:scheduler:::aws-sdk:sqs:pauseService", None),
        (None, None),
        (7, None),
    ],
)
def test_a_target_pauses_resumes_or_does_something_else(target: object, action: str | None) -> None:
    assert action_of(target) == action


@pytest.mark.parametrize(("state", "enabled"), [(None, True), ("ENABLED", True), ("DISABLED", False)])
def test_a_schedule_is_enabled_unless_it_is_disabled(state: object, enabled: bool) -> None:
    assert is_enabled(state) is enabled

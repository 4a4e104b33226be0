"""The fake over HTTP: the protocol, the recorded calls, the control path, its start and its end."""

import http.client
import json
import threading
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from apprunner_local import api_model
from apprunner_local.apprunner import AppRunner, Clock, Control, Fault, RejectedError, World, serve
from apprunner_local.apprunner.operations import OPERATIONS
from local_aws.requests import client_of, image, rejection, running, status
from samples import IMAGE, SERVICE_ARN


def raw(url: str, body: str, **headers: str) -> tuple[int, dict[str, Any]]:
    """Post to the fake without a client that would validate the request first."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc)
    try:
        connection.request("POST", "/", body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        return answer.status, json.load(answer)
    finally:
        connection.close()


def test_every_operation_of_the_model_is_implemented() -> None:
    assert sorted(OPERATIONS) == sorted(api_model.operations("apprunner"))


def test_an_operation_that_is_not_implemented_is_an_error(plane: AppRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "apprunner_local.apprunner.plane.OPERATIONS", {k: v for k, v in OPERATIONS.items() if k != "ListServices"}
    )
    with pytest.raises(RejectedError, match="ListServices is not implemented in this fake"):
        plane.call("ListServices", {}, "eu-west-1")


def test_a_response_that_does_not_match_the_model_is_an_error(
    plane: AppRunner, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {**OPERATIONS, "ListServices": lambda region, parameters: {"ServiceSummaryList": [{"Status": "FINE"}]}}
    monkeypatch.setattr("apprunner_local.apprunner.plane.OPERATIONS", wrong)
    with pytest.raises(RejectedError, match=r"the fake's answer does not match the model.*Status"):
        plane.call("ListServices", {}, "eu-west-1")


def test_a_request_is_validated_also_without_a_client_that_does(
    plane: AppRunner, served: tuple[AppRunner, str]
) -> None:
    status, answer = raw(served[1], '{"ServiceName": "ap"}', X_Amz_Target="AppRunner.CreateService")
    assert status == 400
    assert answer["__type"] == "InvalidRequestException"
    assert "SourceConfiguration: is required" in answer["Message"]
    assert "length of 4 to 40, got 2" in answer["Message"]


@pytest.mark.parametrize("target", ["AppRunner.MakeCoffee", "ListServices", ""])
def test_an_unknown_operation_is_an_error(plane: AppRunner, served: tuple[AppRunner, str], target: str) -> None:
    status, answer = raw(served[1], "{}", X_Amz_Target=target)
    assert (status, answer["__type"]) == (400, "UnknownOperationException")


@pytest.mark.parametrize("body", ["{", "[]", '"text"'])
def test_a_body_that_is_not_a_json_object_is_an_error(
    plane: AppRunner, served: tuple[AppRunner, str], body: str
) -> None:
    status, answer = raw(served[1], body, X_Amz_Target="AppRunner.ListServices")
    assert (status, answer["__type"]) == (400, "SerializationException")


def test_an_error_does_not_contain_the_value_of_an_environment_variable(aws: Any, plane: AppRunner) -> None:
    source = image(variables={"A": "canary"}, AuthenticationConfiguration={"AccessRoleArn": "x" * 30})
    assert "canary" not in rejection(aws.create_service, ServiceName="orders", SourceConfiguration=source)


def test_calls_are_recorded_with_their_caller_and_error(plane: AppRunner, served: tuple[AppRunner, str]) -> None:
    scheduler = client_of(served[1], access_key="ASIASCHEDULER")
    rejection(scheduler.pause_service, ServiceArn=SERVICE_ARN)
    scheduler.list_services()
    plane.faults.inject(Fault.throttle("ListServices"))
    rejection(scheduler.list_services)
    first, second, third = plane.calls
    assert (first.operation, first.parameters) == ("PauseService", {"ServiceArn": SERVICE_ARN})
    assert (first.access_key, first.region, first.error) == ("ASIASCHEDULER", "eu-west-1", "ResourceNotFoundException")
    assert (second.error, third.error) == (None, "ThrottlingException")


def test_another_process_controls_it_over_http(aws: Any, plane: AppRunner, served: tuple[AppRunner, str]) -> None:
    control = Control(served[1])
    arn = running(aws, plane)
    before = control.now()
    control.inject(Fault.roll_back(reason="injected by another process"))
    control.set_behavior(shows_after_rollback="new")
    aws.update_service(ServiceArn=arn, SourceConfiguration=image(variables={"COLOUR": "green"}))
    control.move(60)
    assert control.now() == before + 60
    shown = aws.describe_service(ServiceArn=arn)["Service"]["SourceConfiguration"]["ImageRepository"]
    assert shown["ImageConfiguration"]["RuntimeEnvironmentVariables"] == {"COLOUR": "green"}
    deployed = control.deployed(arn)
    assert deployed == plane.deployed(arn)
    assert control.calls() == plane.calls
    control.push(IMAGE)
    connection = aws.create_connection(ConnectionName="github", ProviderType="GITHUB")["Connection"]["ConnectionArn"]
    control.complete_handshake(connection)
    assert aws.list_connections()["ConnectionSummaryList"][0]["Status"] == "AVAILABLE"
    control.inject(Fault.throttle("ListServices"))
    control.clear_faults()
    assert len(aws.list_services()["ServiceSummaryList"]) == 1
    control.inject(Fault.throttle("ListServices"))
    control.set_behavior(shows_after_rollback="old")
    assert plane.world.shows_after_rollback == "old"
    control.reset()
    assert aws.list_services()["ServiceSummaryList"] == []
    assert len(control.calls()) == 1
    assert control.now() == before + 60


def test_an_invalid_control_request_is_an_error_with_the_reason(
    plane: AppRunner, served: tuple[AppRunner, str]
) -> None:
    control = Control(served[1])
    with pytest.raises(RejectedError, match="must not be negative"):
        control.move(-1)
    with pytest.raises(RejectedError, match=r"stop is not a control operation\. Use one of: inject, "):
        control._request("stop", {})
    with pytest.raises(RejectedError, match="got 'neither'"):
        control.set_behavior(shows_after_rollback="neither")
    with pytest.raises(RejectedError, match="ResourceNotFoundException"):
        control.deployed(SERVICE_ARN)


def test_control_requests_are_not_recorded(plane: AppRunner, served: tuple[AppRunner, str]) -> None:
    Control(served[1]).move(1)
    assert plane.calls == []


def test_concurrent_calls_are_independent(plane: AppRunner, served: tuple[AppRunner, str]) -> None:
    names = [f"service-{number}" for number in range(16)]
    parameters = {"SourceConfiguration": image()}
    client = client_of(served[1])
    threads = [
        threading.Thread(target=client.create_service, kwargs={"ServiceName": name, **parameters}) for name in names
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    listed = client.list_services()["ServiceSummaryList"]
    assert sorted(one["ServiceName"] for one in listed) == sorted(names)
    assert len({one["ServiceArn"] for one in listed}) == 16


def test_a_stopped_server_leaves_no_thread_and_no_port() -> None:
    before = set(threading.enumerate())
    with serve(AppRunner()) as url:
        client = client_of(url)
        assert client.list_services()["ServiceSummaryList"] == []
        idle = http.client.HTTPConnection(urlsplit(url).netloc)
        idle.request("POST", "/", "{}", {"X-Amz-Target": "AppRunner.ListServices", "Connection": "keep-alive"})
        assert idle.getresponse().status == 200
    assert not set(threading.enumerate()) - before
    with pytest.raises(ConnectionRefusedError):
        raw(url, "{}")
    idle.close()
    client.close()


def test_a_response_has_the_date_of_the_fakes_clock(aws: Any, plane: AppRunner) -> None:
    plane.clock.move(86_400)
    date = aws.list_services()["ResponseMetadata"]["HTTPHeaders"]["date"]
    assert parsedate_to_datetime(date).timestamp() == plane.clock.now()


def test_a_ticking_clock_advances_in_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.time", iter([1000.0, 1001.0]).__next__)
    clock = Clock(ticking=True)
    assert clock.now() == 1000
    clock.move(100)
    assert clock.now() == 1101
    stopped = Clock()
    assert stopped.now() == stopped.now()
    with pytest.raises(ValueError, match="must not be negative"):
        stopped.move(-1)


def test_two_planes_are_independent(aws: Any, plane: AppRunner) -> None:
    other = AppRunner(World(), account="210987654321")
    arn = running(aws, plane)
    assert status(aws, arn) == "RUNNING"
    assert other.call("ListServices", {}, "eu-west-1")["ServiceSummaryList"] == []

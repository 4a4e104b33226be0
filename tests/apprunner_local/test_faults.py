"""Injected faults."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import history, image, rejection, running, status

ORDERS = {"ServiceName": "orders", "SourceConfiguration": image()}


def test_the_next_call_fails_with_the_error_and_the_one_after_succeeds(aws: Any, plane: AppRunner) -> None:
    plane.faults.inject(Fault.error("CreateService", "InternalServiceErrorException", "not today"))
    assert aws.list_services()["ServiceSummaryList"] == []
    with pytest.raises(ClientError, match="not today") as failed:
        aws.create_service(**ORDERS)
    assert failed.value.response["Error"]["Code"] == "InternalServiceErrorException"
    assert failed.value.response["ResponseMetadata"]["HTTPStatusCode"] == 500
    assert aws.list_services()["ServiceSummaryList"] == []
    assert aws.create_service(**ORDERS)
    assert plane.faults.waiting == ()


def test_a_fault_can_affect_several_calls(aws: Any, plane: AppRunner) -> None:
    plane.faults.inject(Fault.throttle("ListServices", times=2))
    for _ in range(2):
        assert rejection(aws.list_services) == "ThrottlingException: Rate exceeded"
    assert aws.list_services()


def test_a_fault_can_be_limited_to_one_service(aws: Any, plane: AppRunner) -> None:
    orders, billing = running(aws, plane), running(aws, plane, "billing")
    for on in ("orders", orders):
        plane.faults.inject(Fault.throttle("DescribeService", on=on))
        assert status(aws, billing) == "RUNNING"
        assert rejection(aws.describe_service, ServiceArn=orders).startswith("ThrottlingException")
    plane.faults.inject(Fault.throttle("ListServices", on="orders"))
    assert len(aws.list_services(MaxResults=2)["ServiceSummaryList"]) == 2
    plane.faults.inject(Fault.fail_create(on="mail"))
    assert status(aws, running(aws, plane, "parcels")) == "RUNNING"
    assert status(aws, running(aws, plane, "mail")) == "CREATE_FAILED"


@pytest.mark.parametrize("done", [False, True])
def test_the_connection_drops_before_or_after_the_call_takes_effect(aws: Any, plane: AppRunner, done: bool) -> None:
    plane.faults.inject(Fault.drop("CreateService", takes_effect=done))
    with pytest.raises(ConnectionClosedError):
        aws.create_service(**ORDERS)
    assert [one["ServiceName"] for one in aws.list_services()["ServiceSummaryList"]] == ["orders"] * done


def test_a_call_can_take_effect_and_still_fail(aws: Any, plane: AppRunner) -> None:
    plane.faults.inject(Fault.error("CreateService", "InternalServiceErrorException", takes_effect=True))
    assert rejection(aws.create_service, **ORDERS).startswith("InternalServiceErrorException")
    assert "already exists" in rejection(aws.create_service, **ORDERS)


def test_an_operation_stays_in_progress_for_the_seconds_of_a_fault(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.faults.inject(Fault.slow("UpdateService", 3600))
    aws.update_service(ServiceArn=arn, HealthCheckConfiguration={"Interval": 10})
    plane.clock.move(3599)
    assert status(aws, arn) == "OPERATION_IN_PROGRESS"
    plane.clock.move(1)
    assert status(aws, arn) == "RUNNING"


def test_a_slow_failure_can_be_one_fault_or_two(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    both = ([Fault.roll_back(seconds=300)], [Fault.slow("UpdateService", 300), Fault.roll_back()])
    for faults in both:
        for fault in faults:
            plane.faults.inject(fault)
        aws.update_service(ServiceArn=arn, HealthCheckConfiguration={"Interval": 10})
        plane.clock.move(299)
        assert history(aws, arn)[0][1] == "ROLLBACK_IN_PROGRESS"
        plane.clock.move(1)
        assert history(aws, arn)[0][1] == "ROLLBACK_SUCCEEDED"
        assert plane.faults.waiting == ()


def test_an_ingress_connection_can_be_slow_and_fail(aws: Any, plane: AppRunner) -> None:
    service = running(aws, plane)
    plane.faults.inject(Fault("CreateVpcIngressConnection", fails=True, seconds=100))
    created = aws.create_vpc_ingress_connection(
        ServiceArn=service, VpcIngressConnectionName="entrance", IngressVpcConfiguration={}
    )["VpcIngressConnection"]
    arn = created["VpcIngressConnectionArn"]
    for seconds, expected in ((99, "PENDING_CREATION"), (1, "FAILED_CREATION")):
        plane.clock.move(seconds)
        connection = aws.describe_vpc_ingress_connection(VpcIngressConnectionArn=arn)["VpcIngressConnection"]
        assert connection["Status"] == expected


def test_a_call_that_is_rejected_anyway_consumes_no_fault(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.faults.inject(Fault.roll_back())
    aws.pause_service(ServiceArn=arn)
    rejection(aws.update_service, ServiceArn=arn, HealthCheckConfiguration={"Interval": 10})
    assert len(plane.faults.waiting) == 1
    plane.faults.clear()
    assert plane.faults.waiting == ()


def test_a_fault_without_an_effect_or_for_an_unknown_operation_is_an_error() -> None:
    with pytest.raises(ValueError, match="a fault must have an effect"):
        Fault("CreateService")
    with pytest.raises(ValueError, match="CreateServices"):
        Fault.throttle("CreateServices")

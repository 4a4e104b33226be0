"""Auto scaling and observability configurations, with their revisions."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner, Fault
from local_aws.requests import INVALID_REQUEST, NOT_FOUND, rejection, running


def scaling(aws: Any, name: str = "shared", **more: Any) -> dict[str, Any]:
    created: dict[str, Any] = aws.create_auto_scaling_configuration(AutoScalingConfigurationName=name, **more)
    return created["AutoScalingConfiguration"]


def described(aws: Any, arn: str) -> dict[str, Any]:
    response: dict[str, Any] = aws.describe_auto_scaling_configuration(AutoScalingConfigurationArn=arn)
    return response["AutoScalingConfiguration"]


def arns(aws: Any, **parameters: Any) -> list[str]:
    listed = aws.list_auto_scaling_configurations(**parameters)["AutoScalingConfigurationSummaryList"]
    return [one["AutoScalingConfigurationArn"] for one in listed]


def tracing(aws: Any, name: str = "traces") -> dict[str, Any]:
    created: dict[str, Any] = aws.create_observability_configuration(
        ObservabilityConfigurationName=name, TraceConfiguration={"Vendor": "AWSXRAY"}
    )
    return created["ObservabilityConfiguration"]


def test_an_existing_name_gets_a_further_revision(aws: Any) -> None:
    first, second = scaling(aws), scaling(aws, MaxSize=3)
    assert (first["AutoScalingConfigurationRevision"], second["AutoScalingConfigurationRevision"]) == (1, 2)
    assert "/autoscalingconfiguration/shared/2/".replace("/a", ":a", 1) in second["AutoScalingConfigurationArn"]
    first = described(aws, first["AutoScalingConfigurationArn"])
    assert (first["Latest"], second["Latest"]) == (False, True)
    assert (first["MaxSize"], second["MaxSize"]) == (25, 3)
    assert (first["Status"], second["Status"]) == ("active", "active")
    assert scaling(aws, "another")["AutoScalingConfigurationRevision"] == 1


def test_scaling_has_awss_defaults_and_ranges(aws: Any, plane: AppRunner) -> None:
    created = scaling(aws)
    assert (created["MaxConcurrency"], created["MinSize"], created["MaxSize"]) == (100, 1, 25)
    wrong = [{"MinSize": 26, "MaxSize": 30}, {"MaxConcurrency": 201}, {"MinSize": 5, "MaxSize": 4}]
    for sizes in wrong:
        rejected = rejection(aws.create_auto_scaling_configuration, AutoScalingConfigurationName="shared", **sizes)
        assert rejected.startswith(INVALID_REQUEST)
    assert scaling(aws, MinSize=4, MaxSize=4)["AutoScalingConfigurationRevision"] == 2
    assert len(plane.calls) == 5


def test_a_service_takes_the_latest_revision_of_a_name_and_shows_it_in_full(aws: Any, plane: AppRunner) -> None:
    first, second = scaling(aws), scaling(aws)
    by_name = first["AutoScalingConfigurationArn"].rsplit("/", 2)[0]
    arn = running(aws, plane, AutoScalingConfigurationArn=by_name)
    used = aws.describe_service(ServiceArn=arn)["Service"]["AutoScalingConfigurationSummary"]
    assert used["AutoScalingConfigurationArn"] == second["AutoScalingConfigurationArn"]
    assert used["HasAssociatedService"] is True
    aws.update_service(ServiceArn=arn, AutoScalingConfigurationArn=f"{by_name}/1")
    plane.clock.move(60)
    used = aws.describe_service(ServiceArn=arn)["Service"]["AutoScalingConfigurationSummary"]
    assert used["AutoScalingConfigurationArn"] == first["AutoScalingConfigurationArn"]
    assert described(aws, second["AutoScalingConfigurationArn"])["HasAssociatedService"] is False
    listed = aws.list_services_for_auto_scaling_configuration(
        AutoScalingConfigurationArn=first["AutoScalingConfigurationArn"]
    )
    assert listed["ServiceArnList"] == [arn]


def test_a_configuration_in_use_cannot_be_deleted(aws: Any, plane: AppRunner) -> None:
    first = scaling(aws)["AutoScalingConfigurationArn"]
    arn = running(aws, plane, AutoScalingConfigurationArn=first)
    second = scaling(aws)["AutoScalingConfigurationArn"]
    used = f"{INVALID_REQUEST}You can't delete the auto scaling configuration. It's used by one or more services."
    assert rejection(aws.delete_auto_scaling_configuration, AutoScalingConfigurationArn=first) == used
    everything = {"AutoScalingConfigurationArn": first.rsplit("/", 2)[0], "DeleteAllRevisions": True}
    assert rejection(aws.delete_auto_scaling_configuration, **everything) == used
    aws.update_service(ServiceArn=arn, AutoScalingConfigurationArn=second)
    assert rejection(aws.delete_auto_scaling_configuration, AutoScalingConfigurationArn=first) == used
    plane.clock.move(60)
    aws.delete_auto_scaling_configuration(AutoScalingConfigurationArn=first)
    assert rejection(aws.delete_auto_scaling_configuration, AutoScalingConfigurationArn=second) == used


@pytest.mark.parametrize("shows", ["old", "new"])
def test_after_a_rollback_the_running_and_the_described_settings_are_in_use(
    aws: Any, plane: AppRunner, shows: Any
) -> None:
    first, second = scaling(aws)["AutoScalingConfigurationArn"], scaling(aws)["AutoScalingConfigurationArn"]
    arn = running(aws, plane, AutoScalingConfigurationArn=first)
    plane.faults.inject(Fault.roll_back(shows=shows))
    aws.update_service(ServiceArn=arn, AutoScalingConfigurationArn=second)
    plane.clock.move(60)
    assert described(aws, first)["HasAssociatedService"] is True
    assert described(aws, second)["HasAssociatedService"] is (shows == "new")


def test_a_deleted_revision_is_inactive_and_the_one_before_is_the_latest(aws: Any, plane: AppRunner) -> None:
    first, second = scaling(aws)["AutoScalingConfigurationArn"], scaling(aws)["AutoScalingConfigurationArn"]
    answer = aws.delete_auto_scaling_configuration(AutoScalingConfigurationArn=second)
    assert answer["AutoScalingConfiguration"]["Status"] == "inactive"
    deleted = described(aws, second)
    assert (deleted["Status"], deleted["Latest"], "DeletedAt" in deleted) == ("inactive", False, True)
    assert described(aws, first)["Latest"] is True
    assert arns(aws, AutoScalingConfigurationName="shared") == [first]
    rejected = rejection(aws.delete_auto_scaling_configuration, AutoScalingConfigurationArn=second)
    assert rejected.startswith(f"{INVALID_REQUEST}The auto scaling configuration you specified has been deleted")
    arn = running(aws, plane)
    assert "not active" in rejection(aws.update_service, ServiceArn=arn, AutoScalingConfigurationArn=second)
    assert scaling(aws)["AutoScalingConfigurationRevision"] == 3


def test_all_revisions_of_a_name_can_be_deleted_at_once(aws: Any) -> None:
    first, other = scaling(aws)["AutoScalingConfigurationArn"], scaling(aws, "another")["AutoScalingConfigurationArn"]
    scaling(aws)
    delete = aws.delete_auto_scaling_configuration
    assert rejection(delete, AutoScalingConfigurationArn=first, DeleteAllRevisions=True) == (
        f"{INVALID_REQUEST}You cannot specify full auto scaling configuration ARN and DeleteAllRevisions as true at "
        "same time"
    )
    delete(AutoScalingConfigurationArn=first.rsplit("/", 2)[0], DeleteAllRevisions=True)
    assert arns(aws, AutoScalingConfigurationName="shared") == []
    assert other in arns(aws)


def test_the_latest_revisions_are_listed_alone_or_with_all(aws: Any) -> None:
    first, second = scaling(aws)["AutoScalingConfigurationArn"], scaling(aws)["AutoScalingConfigurationArn"]
    assert arns(aws, LatestOnly=False)[:2] == [second, first]
    assert first not in arns(aws)
    assert arns(aws, LatestOnly=True) == arns(aws)
    every = {"MaxResults": 2, "LatestOnly": False}
    page = aws.list_auto_scaling_configurations(**every)
    rest = aws.list_auto_scaling_configurations(**every, NextToken=page["NextToken"])
    assert [one["AutoScalingConfigurationName"] for one in rest["AutoScalingConfigurationSummaryList"]] == [
        "DefaultConfiguration"
    ]


def test_services_use_the_accounts_default_which_cannot_be_deleted(aws: Any, plane: AppRunner) -> None:
    (begin,) = arns(aws)
    rejected = rejection(aws.delete_auto_scaling_configuration, AutoScalingConfigurationArn=begin)
    assert rejected == f"{INVALID_REQUEST}You can't delete a reserved auto scaling configuration."
    assert described(aws, begin)["IsDefault"] is True
    mine = scaling(aws)["AutoScalingConfigurationArn"]
    aws.update_default_auto_scaling_configuration(AutoScalingConfigurationArn=mine)
    assert (described(aws, begin)["IsDefault"], described(aws, mine)["IsDefault"]) == (False, True)
    rejected = rejection(aws.delete_auto_scaling_configuration, AutoScalingConfigurationArn=mine)
    assert rejected == f"{INVALID_REQUEST}You can't delete the default auto scaling configuration."
    service = aws.describe_service(ServiceArn=running(aws, plane))["Service"]
    assert service["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"] == mine
    aws.delete_auto_scaling_configuration(AutoScalingConfigurationArn=begin)


def test_a_missing_configuration_is_not_found(aws: Any) -> None:
    arn = scaling(aws)["AutoScalingConfigurationArn"]
    for other in (
        arn.replace("/1/", "/2/"),
        f"{arn[:-1]}x",
        arn.replace("shared", "absent"),
        arn.replace("eu-", "us-"),
    ):
        rejected = rejection(aws.describe_auto_scaling_configuration, AutoScalingConfigurationArn=other)
        assert rejected.startswith(NOT_FOUND)


def test_a_name_means_this_account_and_region_only(aws: Any) -> None:
    name = scaling(aws)["AutoScalingConfigurationArn"].rsplit("/", 2)[0]
    assert described(aws, name)["AutoScalingConfigurationRevision"] == 1
    for other in (name.replace("123456789012", "210987654321"), name.replace("eu-west-1", "us-east-1")):
        rejected = rejection(aws.describe_auto_scaling_configuration, AutoScalingConfigurationArn=other)
        assert rejected.startswith(NOT_FOUND)


def test_observability_has_revisions_too(aws: Any) -> None:
    first, second = tracing(aws), tracing(aws)
    assert (first["ObservabilityConfigurationRevision"], second["ObservabilityConfigurationRevision"]) == (1, 2)
    assert (first["TraceConfiguration"], second["Latest"]) == ({"Vendor": "AWSXRAY"}, True)
    latest = aws.list_observability_configurations(ObservabilityConfigurationName="traces")
    listed = [one["ObservabilityConfigurationArn"] for one in latest["ObservabilityConfigurationSummaryList"]]
    assert listed == [second["ObservabilityConfigurationArn"]]
    aws.delete_observability_configuration(ObservabilityConfigurationArn=second["ObservabilityConfigurationArn"])
    response = aws.describe_observability_configuration(
        ObservabilityConfigurationArn=first["ObservabilityConfigurationArn"]
    )
    assert response["ObservabilityConfiguration"]["Latest"] is True


def test_observability_without_a_feature_is_accepted(aws: Any) -> None:
    created = aws.create_observability_configuration(ObservabilityConfigurationName="nothing")
    assert "TraceConfiguration" not in created["ObservabilityConfiguration"]


def test_observability_in_use_cannot_be_deleted(aws: Any, plane: AppRunner) -> None:
    arn = tracing(aws)["ObservabilityConfigurationArn"]
    on = {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": arn}
    service = running(aws, plane, ObservabilityConfiguration=on)
    assert "used by" in rejection(aws.delete_observability_configuration, ObservabilityConfigurationArn=arn)
    aws.delete_service(ServiceArn=service)
    plane.clock.move(30)
    deleted = aws.delete_observability_configuration(ObservabilityConfigurationArn=arn)
    assert deleted["ObservabilityConfiguration"]["Status"] == "INACTIVE"


def test_awss_own_observability_name_is_reserved(aws: Any) -> None:
    rejected = rejection(aws.create_observability_configuration, ObservabilityConfigurationName="DefaultConfiguration")
    assert rejected == f"{INVALID_REQUEST}The name DefaultConfiguration is reserved."
    (own,) = aws.list_observability_configurations()["ObservabilityConfigurationSummaryList"]
    arn = own["ObservabilityConfigurationArn"]
    assert "DefaultConfiguration" in rejection(
        aws.delete_observability_configuration, ObservabilityConfigurationArn=arn
    )


def released(plane: AppRunner, delete: Any, **parameters: Any) -> bool:
    """Return whether a deletion is rejected while the resource is not released yet, and accepted later."""
    plane.clock.move(99)
    rejected = rejection(delete, **parameters)
    plane.clock.move(1)
    delete(**parameters)
    return rejected.startswith(INVALID_REQUEST) and "used by" in rejected


def connector(aws: Any, name: str = "orders", group: str = "sg-0d3e4f50617283940") -> str:
    created = aws.create_vpc_connector(
        VpcConnectorName=name, Subnets=["subnet-0b1c2d3e4f5061728"], SecurityGroups=[group]
    )
    arn: str = created["VpcConnector"]["VpcConnectorArn"]
    return arn


def using(profile: str, traces: str, way: str) -> dict[str, Any]:
    egress = {"EgressType": "VPC", "VpcConnectorArn": way}
    return {
        "AutoScalingConfigurationArn": profile,
        "ObservabilityConfiguration": {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": traces},
        "NetworkConfiguration": {"EgressConfiguration": egress},
    }


@pytest.mark.parametrize("kind", ["scaling", "observability", "connector"])
@pytest.mark.parametrize("how", ["deleted", "moved", "rolled back"])
def test_a_services_resources_are_released_late(aws: Any, plane: AppRunner, kind: str, how: str) -> None:
    plane.world.durations.release = 100
    profile = scaling(aws)["AutoScalingConfigurationArn"]
    traces = tracing(aws)["ObservabilityConfigurationArn"]
    way = connector(aws)
    uses = using(profile, traces, way)
    others = using(
        scaling(aws)["AutoScalingConfigurationArn"],
        tracing(aws)["ObservabilityConfigurationArn"],
        connector(aws, "other", "sg-0a1b2c3d4e5f60718"),
    )
    if how == "rolled back":
        service = running(aws, plane, **others)
        plane.faults.inject(Fault.roll_back())
        aws.update_service(ServiceArn=service, **uses)
        plane.clock.move(60)
    else:
        service = running(aws, plane, **uses)
        if how == "moved":
            aws.update_service(ServiceArn=service, **others)
            plane.clock.move(60)
        else:
            aws.delete_service(ServiceArn=service)
            plane.clock.move(30)
    deletions: dict[str, Any] = {
        "scaling": (aws.delete_auto_scaling_configuration, {"AutoScalingConfigurationArn": profile}),
        "observability": (aws.delete_observability_configuration, {"ObservabilityConfigurationArn": traces}),
        "connector": (aws.delete_vpc_connector, {"VpcConnectorArn": way}),
    }
    delete, parameters = deletions[kind]
    assert released(plane, delete, **parameters)


def test_a_deleted_service_is_not_listed_by_its_scaling_configuration(aws: Any, plane: AppRunner) -> None:
    plane.world.durations.release = 100
    profile = scaling(aws)["AutoScalingConfigurationArn"]
    aws.delete_service(ServiceArn=running(aws, plane, AutoScalingConfigurationArn=profile))
    plane.clock.move(30)
    listed = aws.list_services_for_auto_scaling_configuration(AutoScalingConfigurationArn=profile)
    assert listed["ServiceArnList"] == []
    assert described(aws, profile)["HasAssociatedService"] is False

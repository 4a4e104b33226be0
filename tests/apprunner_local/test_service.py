"""A service's settings: those that CreateService and UpdateService accept, return and reject."""

from typing import Any

import pytest

from apprunner_local.apprunner import AppRunner
from local_aws.requests import INVALID_REQUEST, NOT_FOUND, client_of, image, rejection, running
from samples import ACCOUNT, IMAGE, KMS_KEY_ARN, OTHER_ROLE_ARN, PUBLIC_IMAGE, ROLE_ARN, SECRET_ARN, SERVICE_ARN

SECRETS = {"PASSWORD": SECRET_ARN}
NO_INSTANCE_ROLE = "Instance Role have to be provided if passing in RuntimeEnvironmentSecrets."


def shown(aws: Any, arn: str) -> dict[str, Any]:
    service: dict[str, Any] = aws.describe_service(ServiceArn=arn)["Service"]
    return service


def public(**more: Any) -> dict[str, Any]:
    repository = {"ImageIdentifier": PUBLIC_IMAGE, "ImageRepositoryType": "ECR_PUBLIC"}
    return {"ImageRepository": repository, **more}


def code(connection: str, **more: Any) -> dict[str, Any]:
    values = {"Runtime": "PYTHON_311", "StartCommand": "python app.py"}
    repository = {
        "RepositoryUrl": "https://example.com/shop/orders",
        "SourceCodeVersion": {"Type": "BRANCH", "Value": "main"},
        "CodeConfiguration": {"ConfigurationSource": "API", "CodeConfigurationValues": values},
    } | more
    return {"CodeRepository": repository, "AuthenticationConfiguration": {"ConnectionArn": connection}}


@pytest.fixture
def connection(aws: Any, plane: AppRunner) -> str:
    created = aws.create_connection(ConnectionName="github", ProviderType="GITHUB")["Connection"]
    plane.complete_handshake(created["ConnectionArn"])
    arn: str = created["ConnectionArn"]
    return arn


def test_secrets_need_an_instance_role(aws: Any, connection: str) -> None:
    from_code = code(connection)
    from_code["CodeRepository"]["CodeConfiguration"]["CodeConfigurationValues"] |= {
        "RuntimeEnvironmentSecrets": SECRETS
    }
    from_image = image()
    from_image["ImageRepository"]["ImageConfiguration"] = {"RuntimeEnvironmentSecrets": SECRETS}
    for source in (from_code, from_image):
        rejected = rejection(aws.create_service, ServiceName="orders", SourceConfiguration=source)
        assert rejected == f"{INVALID_REQUEST}{NO_INSTANCE_ROLE}"


def test_a_key_that_does_not_exist_is_rejected(aws: Any, plane: AppRunner) -> None:
    plane.world.key_exists = lambda arn: False
    encryption = {"KmsKey": KMS_KEY_ARN}
    rejected = rejection(
        aws.create_service, ServiceName="orders", SourceConfiguration=image(), EncryptionConfiguration=encryption
    )
    assert rejected == f"{INVALID_REQUEST}The KMS key does not exist or cannot be used: {KMS_KEY_ARN}"


def test_defaults_are_those_that_aws_documents(aws: Any, plane: AppRunner) -> None:
    service = shown(aws, running(aws, plane))
    assert service["InstanceConfiguration"] == {"Cpu": "1024", "Memory": "2048"}
    assert service["HealthCheckConfiguration"] == {
        "Protocol": "TCP",
        "Path": "/",
        "Interval": 5,
        "Timeout": 2,
        "HealthyThreshold": 1,
        "UnhealthyThreshold": 5,
    }
    assert service["NetworkConfiguration"] == {
        "EgressConfiguration": {"EgressType": "DEFAULT"},
        "IngressConfiguration": {"IsPubliclyAccessible": True},
        "IpAddressType": "IPV4",
    }
    assert service["SourceConfiguration"]["ImageRepository"]["ImageConfiguration"]["Port"] == "8080"
    assert "ObservabilityConfiguration" not in service
    assert service["AutoScalingConfigurationSummary"]["AutoScalingConfigurationName"] == "DefaultConfiguration"


def test_ids_arns_and_addresses_have_awss_format(aws: Any, plane: AppRunner) -> None:
    service = shown(aws, running(aws, plane))
    assert len(service["ServiceId"]) == 32
    assert service["ServiceArn"] == f"arn:aws:apprunner:eu-west-1:{ACCOUNT}:service/orders/{service['ServiceId']}"
    assert service["ServiceUrl"].endswith(".eu-west-1.awsapprunner.com")


def test_sizes_are_returned_as_numbers(aws: Any, plane: AppRunner) -> None:
    size = {"Cpu": "0.25 vCPU", "Memory": "0.5 GB"}
    arn = running(aws, plane, InstanceConfiguration=size)
    assert shown(aws, arn)["InstanceConfiguration"] == {"Cpu": "256", "Memory": "512"}


@pytest.mark.parametrize(
    ("parameters", "what"),
    [
        ({"ServiceName": "-orders"}, "ServiceName"),
        ({"InstanceConfiguration": {"Cpu": "25600"}}, "Cpu"),
        ({"HealthCheckConfiguration": {"Interval": 21}}, "Interval"),
        ({"HealthCheckConfiguration": {"Protocol": "HTTPS"}}, "Protocol"),
        ({"EncryptionConfiguration": {"KmsKey": KMS_KEY_ARN.replace("key/", "key/mrk-")}}, "KmsKey"),
        ({"Tags": [{"Key": "aws:team", "Value": "a"}]}, "Key"),
        ({"SourceConfiguration": image("docker.io/library/nginx")}, "ImageIdentifier"),
    ],
)
def test_patterns_enums_and_ranges_are_those_of_the_model(
    aws: Any, plane: AppRunner, parameters: dict[str, Any], what: str
) -> None:
    wanted = {"ServiceName": "orders", "SourceConfiguration": image()} | parameters
    rejected = rejection(aws.create_service, **wanted)
    assert rejected.startswith(INVALID_REQUEST)
    assert what in rejected


@pytest.mark.parametrize(("cpu", "memory"), [("2048", "3072"), ("256", "2 GB"), ("4 vCPU", "4096")])
def test_cpu_and_memory_must_be_a_supported_pair(aws: Any, cpu: str, memory: str) -> None:
    parameters = {"InstanceConfiguration": {"Cpu": cpu, "Memory": memory}}
    rejected = rejection(aws.create_service, ServiceName="orders", SourceConfiguration=image(), **parameters)
    assert rejected == f"{INVALID_REQUEST}Cpu {cpu} and Memory {memory} are not a supported combination."


def test_an_update_rejects_a_memory_that_the_current_cpu_does_not_support(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    assert "are not a supported combination" in rejection(
        aws.update_service, ServiceArn=arn, InstanceConfiguration={"Memory": "6 GB"}
    )


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ({"AutoDeploymentsEnabled": False}, "either CodeRepository or ImageRepository"),
        (image() | code("arn:aws:apprunner:eu-west-1:123456789012:connection/a/1"), "but not both"),
        (public(AuthenticationConfiguration={"AccessRoleArn": ROLE_ARN}), "not for images of ECR Public"),
        ({"ImageRepository": image()["ImageRepository"]}, "AccessRoleArn is required"),
        (public(AutoDeploymentsEnabled=True), "Automatic deployments"),
        (image(IMAGE.replace(ACCOUNT, "210987654321"), AutoDeploymentsEnabled=True), "Automatic deployments"),
        (image(PUBLIC_IMAGE), "ImageRepositoryType"),
        (image(variables={"PORT": "80"}), "PORT is reserved"),
        (image(variables={"AWSAPPRUNNER_A": "b"}), "AWSAPPRUNNER_A is reserved"),
    ],
)
def test_an_invalid_source_is_rejected(aws: Any, source: dict[str, Any], what: str) -> None:
    rejected = rejection(aws.create_service, ServiceName="orders", SourceConfiguration=source)
    assert rejected.startswith(INVALID_REQUEST)
    assert what in rejected


@pytest.mark.parametrize(
    ("source", "automatic"),
    [
        (image(), True),
        (image(IMAGE.replace(ACCOUNT, "210987654321")), False),
        (public(), False),
    ],
)
def test_only_images_of_the_account_are_deployed_automatically_by_default(
    aws: Any, plane: AppRunner, source: dict[str, Any], automatic: bool
) -> None:
    source = {key: value for key, value in source.items() if key != "AutoDeploymentsEnabled"}
    service = shown(aws, running(aws, plane, SourceConfiguration=source))
    assert service["SourceConfiguration"]["AutoDeploymentsEnabled"] is automatic


def test_a_code_service_needs_a_connection_with_a_completed_handshake(aws: Any, plane: AppRunner) -> None:
    arn = aws.create_connection(ConnectionName="github", ProviderType="GITHUB")["Connection"]["ConnectionArn"]
    assert "AVAILABLE" in rejection(aws.create_service, ServiceName="orders", SourceConfiguration=code(arn))
    plane.complete_handshake(arn)
    service = shown(aws, running(aws, plane, SourceConfiguration=code(arn)))
    assert service["SourceConfiguration"]["AutoDeploymentsEnabled"] is True


def test_a_code_service_needs_its_configuration_source_at_creation(aws: Any, plane: AppRunner, connection: str) -> None:
    without = code(connection)
    del without["CodeRepository"]["CodeConfiguration"]
    rejected = rejection(aws.create_service, ServiceName="orders", SourceConfiguration=without)
    assert "CodeConfiguration is required" in rejected
    arn = running(aws, plane, SourceConfiguration=code(connection))
    aws.update_service(ServiceArn=arn, SourceConfiguration=without)
    assert shown(aws, arn)["SourceConfiguration"] == running_source(aws, arn)
    assert "CodeConfigurationValues" in shown(aws, arn)["SourceConfiguration"]["CodeRepository"]["CodeConfiguration"]


def running_source(aws: Any, arn: str) -> Any:
    return shown(aws, arn)["SourceConfiguration"]


def test_a_code_service_without_a_connection_or_values_is_rejected(aws: Any, connection: str) -> None:
    source = {"CodeRepository": code(connection)["CodeRepository"]}
    assert "ConnectionArn is required" in rejection(
        aws.create_service, ServiceName="orders", SourceConfiguration=source
    )
    source = code(connection, CodeConfiguration={"ConfigurationSource": "API"})
    rejected = rejection(aws.create_service, ServiceName="orders", SourceConfiguration=source)
    assert "CodeConfigurationValues is required" in rejected


def test_an_update_cannot_change_between_code_and_image(aws: Any, plane: AppRunner, connection: str) -> None:
    rejected = "You can't change a service between a code repository and an image repository."
    arn = running(aws, plane)
    assert rejected in rejection(aws.update_service, ServiceArn=arn, SourceConfiguration=code(connection))
    arn = running(aws, plane, "billing", SourceConfiguration=code(connection))
    assert rejected in rejection(aws.update_service, ServiceArn=arn, SourceConfiguration=image())


def test_an_update_keeps_the_blocks_that_it_does_not_contain(aws: Any, plane: AppRunner) -> None:
    arn = running(
        aws,
        plane,
        InstanceConfiguration={"Cpu": "256", "Memory": "512", "InstanceRoleArn": OTHER_ROLE_ARN},
        HealthCheckConfiguration={"Interval": 20},
    )
    before = shown(aws, arn)
    aws.update_service(ServiceArn=arn, SourceConfiguration=image(variables={"A": "b"}))
    plane.clock.move(60)
    after = shown(aws, arn)
    changed = {"UpdatedAt", "SourceConfiguration"}
    assert {key for key in after if after[key] != before.get(key)} == changed | {"ResponseMetadata"} & set(after)


def test_an_update_can_change_a_private_image_to_a_public_one(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    aws.update_service(ServiceArn=arn, SourceConfiguration=public())
    assert "AuthenticationConfiguration" not in shown(aws, arn)["SourceConfiguration"]


def test_name_and_encryption_cannot_be_updated(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane, EncryptionConfiguration={"KmsKey": KMS_KEY_ARN})
    assert shown(aws, arn)["EncryptionConfiguration"] == {"KmsKey": KMS_KEY_ARN}
    members = aws.meta.service_model.operation_model("UpdateService").input_shape.members
    for member, value in {"ServiceName": "else", "EncryptionConfiguration": {"KmsKey": KMS_KEY_ARN}}.items():
        assert member not in members
        with pytest.raises(Exception, match=f"{member}: unknown member"):
            plane.call("UpdateService", {"ServiceArn": arn, member: value}, "eu-west-1")


def test_a_name_is_unique_until_its_service_is_deleted(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    wanted = {"ServiceName": "orders", "SourceConfiguration": image()}
    taken = f"{INVALID_REQUEST}Service with the provided name already exists: orders."
    assert rejection(aws.create_service, **wanted) == taken
    aws.pause_service(ServiceArn=arn)
    plane.clock.move(20)
    assert rejection(aws.create_service, **wanted) == taken
    aws.delete_service(ServiceArn=arn)
    assert rejection(aws.create_service, **wanted) == taken
    plane.clock.move(30)
    assert aws.create_service(**wanted)["Service"]["ServiceArn"] != arn


def test_another_region_has_other_services(aws: Any, plane: AppRunner, served: tuple[AppRunner, str]) -> None:
    arn = running(aws, plane)
    elsewhere = client_of(served[1], region="us-east-1")
    assert elsewhere.list_services()["ServiceSummaryList"] == []
    assert elsewhere.create_service(ServiceName="orders", SourceConfiguration=image())
    assert rejection(elsewhere.describe_service, ServiceArn=arn).startswith(NOT_FOUND)


@pytest.mark.parametrize(
    ("network", "what"),
    [
        ({"EgressType": "VPC"}, "is required with the EgressType VPC"),
        ({"EgressType": "DEFAULT", "VpcConnectorArn": SERVICE_ARN}, "is required with the EgressType VPC"),
        ({"EgressType": "VPC", "VpcConnectorArn": SERVICE_ARN}, "not of a vpcconnector"),
    ],
)
def test_egress_requires_a_connector_with_vpc_only(aws: Any, network: dict[str, Any], what: str) -> None:
    parameters = {"NetworkConfiguration": {"EgressConfiguration": network}}
    assert what in rejection(aws.create_service, ServiceName="orders", SourceConfiguration=image(), **parameters)


def test_a_private_service_has_no_public_address(aws: Any, plane: AppRunner) -> None:
    network = {"IngressConfiguration": {"IsPubliclyAccessible": False}}
    arn = running(aws, plane, NetworkConfiguration=network)
    assert "ServiceUrl" not in shown(aws, arn)
    (listed,) = aws.list_services()["ServiceSummaryList"]
    assert "ServiceUrl" not in listed
    assert aws.describe_custom_domains(ServiceArn=arn)["DNSTarget"].endswith(".eu-west-1.awsapprunner.com")


def test_a_service_without_a_domain_can_have_no_dns_target(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    plane.world.dns_target_without_domain = False
    assert aws.describe_custom_domains(ServiceArn=arn)["DNSTarget"] == ""
    assert aws.associate_custom_domain(ServiceArn=arn, DomainName="shop.example.com")["DNSTarget"]
    assert aws.describe_custom_domains(ServiceArn=arn)["DNSTarget"]


def test_observability_is_enabled_with_a_configuration_and_disabled_without(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    known = f"arn:aws:apprunner:eu-west-1:{ACCOUNT}:observabilityconfiguration/DefaultConfiguration"
    for wrong in (
        {"ObservabilityEnabled": True},
        {"ObservabilityEnabled": False, "ObservabilityConfigurationArn": known},
    ):
        rejected = rejection(aws.update_service, ServiceArn=arn, ObservabilityConfiguration=wrong)
        assert "ObservabilityConfigurationArn" in rejected
    on = {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": known}
    aws.update_service(ServiceArn=arn, ObservabilityConfiguration=on)
    plane.clock.move(60)
    configuration = shown(aws, arn)["ObservabilityConfiguration"]["ObservabilityConfigurationArn"]
    assert configuration == f"{known}/1/{1:032x}"
    aws.update_service(ServiceArn=arn, ObservabilityConfiguration={"ObservabilityEnabled": False})
    assert shown(aws, arn)["ObservabilityConfiguration"] == {"ObservabilityEnabled": False}


def test_a_service_created_in_the_console_has_an_observability_block(aws: Any, plane: AppRunner) -> None:
    plane.world.created_in_console = True
    assert shown(aws, running(aws, plane))["ObservabilityConfiguration"] == {"ObservabilityEnabled": False}


def test_another_update_adds_no_observability_block(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    aws.update_service(ServiceArn=arn, HealthCheckConfiguration={"Interval": 20})
    assert "ObservabilityConfiguration" not in shown(aws, arn)


def test_an_update_without_settings_is_rejected(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane)
    rejected = rejection(aws.update_service, ServiceArn=arn)
    assert rejected == f"{INVALID_REQUEST}No configurations provided in the UpdateService request."
    assert [one["Type"] for one in aws.list_operations(ServiceArn=arn)["OperationSummaryList"]] == ["CREATE_SERVICE"]


@pytest.mark.parametrize("kind", ["access", "instance"])
def test_a_role_can_be_assumed_only_some_time_after_its_creation(aws: Any, plane: AppRunner, kind: str) -> None:
    role = ROLE_ARN if kind == "access" else OTHER_ROLE_ARN
    ready_at = plane.clock.now() + 10
    plane.world.role_ready = lambda arn, principal: arn != role or plane.clock.now() >= ready_at
    wanted = {
        "ServiceName": "orders",
        "SourceConfiguration": image(),
        "InstanceConfiguration": {"InstanceRoleArn": OTHER_ROLE_ARN},
    }
    assert rejection(aws.create_service, **wanted) == f"{INVALID_REQUEST}Error in assuming {kind} role {role}"
    assert aws.list_services()["ServiceSummaryList"] == []
    plane.clock.move(10)
    assert aws.create_service(**wanted)


def test_tags_are_deleted_with_the_service(aws: Any, plane: AppRunner) -> None:
    arn = running(aws, plane, Tags=[{"Key": "team", "Value": "shop"}, {"Key": "cost", "Value": "1"}])
    aws.tag_resource(ResourceArn=arn, Tags=[{"Key": "cost", "Value": "2"}])
    aws.untag_resource(ResourceArn=arn, TagKeys=["team", "unknown"])
    assert aws.list_tags_for_resource(ResourceArn=arn)["Tags"] == [{"Key": "cost", "Value": "2"}]
    aws.delete_service(ServiceArn=arn)
    plane.clock.move(30)
    assert rejection(aws.list_tags_for_resource, ResourceArn=arn).startswith(NOT_FOUND)

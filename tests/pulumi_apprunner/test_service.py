"""AppRunnerService: its children, inputs and outputs."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    BoundSecrets,
    Code,
    Image,
    InstanceRole,
    Scaling,
    Size,
)
from pulumi_apprunner.offline.stubs import resources as stubs
from pulumi_apprunner.offline.stubs.request import Stub
from pulumi_apprunner.testing import run
from samples import (
    CONNECTION_ARN,
    DIGEST,
    IMAGE,
    KMS_KEY_ARN,
    LATEST_SCALING_ARN,
    POLICY_ARN,
    PUBLIC_IMAGE,
    SCALING_ARN,
    SECRET_ARN,
    SERVICE_ARN,
)
from services import (
    ATTACHMENT,
    CODE,
    FILE,
    OBSERVABILITY,
    PRIVATE,
    PUBLIC,
    ROLE,
    ROLE_POLICY,
    SCALING,
    SERVICE,
    service,
    service_errors,
    service_graph,
)


def test_a_service_with_every_option_has_these_children() -> None:
    graph = service_graph(
        image=PRIVATE,
        tracing=True,
        instance_role=InstanceRole(policy_arns={"catalogue": POLICY_ARN}),
        secrets=[BoundSecrets(value_from={"A": SECRET_ARN}, policy_document=json.dumps({"Statement": [{"Sid": "x"}]}))],
    )
    assert children(graph, "api") == [
        (SCALING, "api-scaling"),
        (OBSERVABILITY, "api-observability"),
        (SERVICE, "api-service"),
        (ROLE, "api-access-role"),
        (ROLE, "api-instance-role"),
        (ROLE_POLICY, "api-access-policy"),
        (ROLE_POLICY, "api-instance-policy"),
        (ATTACHMENT, "api-instance-policy-catalogue"),
    ]


def test_a_private_image_has_all_inputs() -> None:
    graph = service_graph(image=PRIVATE)
    assert graph.one(SERVICE).inputs == {
        "serviceName": "project-api-staging",
        "sourceConfiguration": {
            "autoDeploymentsEnabled": False,
            "authenticationConfiguration": {"accessRoleArn": graph.named("api-access-role").outputs["arn"]},
            "imageRepository": {
                "imageIdentifier": IMAGE,
                "imageRepositoryType": "ECR",
                "imageConfiguration": {
                    "port": "8080",
                    "startCommand": None,
                    "runtimeEnvironmentVariables": {},
                    "runtimeEnvironmentSecrets": {},
                },
            },
        },
        "instanceConfiguration": {
            "cpu": "1024",
            "memory": "2048",
            "instanceRoleArn": graph.named("api-instance-role").outputs["arn"],
        },
        "autoScalingConfigurationArn": graph.named("api-scaling").outputs["arn"],
        "healthCheckConfiguration": {
            "protocol": "TCP",
            "path": "/",
            "interval": 5,
            "timeout": 2,
            "healthyThreshold": 1,
            "unhealthyThreshold": 5,
        },
        "networkConfiguration": {
            "egressConfiguration": {"egressType": "DEFAULT"},
            "ingressConfiguration": {"isPubliclyAccessible": True},
            "ipAddressType": "IPV4",
        },
        "tags": {},
    }


def test_code_that_is_configured_here_has_its_runtime_and_commands() -> None:
    code = Code(
        connection_arn=CONNECTION_ARN,
        repository_url="https://github.com/example/orders",
        branch="release",
        source_directory="/api",
        runtime="PYTHON_311",
        build_command="pip install .",
    )
    block = service(code=code, port=8000, start_command="serve", environment={"LEVEL": "info"})["sourceConfiguration"]
    assert block == {
        "autoDeploymentsEnabled": False,
        "authenticationConfiguration": {"connectionArn": CONNECTION_ARN},
        "codeRepository": {
            "repositoryUrl": "https://github.com/example/orders",
            "sourceCodeVersion": {"type": "BRANCH", "value": "release"},
            "sourceDirectory": "/api",
            "codeConfiguration": {
                "configurationSource": "API",
                "codeConfigurationValues": {
                    "runtime": "PYTHON_311",
                    "buildCommand": "pip install .",
                    "port": "8000",
                    "startCommand": "serve",
                    "runtimeEnvironmentVariables": {"LEVEL": "info"},
                    "runtimeEnvironmentSecrets": {},
                },
            },
        },
    }


def test_code_that_its_file_configures_has_no_runtime_and_commands() -> None:
    assert service(code=FILE)["sourceConfiguration"]["codeRepository"] == {
        "repositoryUrl": "https://github.com/example/orders",
        "sourceCodeVersion": {"type": "BRANCH", "value": "main"},
        "sourceDirectory": "/",
        "codeConfiguration": {"configurationSource": "REPOSITORY"},
    }


@pytest.mark.parametrize("size", [Size(cpu="2 vCPU", memory="6 GB"), Size(cpu="2048", memory="6144")])
def test_sizes_are_sent_as_the_api_returns_them(size: Size) -> None:
    block = service(size=size)["instanceConfiguration"]
    assert (block["cpu"], block["memory"]) == ("2048", "6144")


def test_a_key_for_the_image_copy_and_logs_is_sent() -> None:
    assert service(kms_key_arn=KMS_KEY_ARN)["encryptionConfiguration"] == {"kmsKey": KMS_KEY_ARN}


@pytest.mark.parametrize("source", [{"image": PRIVATE}, {"code": CODE}])
def test_automatic_deployments_are_enabled_by_an_argument(source: dict[str, Any]) -> None:
    assert service(**source, auto_deployments_enabled=True)["sourceConfiguration"]["autoDeploymentsEnabled"] is True


def test_every_child_that_supports_tags_has_them() -> None:
    graph = service_graph(image=PRIVATE, tracing=True, tags={"team": "orders"})
    taggable = [each for each in graph.children("api") if each.type != ROLE_POLICY]
    assert len(taggable) == 5
    assert all(each["tags"] == {"team": "orders"} for each in taggable)


def test_without_tracing_aws_keeps_the_observability_block_that_it_has() -> None:
    without = service_graph(image=PRIVATE).one(SERVICE)
    assert "observabilityConfiguration" not in without.inputs
    assert without.ignore_changes == ("observabilityConfiguration",)


IMAGE_PATH = "sourceConfiguration.imageRepository.imageIdentifier"


def test_an_update_keeps_the_image_that_ci_deploys() -> None:
    deployed_by_ci = service_graph(image=Image(identifier=IMAGE, managed_by="ci"), tracing=False).one(SERVICE)
    assert deployed_by_ci["sourceConfiguration"]["imageRepository"]["imageIdentifier"] == IMAGE
    assert deployed_by_ci.ignore_changes == (IMAGE_PATH,)
    untraced = service_graph(image=Image(identifier=IMAGE, managed_by="ci")).one(SERVICE)
    assert untraced.ignore_changes == ("observabilityConfiguration", IMAGE_PATH)


def test_images_are_managed_by_pulumi_or_ci() -> None:
    assert service_errors(image={"identifier": IMAGE, "managed_by": "jenkins"}) == {
        "image.managed_by": 'must be "pulumi" or "ci", got "jenkins"'
    }


def test_tracing_is_disabled_by_an_explicit_block() -> None:
    off = service_graph(image=PRIVATE, tracing=False).one(SERVICE)
    assert off.inputs["observabilityConfiguration"] == {"observabilityEnabled": False}
    assert not off.ignore_changes


def test_tracing_is_enabled_by_a_block_that_is_not_ignored() -> None:
    on = service_graph(image=PRIVATE, tracing=True).one(SERVICE)
    assert on.inputs["observabilityConfiguration"]["observabilityEnabled"] is True
    assert not on.ignore_changes


@pytest.mark.parametrize(("service_url", "url"), [("abc.awsapprunner.com", "https://abc.awsapprunner.com"), ("", None)])
def test_a_private_service_has_an_address_if_aws_returns_one(
    service_url: str, url: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    outputs = {"arn": SERVICE_ARN, "serviceId": SERVICE_ARN[-32:], "serviceUrl": service_url, "status": "RUNNING"}
    monkeypatch.setitem(
        stubs.RESOURCE_STUBS,  # pyright: ignore[reportArgumentType]
        SERVICE,
        lambda request: Stub(SERVICE_ARN, outputs),
    )
    graph = service_graph(image=PRIVATE, is_publicly_accessible=False)
    assert graph.named("api").outputs.get("url") == url


def test_names_consist_of_project_component_and_stack() -> None:
    graph = service_graph(image=PRIVATE, tracing=True, stack="prod")
    assert graph.one(SERVICE)["serviceName"] == "project-api-prod"
    assert graph.named("api-access-role")["name"] == "project-api-prod-access"
    assert graph.named("api-instance-role")["name"] == "project-api-prod-instance"
    assert graph.named("api-scaling")["autoScalingConfigurationName"] == "project-api-prod"
    assert graph.named("api-observability")["observabilityConfigurationName"] == "project-api-prod"


def test_service_name_sets_the_name() -> None:
    assert service(service_name="orders")["serviceName"] == "orders"


def test_two_long_names_are_shortened_and_differ() -> None:
    names = ["orders-and-invoices-and-deliveries-of-europe", "orders-and-invoices-and-deliveries-of-asia"]

    def program() -> None:
        for name in names:
            AppRunnerService(name, AppRunnerServiceArgs(image=PUBLIC))

    services = plan(program, stack="staging").all(SERVICE)
    results = {each["serviceName"] for each in services}
    assert len(results) == 2
    assert {len(name) for name in results} == {40}
    assert all(name.startswith("orders-and-invoices-and-deliver") for name in results)


def test_names_that_differ_only_in_unsupported_characters_differ() -> None:
    def program() -> None:
        for name in ("orders.api", "orders api", "orders-api"):
            AppRunnerService(name, AppRunnerServiceArgs(image=PUBLIC))

    assert len({each["serviceName"] for each in plan(program).all(SERVICE)}) == 3


@pytest.mark.parametrize("name", ["größe", "a", "café/api", "-", "日本", "a.b.c", "x" * 200])
def test_any_component_name_becomes_a_name_that_aws_accepts(name: str) -> None:
    plan(lambda: AppRunnerService(name, AppRunnerServiceArgs(image=PRIVATE, tracing=True)), stack="s")


def test_scaling_creates_a_profile_with_these_numbers() -> None:
    graph = service_graph(scaling=Scaling(min_size=2, max_size=10, max_concurrency=50), tags={"a": "b"})
    assert graph.one(SCALING).inputs == {
        "autoScalingConfigurationName": "project-api-staging",
        "minSize": 2,
        "maxSize": 10,
        "maxConcurrency": 50,
        "tags": {"a": "b"},
    }


def test_a_profile_is_never_deleted_before_it_is_replaced() -> None:
    assert service_graph().one(SCALING).delete_before_replace is None


@pytest.mark.parametrize("arn", [SCALING_ARN, LATEST_SCALING_ARN])
def test_a_shared_profile_is_used_with_or_without_its_revision(arn: str) -> None:
    graph = service_graph(auto_scaling_configuration_arn=arn)
    assert graph.one(SERVICE)["autoScalingConfigurationArn"] == arn
    assert not graph.all(SCALING)


def test_an_image_that_is_an_output_is_private_by_default() -> None:
    def program() -> None:
        repository = aws.ecr.Repository("orders")
        identifier = pulumi.Output.format("{0}:1.4.2", repository.repository_url)
        AppRunnerService("private", AppRunnerServiceArgs(image=Image(identifier=identifier)))
        late = pulumi.Output.from_input(PUBLIC_IMAGE)
        AppRunnerService("public", AppRunnerServiceArgs(image=Image(identifier=late, repository_type="ECR_PUBLIC")))

    graph = run(program)
    types = {
        each.name: each["sourceConfiguration"]["imageRepository"]["imageRepositoryType"] for each in graph.all(SERVICE)
    }
    assert types == {"private-service": "ECR", "public-service": "ECR_PUBLIC"}
    assert [role.name for role in graph.all(ROLE)] == [
        "private-access-role",
        "private-instance-role",
        "public-instance-role",
    ]


def test_an_output_image_of_another_type_is_an_error_with_the_path() -> None:
    def program() -> None:
        late = pulumi.Output.from_input(PUBLIC_IMAGE)
        AppRunnerService("api", AppRunnerServiceArgs(image=Image(identifier=late)))

    assert problems(program) == {
        "image.repository_type": 'must be ECR_PUBLIC, the type of the identifier, got "ECR". Set it, since it '
        "determines whether an access role is created"
    }


def test_a_replaced_service_is_deleted_first_since_its_name_is_unique() -> None:
    assert service_graph().one(SERVICE).delete_before_replace is True


def test_only_a_change_between_image_and_code_replaces_the_service() -> None:
    newer = Image(identifier="public.ecr.aws/docker/library/nginx:1.28")
    assert service().replacement_trigger == service(image=newer).replacement_trigger
    assert service(code=CODE).replacement_trigger == service(code=FILE).replacement_trigger
    assert service().replacement_trigger != service(code=CODE).replacement_trigger
    assert service().replace_on_changes == ()


@pytest.mark.parametrize("protect", [True, False])
def test_protect_applies_to_the_service_only(protect: bool) -> None:
    graph = service_graph(protect=protect)
    assert graph.one(SERVICE).protect is protect
    assert graph.named("api-instance-role").protect is False


def test_options_reach_every_child() -> None:
    def program() -> None:
        elsewhere = aws.Provider("elsewhere", region="us-west-2")
        before = aws.sqs.Queue("before")
        opts = pulumi.ResourceOptions(
            protect=True, provider=elsewhere, depends_on=[before], aliases=[pulumi.Alias(name="old")]
        )
        AppRunnerService("api", AppRunnerServiceArgs(image=PRIVATE, tracing=True), opts)

    graph = run(program)
    component = graph.named("api")
    # The engine applies a component's aliases and dependencies to its children, which are registered after it.
    assert component.aliases == (f"urn:pulumi:stack::project::{component.type}::old",)
    assert dependencies(graph, component) == ["before"]
    assert len(graph.children("api")) == 7
    for child in graph.children("api"):
        assert child.protect
        assert child.provider == graph.named("elsewhere").urn


def test_outputs_are_registered() -> None:
    graph = service_graph(image=PRIVATE)
    arn = graph.one(SERVICE).outputs["arn"]
    service_id = arn.rpartition("/")[2]
    assert graph.named("api").outputs == {
        "arn": arn,
        "serviceId": service_id,
        "serviceName": "project-api-staging",
        "url": f"https://{graph.one(SERVICE).outputs['serviceUrl']}",
        "status": "RUNNING",
        "instanceRoleArn": graph.named("api-instance-role").outputs["arn"],
        "instanceRoleName": "project-api-staging-instance",
        "accessRoleArn": graph.named("api-access-role").outputs["arn"],
        "accessRoleName": "project-api-staging-access",
        "applicationLogGroup": f"/aws/apprunner/project-api-staging/{service_id}/application",
        "serviceLogGroup": f"/aws/apprunner/project-api-staging/{service_id}/service",
    }


def test_automatic_deployment_of_a_digest_is_a_warning() -> None:
    pinned = Image(identifier=IMAGE.replace(":1.4.2", f"@{DIGEST}"))
    assert service_graph(image=pinned, auto_deployments_enabled=True).messages == (
        "warning: auto_deployments_enabled: must be False for an image with a digest, got True. A digest never "
        "changes, so nothing is deployed for the $1.00 a month. Use a tag, or set it to False",
    )
    assert service_graph(image=pinned).messages == ()
    assert service_graph(image=PRIVATE, auto_deployments_enabled=True).messages == ()


def test_a_runtime_whose_support_has_ended_is_a_warning() -> None:
    old = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders", runtime="NODEJS_18")
    assert service_graph(code=old).messages == (
        "warning: code.runtime: must be a runtime that AWS supports, got NODEJS_18, whose support ended on 2025-12-01. "
        "Use NODEJS_22",
    )
    assert service_graph(code=CODE).messages == ()

"""A service: what it makes, and what App Runner is told."""

import json
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from offline import children, dependencies, plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    BoundSecrets,
    Code,
    HealthCheck,
    Image,
    InstanceRole,
    Scaling,
    SecretsBinding,
    SecretSource,
    Size,
)
from pulumi_apprunner.testing import Graph, Resource, Secret, run
from samples import (
    BOUNDARY_ARN,
    CONNECTION_ARN,
    CONNECTOR_ARN,
    DIGEST,
    IMAGE,
    KMS_KEY_ARN,
    LATEST_SCALING_ARN,
    OBSERVABILITY_ARN,
    OTHER_ROLE_ARN,
    POLICY_ARN,
    PUBLIC_IMAGE,
    ROLE_ARN,
    SCALING_ARN,
    SECRET_ARN,
)

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
OBSERVABILITY = "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration"
SERVICE = "aws:apprunner/service:Service"

PRIVATE = Image(identifier=IMAGE)
PUBLIC = Image(identifier=PUBLIC_IMAGE)
CODE = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders", runtime="PYTHON_311")
FILE = Code(
    connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders", configuration_source="REPOSITORY"
)


def made(opts: pulumi.ResourceOptions | None = None, *, stack: str = "staging", **args: Any) -> Graph:
    """Return the graph of one service called api."""
    args = {"image": PUBLIC} | args if "code" not in args else args
    return plan(lambda: AppRunnerService("api", AppRunnerServiceArgs(**args), opts), stack=stack)


def service(**args: Any) -> Resource:
    return made(**args).the(SERVICE)


def image_configuration(**args: Any) -> Any:
    return service(**args)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]


def document(graph: Graph, name: str, key: str = "policy") -> Any:
    return json.loads(graph.named(name)[key])


def allowed(action: Any, resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def trusts(principal: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


# What is made


def test_a_private_image_needs_an_access_role_beside_the_instance_role_and_the_scaling_profile() -> None:
    assert children(made(image=PRIVATE), "api") == [
        (SCALING, "api-scaling"),
        (SERVICE, "api-service"),
        (ROLE, "api-access-role"),
        (ROLE, "api-instance-role"),
        (ROLE_POLICY, "api-access-policy"),
    ]


@pytest.mark.parametrize("source", [{"image": PUBLIC}, {"code": CODE}, {"code": FILE}])
def test_public_images_and_code_need_no_access_role(source: dict[str, Any]) -> None:
    graph = made(**source)
    assert children(graph, "api") == [(SCALING, "api-scaling"), (SERVICE, "api-service"), (ROLE, "api-instance-role")]
    assert "accessRoleArn" not in graph.the(SERVICE)["sourceConfiguration"].get("authenticationConfiguration", {})
    assert graph.named("api").outputs.get("accessRoleArn") is None


def test_everything_at_once_makes_these_children() -> None:
    graph = made(
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


# What App Runner is told


def test_a_private_image_is_sent_in_full() -> None:
    graph = made(image=PRIVATE)
    assert graph.the(SERVICE).inputs == {
        "serviceName": "api-staging",
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
        "observabilityConfiguration": {"observabilityEnabled": False},
        "tags": {},
    }


def test_a_public_image_is_pulled_without_authentication() -> None:
    assert service(image=PUBLIC)["sourceConfiguration"] == {
        "autoDeploymentsEnabled": False,
        "imageRepository": {
            "imageIdentifier": PUBLIC_IMAGE,
            "imageRepositoryType": "ECR_PUBLIC",
            "imageConfiguration": {
                "port": "8080",
                "startCommand": None,
                "runtimeEnvironmentVariables": {},
                "runtimeEnvironmentSecrets": {},
            },
        },
    }


def test_code_that_is_configured_here_is_sent_with_its_runtime_and_commands() -> None:
    code = Code(
        connection_arn=CONNECTION_ARN,
        repository_url="https://github.com/example/orders",
        branch="release",
        source_directory="/api",
        runtime="PYTHON_311",
        build_command="pip install .",
    )
    told = service(code=code, port=8000, start_command="serve", environment={"LEVEL": "info"})["sourceConfiguration"]
    assert told == {
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


def test_code_that_is_configured_by_its_file_is_sent_without_what_the_file_says() -> None:
    assert service(code=FILE)["sourceConfiguration"]["codeRepository"] == {
        "repositoryUrl": "https://github.com/example/orders",
        "sourceCodeVersion": {"type": "BRANCH", "value": "main"},
        "sourceDirectory": "/",
        "codeConfiguration": {"configurationSource": "REPOSITORY"},
    }


def test_a_health_check_over_http_is_sent_in_full() -> None:
    check = HealthCheck(
        protocol="HTTP", path="/healthz", interval=10, timeout=4, healthy_threshold=2, unhealthy_threshold=3
    )
    assert service(health_check=check)["healthCheckConfiguration"] == {
        "protocol": "HTTP",
        "path": "/healthz",
        "interval": 10,
        "timeout": 4,
        "healthyThreshold": 2,
        "unhealthyThreshold": 3,
    }


def test_a_private_service_with_a_connector_is_sent_as_such() -> None:
    told = service(vpc_connector_arn=CONNECTOR_ARN, is_publicly_accessible=False, ip_address_type="DUAL_STACK")
    assert told["networkConfiguration"] == {
        "egressConfiguration": {"egressType": "VPC", "vpcConnectorArn": CONNECTOR_ARN},
        "ingressConfiguration": {"isPubliclyAccessible": False},
        "ipAddressType": "DUAL_STACK",
    }


@pytest.mark.parametrize("size", [Size(cpu="2 vCPU", memory="6 GB"), Size(cpu="2048", memory="6144")])
def test_sizes_are_sent_as_the_api_returns_them(size: Size) -> None:
    told = service(size=size)["instanceConfiguration"]
    assert (told["cpu"], told["memory"]) == ("2048", "6144")


def test_a_key_for_the_image_copy_and_logs_is_sent() -> None:
    assert service(kms_key_arn=KMS_KEY_ARN)["encryptionConfiguration"] == {"kmsKey": KMS_KEY_ARN}


@pytest.mark.parametrize("source", [{"image": PRIVATE}, {"code": CODE}])
def test_automatic_deployments_are_switched_on_where_that_is_said(source: dict[str, Any]) -> None:
    assert service(**source, auto_deployments_enabled=True)["sourceConfiguration"]["autoDeploymentsEnabled"] is True


def test_the_deployment_text_goes_into_a_variable_so_that_app_runner_sees_an_update() -> None:
    told = image_configuration(deployment="2026-11-23", environment={"LEVEL": "info"})
    assert told["runtimeEnvironmentVariables"] == {"LEVEL": "info", "APPRUNNER_DEPLOYMENT": "2026-11-23"}


def test_tags_reach_everything_that_takes_them() -> None:
    graph = made(image=PRIVATE, tracing=True, tags={"team": "orders"})
    takes_tags = [each for each in graph.children("api") if each.type != ROLE_POLICY]
    assert len(takes_tags) == 5
    assert all(each["tags"] == {"team": "orders"} for each in takes_tags)


# Names


def test_names_are_made_of_the_component_and_the_stack() -> None:
    graph = made(image=PRIVATE, tracing=True, stack="prod")
    assert graph.the(SERVICE)["serviceName"] == "api-prod"
    assert graph.named("api-access-role")["name"] == "api-prod-access"
    assert graph.named("api-instance-role")["name"] == "api-prod-instance"
    assert graph.named("api-scaling")["autoScalingConfigurationName"] == "api-prod"
    assert graph.named("api-observability")["observabilityConfigurationName"] == "api-prod"


def test_a_service_is_called_as_it_is_said() -> None:
    assert service(service_name="orders")["serviceName"] == "orders"


def test_two_long_names_are_cut_to_what_aws_takes_and_stay_two() -> None:
    names = ["orders-and-invoices-and-deliveries-of-europe", "orders-and-invoices-and-deliveries-of-asia"]

    def program() -> None:
        for name in names:
            AppRunnerService(name, AppRunnerServiceArgs(image=PUBLIC))

    services = plan(program, stack="staging").of_type(SERVICE)
    called = {each["serviceName"] for each in services}
    assert len(called) == 2
    assert {len(name) for name in called} == {40}
    assert all(name.startswith("orders-and-invoices-and-deliver") for name in called)


def test_two_names_stay_two_that_differ_only_in_what_aws_does_not_take() -> None:
    def program() -> None:
        for name in ("orders.api", "orders api", "orders-api"):
            AppRunnerService(name, AppRunnerServiceArgs(image=PUBLIC))

    assert len({each["serviceName"] for each in plan(program).of_type(SERVICE)}) == 3


@pytest.mark.parametrize("name", ["größe", "a", "café/api", "-", "日本", "a.b.c", "x" * 200])
def test_any_component_name_becomes_one_that_aws_takes(name: str) -> None:
    plan(lambda: AppRunnerService(name, AppRunnerServiceArgs(image=PRIVATE, tracing=True)), stack="s")


# Scaling


def test_scaling_makes_a_profile_with_these_numbers() -> None:
    graph = made(scaling=Scaling(min_size=2, max_size=10, max_concurrency=50), tags={"a": "b"})
    assert graph.the(SCALING).inputs == {
        "autoScalingConfigurationName": "api-staging",
        "minSize": 2,
        "maxSize": 10,
        "maxConcurrency": 50,
        "tags": {"a": "b"},
    }


def test_a_profile_is_never_deleted_before_the_service_has_left_it() -> None:
    assert made().the(SCALING).delete_before_replace is None


@pytest.mark.parametrize("arn", [SCALING_ARN, LATEST_SCALING_ARN])
def test_a_shared_profile_is_used_with_or_without_its_revision(arn: str) -> None:
    graph = made(auto_scaling_configuration_arn=arn)
    assert graph.the(SERVICE)["autoScalingConfigurationArn"] == arn
    assert not graph.of_type(SCALING)


# Roles and permissions


def test_the_access_role_may_pull_this_repository_and_nothing_else() -> None:
    graph = made(image=PRIVATE)
    assert document(graph, "api-access-role", "assumeRolePolicy") == trusts("build.apprunner.amazonaws.com")
    assert document(graph, "api-access-policy") == {
        "Version": "2012-10-17",
        "Statement": [
            allowed(
                [
                    "ecr:BatchCheckLayerAvailability",
                    "ecr:BatchGetImage",
                    "ecr:DescribeImages",
                    "ecr:GetDownloadUrlForLayer",
                ],
                "arn:aws:ecr:eu-west-1:123456789012:repository/orders-api",
            ),
            allowed("ecr:GetAuthorizationToken", "*"),
        ],
    }


def test_the_permission_to_pull_names_the_repositorys_own_account_region_and_path() -> None:
    elsewhere = "210987654321.dkr.ecr.us-west-2.amazonaws.com/team/web/shop@" + DIGEST
    graph = made(image=Image(identifier=elsewhere, cross_account=True))
    resource = document(graph, "api-access-policy")["Statement"][0]["Resource"]
    assert resource == "arn:aws:ecr:us-west-2:210987654321:repository/team/web/shop"


def test_the_instance_role_may_do_nothing_unless_told() -> None:
    graph = made()
    assert document(graph, "api-instance-role", "assumeRolePolicy") == trusts("tasks.apprunner.amazonaws.com")
    assert not graph.of_type(ROLE_POLICY)
    assert not graph.of_type(ATTACHMENT)


def test_the_applications_permissions_come_from_policies_and_documents() -> None:
    reads = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Sid": "Read", **allowed("s3:GetObject", "arn:aws:s3:::catalogue/*")},
        }
    )
    writes = json.dumps({"Statement": [{"Sid": "Read", **allowed("sqs:SendMessage", "*")}]})
    graph = made(instance_role=InstanceRole(policy_arns={"catalogue": POLICY_ARN}, policy_documents=[reads, writes]))
    assert graph.the(ATTACHMENT)["policyArn"] == POLICY_ARN
    assert graph.the(ATTACHMENT)["role"] == "api-staging-instance"
    assert document(graph, "api-instance-policy") == {
        "Version": "2012-10-17",
        "Statement": [allowed("s3:GetObject", "arn:aws:s3:::catalogue/*"), allowed("sqs:SendMessage", "*")],
    }


def test_a_boundary_bounds_both_roles() -> None:
    graph = made(image=PRIVATE, permissions_boundary=BOUNDARY_ARN)
    assert [role["permissionsBoundary"] for role in graph.of_type(ROLE)] == [BOUNDARY_ARN, BOUNDARY_ARN]


def test_roles_that_are_passed_in_are_used_and_none_is_made() -> None:
    graph = made(image=PRIVATE, access_role_arn=OTHER_ROLE_ARN, instance_role=InstanceRole(arn=ROLE_ARN))
    told = graph.the(SERVICE)
    assert told["instanceConfiguration"]["instanceRoleArn"] == ROLE_ARN
    assert told["sourceConfiguration"]["authenticationConfiguration"] == {"accessRoleArn": OTHER_ROLE_ARN}
    assert children(graph, "api") == [(SCALING, "api-scaling"), (SERVICE, "api-service")]


def test_the_service_comes_after_everything_that_its_roles_are_granted() -> None:
    graph = made(
        image=PRIVATE,
        tracing=True,
        instance_role=InstanceRole(policy_arns={"catalogue": POLICY_ARN}),
    )
    assert dependencies(graph, graph.the(SERVICE)) == [
        "api-access-policy",
        "api-access-role",
        "api-instance-policy",
        "api-instance-policy-catalogue",
        "api-instance-role",
        "api-observability",
        "api-scaling",
    ]


# Tracing


def test_tracing_is_a_configuration_a_permission_and_variables_together() -> None:
    graph = made(tracing=True)
    assert graph.the(OBSERVABILITY)["traceConfiguration"] == {"vendor": "AWSXRAY"}
    assert graph.the(SERVICE)["observabilityConfiguration"] == {
        "observabilityEnabled": True,
        "observabilityConfigurationArn": graph.the(OBSERVABILITY).outputs["arn"],
    }
    assert document(graph, "api-instance-policy")["Statement"] == [
        allowed(
            [
                "xray:GetSamplingRules",
                "xray:GetSamplingStatisticSummaries",
                "xray:GetSamplingTargets",
                "xray:PutTelemetryRecords",
                "xray:PutTraceSegments",
            ],
            "*",
        )
    ]
    assert image_configuration(tracing=True)["runtimeEnvironmentVariables"] == {
        "OTEL_PROPAGATORS": "xray",
        "OTEL_METRICS_EXPORTER": "none",
        "OTEL_EXPORTER_OTLP_ENDPOINT": "http://localhost:4317",
        "OTEL_RESOURCE_ATTRIBUTES": "service.name=api-staging",
    }


def test_a_users_own_tracing_variables_win() -> None:
    told = image_configuration(tracing=True, environment={"OTEL_RESOURCE_ATTRIBUTES": "service.name=shop"})
    assert told["runtimeEnvironmentVariables"]["OTEL_RESOURCE_ATTRIBUTES"] == "service.name=shop"
    assert told["runtimeEnvironmentVariables"]["OTEL_PROPAGATORS"] == "xray"


def test_a_secret_with_a_tracing_variables_name_stands_in_its_place() -> None:
    told = image_configuration(
        tracing=True, secrets=[BoundSecrets(value_from={"OTEL_EXPORTER_OTLP_ENDPOINT": SECRET_ARN})]
    )
    both = told["runtimeEnvironmentVariables"].keys() & told["runtimeEnvironmentSecrets"].keys()
    assert both == set()


def test_a_shared_tracing_configuration_is_used() -> None:
    graph = made(tracing=True, observability_configuration_arn=OBSERVABILITY_ARN)
    assert graph.the(SERVICE)["observabilityConfiguration"]["observabilityConfigurationArn"] == OBSERVABILITY_ARN
    assert not graph.of_type(OBSERVABILITY)


# Secrets


def test_several_bindings_become_one_map_and_one_permission() -> None:
    def program() -> None:
        database = SecretsBinding(
            "database", {"secrets": {"PASSWORD": SecretSource(secret_arn=SECRET_ARN, json_key="password")}}
        )
        flags = SecretsBinding("flags", {"secrets": {"FLAGS": SecretSource(parameter_name="/orders/flags")}})
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(
                image=PUBLIC, environment={"LEVEL": "info"}, secrets=[database.bound, flags.bound], tracing=True
            ),
        )

    graph = plan(program, config={"aws:region": "eu-west-1"})
    told = graph.the(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert told["runtimeEnvironmentSecrets"] == {"PASSWORD": f"{SECRET_ARN}:password::", "FLAGS": "/orders/flags"}
    assert told["runtimeEnvironmentVariables"]["LEVEL"] == "info"
    statements = document(graph, "api-instance-policy")["Statement"]
    assert statements[:2] == [
        allowed("secretsmanager:GetSecretValue", [SECRET_ARN]),
        allowed("ssm:GetParameters", ["arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags"]),
    ]
    assert len(statements) == 3
    assert "api-instance-policy" in dependencies(graph, graph.the(SERVICE))


def test_a_name_bound_twice_or_also_set_in_the_environment_is_refused() -> None:
    secrets = [BoundSecrets(value_from={"A": SECRET_ARN}), BoundSecrets(value_from={"A": SECRET_ARN, "B": SECRET_ARN})]
    args = AppRunnerServiceArgs(image=PUBLIC, environment={"B": "b"}, secrets=secrets)
    assert problems(lambda: AppRunnerService("api", args)) == {
        "secrets[1].value_from.A": "stands in secrets[0] too: keep one of them",
        "secrets[1].value_from.B": "stands in environment too: keep one of them",
    }


def test_a_name_bound_twice_is_found_late_where_a_map_is_pending() -> None:
    def program() -> None:
        pending = pulumi.Output.from_input({"A": SECRET_ARN})
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(image=PUBLIC, environment={"A": "a"}, secrets=[BoundSecrets(value_from=pending)]),
        )

    assert problems(program) == {"secrets[0].value_from.A": "stands in environment too: keep one of them"}


def test_pending_maps_arrive_whole() -> None:
    def program() -> None:
        AppRunnerService(
            "api",
            AppRunnerServiceArgs(
                image=PUBLIC,
                environment=pulumi.Output.from_input({"LEVEL": "info"}),
                secrets=[BoundSecrets(value_from=pulumi.Output.from_input({"A": SECRET_ARN}))],
                deployment="1",
            ),
        )

    told = plan(program).the(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert told["runtimeEnvironmentVariables"] == {"LEVEL": "info", "APPRUNNER_DEPLOYMENT": "1"}
    assert told["runtimeEnvironmentSecrets"] == {"A": SECRET_ARN}


@pytest.mark.parametrize("where", ["environment", "secrets"])
@pytest.mark.parametrize("pending", [False, True])
def test_the_deployment_variable_belongs_to_deployment(where: str, pending: bool) -> None:
    said: Any = {"APPRUNNER_DEPLOYMENT": SECRET_ARN}

    def program() -> None:
        given = pulumi.Output.from_input(said) if pending else said
        more: Any = {"environment": given} if where == "environment" else {"secrets": [BoundSecrets(value_from=given)]}
        AppRunnerService("api", AppRunnerServiceArgs(image=PUBLIC, deployment="1", **more))

    assert len(problems(program)) == 1


def test_a_secret_value_stays_secret_on_its_way() -> None:
    def program() -> None:
        AppRunnerService(
            "api", AppRunnerServiceArgs(image=PUBLIC, environment={"TOKEN": pulumi.Output.secret("hush"), "LEVEL": "1"})
        )

    told = plan(program).the(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert told["runtimeEnvironmentVariables"] == {"TOKEN": Secret("hush"), "LEVEL": "1"}


# Images that are found out late


def test_an_image_that_is_an_output_is_taken_as_private_unless_said_otherwise() -> None:
    def program() -> None:
        repository = aws.ecr.Repository("orders")
        identifier = pulumi.Output.format("{0}:1.4.2", repository.repository_url)
        AppRunnerService("private", AppRunnerServiceArgs(image=Image(identifier=identifier)))
        late = pulumi.Output.from_input(PUBLIC_IMAGE)
        AppRunnerService("public", AppRunnerServiceArgs(image=Image(identifier=late, repository_type="ECR_PUBLIC")))

    graph = run(program)
    types = {
        each.name: each["sourceConfiguration"]["imageRepository"]["imageRepositoryType"]
        for each in graph.of_type(SERVICE)
    }
    assert types == {"private-service": "ECR", "public-service": "ECR_PUBLIC"}
    assert [role.name for role in graph.of_type(ROLE)] == [
        "private-access-role",
        "private-instance-role",
        "public-instance-role",
    ]


def test_an_image_that_turns_out_to_be_of_another_type_fails_late_with_the_path() -> None:
    def program() -> None:
        late = pulumi.Output.from_input(PUBLIC_IMAGE)
        AppRunnerService("api", AppRunnerServiceArgs(image=Image(identifier=late)))

    assert problems(program) == {
        "image.repository_type": "'ECR' does not agree with the identifier, which is in ECR_PUBLIC: say so here, "
        "since it decides whether an access role is made"
    }


# Options


def test_a_changed_name_or_key_deletes_first_since_the_name_is_unique() -> None:
    assert made().the(SERVICE).delete_before_replace is True


def test_a_change_between_image_and_code_replaces_and_a_change_of_tag_does_not() -> None:
    newer = Image(identifier="public.ecr.aws/docker/library/nginx:1.28")
    assert service().replacement_trigger == service(image=newer).replacement_trigger
    assert service(code=CODE).replacement_trigger == service(code=FILE).replacement_trigger
    assert service().replacement_trigger != service(code=CODE).replacement_trigger
    assert service().replace_on_changes == ()


@pytest.mark.parametrize("said", [True, False])
def test_protect_is_said_for_the_service_alone(said: bool) -> None:
    graph = made(protect=said)
    assert graph.the(SERVICE).protect is said
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
    # The engine hands a component's aliases to its children, and none is registered before the component is.
    assert component.aliases == (f"urn:pulumi:stack::project::{component.type}::old",)
    assert dependencies(graph, component) == ["before"]
    assert len(graph.children("api")) == 7
    for child in graph.children("api"):
        assert child.protect
        assert child.provider == graph.named("elsewhere").urn


def test_outputs_are_registered() -> None:
    graph = made(image=PRIVATE)
    arn = graph.the(SERVICE).outputs["arn"]
    service_id = arn.rpartition("/")[2]
    assert graph.named("api").outputs == {
        "arn": arn,
        "serviceId": service_id,
        "serviceName": "api-staging",
        "url": f"https://{graph.the(SERVICE).outputs['serviceUrl']}",
        "status": "RUNNING",
        "instanceRoleArn": graph.named("api-instance-role").outputs["arn"],
        "instanceRoleName": "api-staging-instance",
        "accessRoleArn": graph.named("api-access-role").outputs["arn"],
        "accessRoleName": "api-staging-access",
        "applicationLogGroup": f"/aws/apprunner/api-staging/{service_id}/application",
        "serviceLogGroup": f"/aws/apprunner/api-staging/{service_id}/service",
    }


# Warnings


def test_auto_deployment_of_a_digest_is_warned_of() -> None:
    pinned = Image(identifier=IMAGE.replace(":1.4.2", f"@{DIGEST}"))
    assert made(image=pinned, auto_deployments_enabled=True).messages == (
        "warning: auto_deployments_enabled: a digest never changes, so nothing is deployed for the $1 a month: "
        "name the image by a tag, or switch it off",
    )
    assert made(image=pinned).messages == ()
    assert made(image=PRIVATE, auto_deployments_enabled=True).messages == ()


def test_a_runtime_whose_support_has_ended_is_warned_of() -> None:
    old = Code(connection_arn=CONNECTION_ARN, repository_url="https://github.com/example/orders", runtime="NODEJS_18")
    assert made(code=old).messages == ("warning: code.runtime: AWS's support for NODEJS_18 ended on 2025-12-01",)
    assert made(code=CODE).messages == ()

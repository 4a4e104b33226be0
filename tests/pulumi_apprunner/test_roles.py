"""The access role and the instance role of a service: when they are created, and their permissions."""

import json
from typing import Any

import pytest

from plans import children, dependencies, plan, problems
from pulumi_apprunner import (
    AppRunnerService,
    AppRunnerServiceArgs,
    Image,
    InstanceRole,
    SecretsBinding,
    SecretSource,
)
from samples import (
    BOUNDARY_ARN,
    DIGEST,
    OTHER_ROLE_ARN,
    POLICY_ARN,
    PUBLIC_IMAGE,
    ROLE_ARN,
    SECRET_ARN,
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
    allowed,
    document,
    image_configuration,
    service,
    service_graph,
    trusts,
)


def test_a_private_image_has_an_access_role_an_instance_role_and_a_scaling_profile() -> None:
    assert children(service_graph(image=PRIVATE), "api") == [
        (SCALING, "api-scaling"),
        (SERVICE, "api-service"),
        (ROLE, "api-access-role"),
        (ROLE, "api-instance-role"),
        (ROLE_POLICY, "api-access-policy"),
    ]


@pytest.mark.parametrize("source", [{"image": PUBLIC}, {"code": CODE}, {"code": FILE}])
def test_public_images_and_code_need_no_access_role(source: dict[str, Any]) -> None:
    graph = service_graph(**source)
    assert children(graph, "api") == [(SCALING, "api-scaling"), (SERVICE, "api-service"), (ROLE, "api-instance-role")]
    assert "accessRoleArn" not in graph.one(SERVICE)["sourceConfiguration"].get("authenticationConfiguration", {})
    assert graph.named("api").outputs.get("accessRoleArn") is None


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


def test_the_access_role_may_pull_only_this_repository() -> None:
    graph = service_graph(image=PRIVATE)
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
    graph = service_graph(image=Image(identifier=elsewhere, cross_account=True))
    resource = document(graph, "api-access-policy")["Statement"][0]["Resource"]
    assert resource == "arn:aws:ecr:us-west-2:210987654321:repository/team/web/shop"


def test_the_instance_role_has_no_permissions_by_default() -> None:
    graph = service_graph()
    assert document(graph, "api-instance-role", "assumeRolePolicy") == trusts("tasks.apprunner.amazonaws.com")
    assert not graph.all(ROLE_POLICY)
    assert not graph.all(ATTACHMENT)


def test_the_applications_permissions_come_from_policies_and_documents() -> None:
    reads = json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {"Sid": "Read", **allowed("s3:GetObject", "arn:aws:s3:::catalogue/*")},
        }
    )
    writes = json.dumps({"Statement": [{"Sid": "Read", **allowed("sqs:SendMessage", "*")}]})
    graph = service_graph(
        instance_role=InstanceRole(policy_arns={"catalogue": POLICY_ARN}, policy_documents=[reads, writes])
    )
    assert graph.one(ATTACHMENT)["policyArn"] == POLICY_ARN
    assert graph.one(ATTACHMENT)["role"] == "project-api-staging-instance"
    assert document(graph, "api-instance-policy") == {
        "Version": "2012-10-17",
        "Statement": [allowed("s3:GetObject", "arn:aws:s3:::catalogue/*"), allowed("sqs:SendMessage", "*")],
    }


def test_the_instance_roles_policies_are_secret_in_its_state() -> None:
    """A refresh reads their text into the state of the role."""
    assert service_graph().named("api-instance-role").additional_secret_outputs == ("inlinePolicies",)


def test_both_roles_have_the_permissions_boundary() -> None:
    graph = service_graph(image=PRIVATE, permissions_boundary=BOUNDARY_ARN)
    assert [role["permissionsBoundary"] for role in graph.all(ROLE)] == [BOUNDARY_ARN, BOUNDARY_ARN]


def test_existing_roles_are_used_and_none_is_created() -> None:
    graph = service_graph(image=PRIVATE, access_role_arn=OTHER_ROLE_ARN, instance_role=InstanceRole(arn=ROLE_ARN))
    inputs = graph.one(SERVICE)
    assert inputs["instanceConfiguration"]["instanceRoleArn"] == ROLE_ARN
    assert inputs["sourceConfiguration"]["authenticationConfiguration"] == {"accessRoleArn": OTHER_ROLE_ARN}
    assert children(graph, "api") == [(SCALING, "api-scaling"), (SERVICE, "api-service")]


def test_the_service_depends_on_all_policies_of_its_roles() -> None:
    graph = service_graph(
        image=PRIVATE,
        tracing=True,
        instance_role=InstanceRole(policy_arns={"catalogue": POLICY_ARN}),
    )
    assert dependencies(graph, graph.one(SERVICE)) == [
        "api-access-policy",
        "api-access-role",
        "api-instance-policy",
        "api-instance-policy-catalogue",
        "api-instance-role",
        "api-observability",
        "api-scaling",
    ]


def test_a_policys_key_that_another_services_key_could_equal_is_an_error() -> None:
    role = InstanceRole(policy_arns={"b-instance-policy-c": POLICY_ARN, "instance-policy": POLICY_ARN})
    assert problems(lambda: AppRunnerService("a", AppRunnerServiceArgs(image=PUBLIC, instance_role=role))) == {
        "instance_role.policy_arns.b-instance-policy-c": "must not begin with instance-policy- or contain "
        "-instance-policy-, because another component could have a child of the same name. Choose another name"
    }


def test_tracing_creates_a_configuration_a_permission_and_variables() -> None:
    graph = service_graph(tracing=True)
    assert graph.one(OBSERVABILITY)["traceConfiguration"] == {"vendor": "AWSXRAY"}
    assert graph.one(SERVICE)["observabilityConfiguration"] == {
        "observabilityEnabled": True,
        "observabilityConfigurationArn": graph.one(OBSERVABILITY).outputs["arn"],
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
        "OTEL_RESOURCE_ATTRIBUTES": "service.name=project-api-staging",
    }


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
    inputs = graph.one(SERVICE)["sourceConfiguration"]["imageRepository"]["imageConfiguration"]
    assert inputs["runtimeEnvironmentSecrets"] == {"PASSWORD": f"{SECRET_ARN}:password::", "FLAGS": "/orders/flags"}
    assert inputs["runtimeEnvironmentVariables"]["LEVEL"] == "info"
    statements = document(graph, "api-instance-policy")["Statement"]
    assert statements[:2] == [
        allowed("secretsmanager:GetSecretValue", [SECRET_ARN]),
        allowed("ssm:GetParameters", ["arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags"]),
    ]
    assert len(statements) == 3
    assert "api-instance-policy" in dependencies(graph, graph.one(SERVICE))

"""Stub values for what AWS would return."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest

from apprunner_facts import arns, cloudfront
from pulumi_apprunner.offline.sdk import computed_outputs
from pulumi_apprunner.offline.stubs.resources import RESOURCE_STUBS
from pulumi_apprunner.testing import UNKNOWN, Graph, Stubs, StubsError, run

SOURCE: Any = {"image_repository": {"image_identifier": "i", "image_repository_type": "ECR"}}


def outputs(program: Callable[[], Any], **settings: Any) -> Any:
    """Return the outputs of the only resource that a program creates."""
    (resource,) = run(program, **settings).resources
    return resource.outputs


def service(name: str = "api", **options: Any) -> aws.apprunner.Service:
    return aws.apprunner.Service(name, service_name=name, source_configuration=SOURCE, **options)


# Resources


def test_a_services_arn_has_its_name_region_and_account() -> None:
    stub = outputs(service, config={"aws:region": "eu-west-1"})
    assert arns.SERVICE.fullmatch(stub["arn"])
    assert stub["arn"].startswith("arn:aws:apprunner:eu-west-1:123456789012:service/api/")
    assert stub["serviceId"] == stub["arn"].rpartition("/")[2]
    assert re.fullmatch(r"[a-z0-9]{10}\.eu-west-1\.awsapprunner\.com", stub["serviceUrl"])
    assert stub["status"] == "RUNNING"


def test_a_certificate_has_a_validation_record_for_each_host_in_its_own_region() -> None:
    hosts = ["orders.example.com", "*.orders.example.com"]
    stub = outputs(
        lambda: aws.acm.Certificate(
            "c",
            domain_name=hosts[0],
            subject_alternative_names=hosts[1:],
            validation_method="DNS",
            region=cloudfront.REGION,
        ),
        config={"aws:region": "eu-west-1"},
    )
    assert cloudfront.CERTIFICATE_ARN.fullmatch(stub["arn"])
    options = stub["domainValidationOptions"]
    assert [each["domainName"] for each in options] == hosts
    assert {each["resourceRecordType"] for each in options} == {"CNAME"}
    assert all(each["resourceRecordName"].endswith(".orders.example.com.") for each in options)
    assert all(each["resourceRecordValue"].endswith(".acm-validations.aws.") for each in options)


@pytest.mark.parametrize(
    ("make", "pattern"),
    [
        (
            lambda: aws.apprunner.VpcConnector("c", vpc_connector_name="c", subnets=[], security_groups=[]),
            arns.VPC_CONNECTOR,
        ),
        (
            lambda: aws.apprunner.AutoScalingConfigurationVersion("a", auto_scaling_configuration_name="a"),
            arns.AUTO_SCALING_CONFIGURATION,
        ),
        (
            lambda: aws.apprunner.ObservabilityConfiguration("o", observability_configuration_name="o"),
            arns.OBSERVABILITY_CONFIGURATION,
        ),
        (lambda: aws.apprunner.Connection("g", connection_name="g", provider_type="GITHUB"), arns.CONNECTION),
        (lambda: aws.iam.Role("r", assume_role_policy="{}"), arns.ROLE),
        (lambda: aws.iam.Policy("p", policy="{}"), arns.POLICY),
        (lambda: aws.kms.Key("k"), arns.KMS_KEY),
        (lambda: aws.secretsmanager.Secret("s", name="orders/db"), arns.SECRET),
        (lambda: aws.ssm.Parameter("p", type="String", value="v", name="/orders/flags"), arns.PARAMETER),
        (lambda: aws.sqs.Queue("q"), arns.QUEUE),
    ],
)
def test_an_arn_is_valid_for_app_runner(make: Callable[[], Any], pattern: re.Pattern[str]) -> None:
    assert pattern.fullmatch(outputs(make)["arn"])


@pytest.mark.parametrize(
    ("make", "key", "pattern"),
    [
        (lambda: aws.ec2.Vpc("v"), "id", "vpc-0[0-9a-f]{16}"),
        (lambda: aws.ec2.Subnet("s", vpc_id="vpc-1"), "id", "subnet-0[0-9a-f]{16}"),
        (lambda: aws.ec2.SecurityGroup("g"), "id", "sg-0[0-9a-f]{16}"),
        (
            lambda: aws.vpc.SecurityGroupIngressRule("i", ip_protocol="tcp", security_group_id="sg-1"),
            "id",
            "sgr-0[0-9a-f]{16}",
        ),
        (lambda: aws.ec2.VpcEndpoint("e", vpc_id="vpc-1", service_name="x.s3"), "id", "vpce-0[0-9a-f]{16}"),
        (lambda: aws.route53.Zone("z", name="example.com"), "id", "Z[A-Z0-9]{20}"),
        (lambda: aws.kms.Key("k", multi_region=True), "id", "mrk-[0-9a-f]{32}"),
        (lambda: aws.iam.Role("r", assume_role_policy="{}"), "uniqueId", "AROA[A-Z2-7]{17}"),
        (
            lambda: aws.ecr.Repository("r", name="a/b"),
            "repositoryUrl",
            r"123456789012\.dkr\.ecr\.us-east-1\.amazonaws\.com/a/b",
        ),
        (lambda: aws.sqs.Queue("q", name="jobs"), "url", "https://sqs.us-east-1.amazonaws.com/123456789012/jobs"),
        (
            lambda: aws.scheduler.Schedule(
                "s",
                name="pause",
                group_name="hours",
                flexible_time_window={"mode": "OFF"},
                schedule_expression="rate(1 day)",
                target={"arn": "a", "role_arn": "r"},
            ),
            "id",
            "hours/pause",
        ),
        (
            lambda: aws.rds.Instance("db", engine="postgres", identifier="orders", instance_class="db.t4g.micro"),
            "endpoint",
            r"orders\.[a-z0-9]{12}\.us-east-1\.rds\.amazonaws\.com:5432",
        ),
        (lambda: aws.iam.Role("web", assume_role_policy="{}"), "name", "web-[0-9a-f]{7}"),
        (lambda: aws.iam.Role("r", assume_role_policy="{}", name_prefix="web-"), "name", "web-[0-9]{24}"),
    ],
)
def test_a_stub_value_has_the_format_of_aws(make: Callable[[], Any], key: str, pattern: str) -> None:
    (resource,) = run(make).resources
    value = resource.id if key == "id" else resource.outputs[key]
    assert re.fullmatch(pattern, value or "")


@pytest.mark.parametrize(("www", "hosts"), [(False, ["", "<token>."]), (True, ["", "<token>.", "www."])])
def test_a_domain_has_two_validation_records_and_three_with_www(www: bool, hosts: list[str]) -> None:
    stub = outputs(
        lambda: aws.apprunner.CustomDomainAssociation(
            "d", domain_name="example.com", service_arn="arn", enable_www_subdomain=www
        )
    )
    names = [record["name"] for record in stub["certificateValidationRecords"]]
    suffixes = [re.sub("^[0-9a-f]{32}", "<token>", name.partition(".")[2]) for name in names]
    assert sorted(suffixes) == sorted(f"{host}example.com." for host in hosts)
    assert names == sorted(names), "must be sorted by name, not by host"
    assert all(
        re.fullmatch(r"_[0-9a-f]{32}\.[a-z0-9]{10}\.acm-validations\.aws\.", each["value"])
        for each in stub["certificateValidationRecords"]
    )


def test_a_domain_points_to_the_address_of_its_service() -> None:
    def program() -> None:
        aws.apprunner.CustomDomainAssociation("d", domain_name="example.com", service_arn=service().arn)

    graph = run(program)
    assert graph.named("d").outputs["dnsTarget"] == graph.named("api").outputs["serviceUrl"]


def test_the_region_of_a_resource_or_its_provider_overrides_the_stacks() -> None:
    def program() -> None:
        service("own", region="eu-central-1")
        provider = aws.Provider("ireland", region="eu-west-1")
        service("provided", opts=pulumi.ResourceOptions(provider=provider))
        service("stacks")

    graph = run(program, config={"aws:region": "us-west-2"})
    regions = [graph.named(name).outputs["arn"].split(":")[3] for name in ("own", "provided", "stacks")]
    assert regions == ["eu-central-1", "eu-west-1", "us-west-2"]


def test_arns_in_china_have_its_partition() -> None:
    stub = outputs(lambda: aws.sqs.Queue("q", name="q"), config={"aws:region": "cn-north-1"})
    assert stub["arn"] == "arn:aws-cn:sqs:cn-north-1:123456789012:q"
    assert stub["url"] == "https://sqs.cn-north-1.amazonaws.com.cn/123456789012/q"


def test_inputs_are_not_overridden() -> None:
    stub = outputs(lambda: aws.ecr.Repository("r", name=aws.ec2.get_vpc_output(default=True).id))
    assert stub["name"] is UNKNOWN


def test_outputs_of_an_unknown_type_are_unknown() -> None:
    (resource,) = run(lambda: aws.elasticache.Cluster("c")).resources
    assert (resource.id, resource.outputs["clusterAddress"]) == (None, UNKNOWN)


def test_every_stub_uses_the_providers_property_names() -> None:
    from pulumi_apprunner.offline.stubs.request import StubRequest

    types = {str(getattr(resource, "pulumi_type", "")): resource for resource in _resources()}
    unknown: dict[str, set[str]] = {}
    for type in types.keys() & RESOURCE_STUBS.keys():
        request = StubRequest(
            type=type, name="n", urn="u", inputs={"name": "n", "type": "CNAME", "zoneId": "Z1"}, region="eu-west-1"
        )
        names = set(pulumi._types.resource_types(types[type]))  # pyright: ignore[reportPrivateUsage]
        if wrong := set(RESOURCE_STUBS[type](request).outputs) - names:
            unknown[type] = wrong
    assert unknown == {}
    assert computed_outputs("aws:sqs/queue:Queue") == {"arn", "tagsAll", "url"}


def _resources() -> list[Any]:
    for module in (
        "apprunner",
        "iam",
        "ec2",
        "vpc",
        "route53",
        "secretsmanager",
        "ssm",
        "kms",
        "sqs",
        "sns",
        "scheduler",
    ):
        dir(getattr(aws, module))
    for module in ("cloudwatch", "ecr", "s3", "dynamodb", "rds"):
        dir(getattr(aws, module))
    return pulumi.CustomResource.__subclasses__()


# Functions


def exported(value: Callable[[], Any], **settings: Any) -> Any:
    return run(lambda: pulumi.export("value", value()), **settings).exports["value"]


def test_common_functions_have_stub_values() -> None:
    region = {"aws:region": "ap-southeast-2"}
    assert exported(lambda: aws.get_caller_identity().account_id) == "123456789012"
    assert exported(lambda: aws.get_region().region, config=region) == "ap-southeast-2"
    assert exported(lambda: aws.get_partition().dns_suffix, config={"aws:region": "cn-north-1"}) == "amazonaws.com.cn"
    assert exported(lambda: aws.get_availability_zones().names) == ["us-east-1a", "us-east-1b", "us-east-1c"]
    assert exported(lambda: aws.get_availability_zones().zone_ids[0], config=region) == "apse2-az1"
    assert exported(lambda: aws.apprunner.get_hosted_zone_id().id) == "Z01915732ZBZKC8D32TPT"


def test_a_policy_document_is_rendered_as_the_provider_does() -> None:
    def document() -> str:
        return aws.iam.get_policy_document(
            statements=[
                {
                    "sid": "Read",
                    "actions": ["s3:GetObject", "s3:ListBucket"],
                    "resources": ["arn:aws:s3:::b/&{aws:username}"],
                    "principals": [{"type": "AWS", "identifiers": ["123456789012"]}],
                    "conditions": [
                        {"test": "StringEquals", "variable": "aws:SourceAccount", "values": ["123456789012"]}
                    ],
                },
                aws.iam.GetPolicyDocumentStatementArgs(
                    effect="Deny",
                    not_actions=["iam:*"],
                    resources=["*"],
                    principals=[aws.iam.GetPolicyDocumentStatementPrincipalArgs(type="*", identifiers=["*"])],
                ),
            ]
        ).json

    assert json.loads(exported(document)) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": ["s3:ListBucket", "s3:GetObject"],
                "Resource": "arn:aws:s3:::b/${aws:username}",
                "Principal": {"AWS": "123456789012"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "123456789012"}},
            },
            {"Effect": "Deny", "NotAction": "iam:*", "Resource": "*", "Principal": "*"},
        ],
    }


def test_an_override_document_replaces_statements_with_the_same_sid() -> None:
    override = json.dumps({"Statement": [{"Sid": "A", "Effect": "Deny", "Action": "*", "Resource": "*"}]})
    document = exported(
        lambda: (
            aws.iam.get_policy_document(
                statements=[{"sid": "A", "actions": ["s3:*"], "resources": ["*"]}], override_policy_documents=[override]
            ).json
        )
    )
    assert [each["Effect"] for each in json.loads(document)["Statement"]] == ["Deny"]


# Files


def load(folder: Path, text: str) -> Stubs:
    file = folder / "stubs.yaml"
    file.write_text(dedent(text))
    return Stubs.load(file)


def test_a_file_contains_stack_references_functions_and_resources(tmp_path: Path) -> None:
    stubs = load(
        tmp_path,
        """\
        stackReferences:
          acme/network/prod: {vpcId: vpc-1}
        invokes:
          aws:ec2/getVpc:getVpc: {id: vpc-1}
          aws:ec2/getSubnet:getSubnet:
            - args: {id: subnet-1}
              returns: {vpcId: vpc-1}
        resources:
          aws:rds/cluster:Cluster: {endpoint: orders.example.com}
        """,
    )
    assert stubs == Stubs(
        stack_references={"acme/network/prod": {"vpcId": "vpc-1"}},
        invokes={
            "aws:ec2/getVpc:getVpc": {"id": "vpc-1"},
            "aws:ec2/getSubnet:getSubnet": [{"args": {"id": "subnet-1"}, "returns": {"vpcId": "vpc-1"}}],
        },
        resources={"aws:rds/cluster:Cluster": {"endpoint": "orders.example.com"}},
    )


def test_a_file_may_be_json_or_empty(tmp_path: Path) -> None:
    assert load(tmp_path, '{"invokes": {"a:b:c": {"id": "x"}}}').invokes == {"a:b:c": {"id": "x"}}
    assert load(tmp_path, "") == Stubs()


def test_a_run_accepts_the_files_path(tmp_path: Path) -> None:
    load(tmp_path, "invokes: {'aws:ec2/getVpc:getVpc': {id: vpc-1}}")
    assert exported(lambda: aws.ec2.get_vpc(default=True).id, stubs=tmp_path / "stubs.yaml") == "vpc-1"


def test_an_invalid_file_is_an_error_with_all_errors_and_an_example(tmp_path: Path) -> None:
    with pytest.raises(StubsError) as caught:
        load(
            tmp_path,
            """\
            stackReference: {}
            stackReferences: {a/b/c: [1]}
            invokes:
              a:b:c: text
              d:e:f: [{args: {}}]
            """,
        )
    lines = str(caught.value).splitlines()
    assert lines[1:5] == [
        "  stackReference: unknown key. Valid keys: stackReferences, invokes, resources",
        "  stackReferences.a/b/c: must be a map of outputs, got a list",
        "  invokes.a:b:c: must be the function's result, or a list of {args, returns}, got 'text'",
        "  invokes.d:e:f[0]: must be {args: {...}, returns: {...}}, got a map with args",
    ]
    assert "Example:" in lines


def test_the_example_in_the_error_is_valid(tmp_path: Path) -> None:
    with pytest.raises(StubsError) as caught:
        load(tmp_path, "[]")
    shape = str(caught.value).partition("Example:\n")[2]
    assert set(load(tmp_path, shape).stack_references) == {"acme/network/prod"}


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StubsError, match=r"nowhere\.yaml: must be a file that can be read, got: No such file"):
        Stubs.load(tmp_path / "nowhere.yaml")


def test_stub_values_do_not_depend_on_other_resources() -> None:
    def many() -> None:
        aws.sqs.Queue("other")
        service()

    def arn(graph: Graph) -> str:
        return graph.named("api").outputs["arn"]

    assert arn(run(many)) == arn(run(lambda: service() and None))

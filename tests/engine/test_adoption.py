"""Existing services are adopted with the programs and files of docs/adoption.md."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from apprunner_facts.observability import TRACING_ACTIONS, TRACING_VARIABLES
from apprunner_local.aws import LocalAws
from engine.projects import ROOT, write_project
from engine.stack import Stack

PAGE = (ROOT / "docs" / "adoption.md").read_text()
OURS, THEIRS, DOMAIN = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
OUR_FILE, THEIR_FILE, DOMAIN_FILE = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.2"
PUBLIC = "public.ecr.aws/docker/library/httpd:2.4"
REPOSITORY = "https://github.com/example/orders"
TAGS = [{"Key": "team", "Value": "orders"}]


@pytest.fixture
def prod(environment: dict[str, str], tmp_path: Path) -> Stack:
    """Return an empty stack prod."""
    folder = write_project(tmp_path / "shop", "", "options: {refresh: always}", "shop")
    (folder / "Pulumi.prod.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    return Stack(folder, "prod", environment)


def role(aws: LocalAws, name: str, trusted: str, path: str = "/", **policies: Sequence[Mapping[str, Any]]) -> str:
    """Create a role with tags and a description, and return its ARN."""
    iam = aws.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": f"{trusted}.apprunner.amazonaws.com"}}
    kind = "access" if trusted == "build" else "instance"
    response = iam.create_role(
        RoleName=name,
        Path=path,
        Description=f"App Runner {kind} role of shop-orders-prod",
        AssumeRolePolicyDocument=_document([{**trust, "Action": "sts:AssumeRole"}]),
        Tags=TAGS,
    )
    for policy, statements in policies.items():
        document = _document(statements)
        iam.put_role_policy(RoleName=name, PolicyName=policy.replace("_", "-"), PolicyDocument=document)
    return str(response["Role"]["Arn"])


def scaling(aws: LocalAws, name: str) -> str:
    """Create a scaling profile and return its ARN."""
    response = aws.client("apprunner").create_auto_scaling_configuration(
        AutoScalingConfigurationName=name, MinSize=2, MaxSize=10, MaxConcurrency=80, Tags=TAGS
    )
    return str(response["AutoScalingConfiguration"]["AutoScalingConfigurationArn"])


def service(aws: LocalAws, name: str, access: str, instance: str, profile: str, image: Any, **more: Any) -> str:
    """Create a service, wait until it runs, and return its ARN."""
    response = aws.client("apprunner").create_service(
        ServiceName=name,
        AutoScalingConfigurationArn=profile,
        InstanceConfiguration={"InstanceRoleArn": instance},
        SourceConfiguration={
            "AuthenticationConfiguration": {"AccessRoleArn": access},
            "AutoDeploymentsEnabled": False,
            "ImageRepository": {"ImageIdentifier": IMAGE, "ImageRepositoryType": "ECR", "ImageConfiguration": image},
        },
        **more,
    )
    aws.plane.clock.move(60)
    return str(response["Service"]["ServiceArn"])


def console_service(aws: LocalAws) -> tuple[str, str]:
    """Create a service as the console does, with its role names; return the ARNs of the service and its profile."""
    access = role(aws, "AppRunnerECRAccessRole", "build", "/service-role/", pull=_pull())
    profile = scaling(aws, "busy")
    arn = service(aws, "OrdersApi", access, role(aws, "orders-application", "tasks"), profile, {"Port": "8080"})
    return arn, profile


def with_arns(text: str, *arns: str) -> str:
    """Return the text with its example ARNs replaced by these ARNs."""
    for arn in arns:
        head = arn.rpartition("/")[0]
        assert head in text
        text = re.sub(rf"{re.escape(head)}/[0-9a-f]{{32}}", arn, text)
    return text


def adopt(stack: Stack, file: str) -> None:
    """Import a file with the command of docs/adoption.md."""
    (stack.folder / "adopt.json").write_text(file)
    completed = stack.command(
        "import", "--file", "adopt.json", "--protect=false", "--generate-code=false", "--yes", "--skip-preview"
    )
    assert completed.returncode == 0, completed.stdout + completed.stderr


def test_a_service_with_existing_roles_and_profile_is_adopted_without_changes(prod: Stack, aws: LocalAws) -> None:
    access = role(aws, "shop-orders-prod-access", "build", pull_image=_pull())
    bucket = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
    instance = role(aws, "shop-orders-prod-instance", "tasks", application=[bucket])
    profile = scaling(aws, "shop-orders-prod")
    arn = service(
        aws,
        "shop-orders-prod",
        access,
        instance,
        profile,
        {"Port": "8000", "RuntimeEnvironmentVariables": {"LOG_LEVEL": "info"}},
        HealthCheckConfiguration={"Protocol": "HTTP", "Path": "/healthz", "Interval": 10},
        Tags=TAGS,
    )
    before, file = aws.created_resources(), with_arns(OUR_FILE, arn, profile)
    prod.program(OURS)
    preview = prod.preview(import_file=str(prod.folder / "skeleton.json"))
    assert preview.ok, preview.output
    assert resources((prod.folder / "skeleton.json").read_text()) == [
        each | ({"id": "<PLACEHOLDER>"} if "id" in each else {}) for each in resources(file)
    ]

    adopt(prod, file)
    up = prod.up()
    assert (up.ok, up.changes) == (True, []), up.output
    assert aws.created_resources() == before


def test_a_service_whose_roles_have_other_names_is_adopted_with_them(prod: Stack, aws: LocalAws) -> None:
    arn, profile = console_service(aws)
    before = aws.created_resources()
    prod.program(with_arns(THEIRS, profile))
    adopt(prod, with_arns(THEIR_FILE, arn))
    up = prod.up()
    assert (up.ok, up.changes) == (True, []), up.output
    assert aws.created_resources() == before


def test_a_domain_is_adopted_with_the_target_that_an_import_cannot_read(prod: Stack, aws: LocalAws) -> None:
    arn, profile = console_service(aws)
    apprunner = aws.client("apprunner")
    domain = {"ServiceArn": arn, "DomainName": "shop.staging.example.com"}
    target = apprunner.associate_custom_domain(**domain, EnableWWWSubdomain=False)["DNSTarget"]
    aws.plane.clock.move(60)
    prod.program(with_arns(THEIRS, profile) + DOMAIN)
    files = json.loads(with_arns(THEIR_FILE, arn)), json.loads(with_arns(DOMAIN_FILE, arn))
    combined = {"resources": [each for file in files for each in file["resources"]]}
    combined["resources"][-1]["outputs"]["dnsTarget"] = target
    adopt(prod, json.dumps(combined))
    up = prod.up()
    records = [("create", f"shop-{each}") for each in ("traffic", "validation-1", "validation-2")]
    assert (up.ok, up.changes) == (True, records), up.output
    assert prod.resource("shop-traffic")["outputs"]["records"] == [target]


KINDS: Mapping[str, Mapping[str, Any]] = {
    "public-never-traced": {"image": PUBLIC},
    "public-console": {"image": PUBLIC, "console": True, "profile": "own"},
    "public-private": {"image": PUBLIC, "private": True, "profile": "own"},
    "private-never-traced": {"image": IMAGE},
    "private-console": {"image": IMAGE, "console": True},
    "private-off": {"image": IMAGE, "observability": {"ObservabilityEnabled": False}, "tracing": False},
    "private-on": {"image": IMAGE, "traced": True, "variables": True, "tracing": True, "profile": "own"},
    "private-traced-manually": {"image": IMAGE, "traced": True},
    "code-never-traced": {},
    "code-console": {"console": True, "profile": "own"},
    "code-traced-manually": {"traced": True},
}
"""Existing services by name: the image, or none for code; `private` ingress; the scaling profile, the account's default
or its own; whether the console created it, so that it has an observability block; whether it is traced with the default
configuration, with the components' variables or without; and the tracing argument of the program."""


def test_every_kind_of_existing_service_is_adopted_without_an_update(prod: Stack, aws: LocalAws) -> None:
    existing = Existing(aws)
    for name, kind in KINDS.items():
        existing.create(name, **kind)
    before = aws.created_resources()
    prod.program(existing.program)
    adopt(prod, existing.file)
    up = prod.up()
    assert (up.ok, up.changes) == (True, []), up.output
    assert aws.created_resources() == before
    assert "UpdateService" not in [call.operation for call in aws.plane.calls]
    target = aws.client("apprunner").describe_custom_domains(ServiceArn=existing.arns["public-private"])["DNSTarget"]
    assert prod.outputs["public-private"] == f"https://{target}"


class Existing:
    """Existing services, the program that describes them, and the file that imports them."""

    def __init__(self, aws: LocalAws) -> None:
        self.arns: dict[str, str] = {}
        self._aws, self._apprunner = aws, aws.client("apprunner")
        self._lines = [
            "import pulumi",
            "from pulumi_apprunner import AppRunnerService, AppRunnerServiceArgs, Code, Image, InstanceRole",
        ]
        self._resources: list[dict[str, Any]] = []
        self._instance = role(aws, "application", "tasks", trace=_trace())
        self._access = role(aws, "puller", "build", pull=_pull())
        response = self._apprunner.create_connection(ConnectionName="github", ProviderType="GITHUB")
        self._connection: str = response["Connection"]["ConnectionArn"]
        aws.plane.complete_handshake(self._connection)

    def create(self, name: str, **kind: Any) -> None:
        """Create a service, and describe it in the program from AWS's response."""
        self._aws.plane.world.created_in_console = bool(kind.get("console"))
        more: dict[str, Any] = {"InstanceConfiguration": {"InstanceRoleArn": self._instance}}
        if kind.get("profile"):
            more["AutoScalingConfigurationArn"] = scaling(self._aws, name)
        if kind.get("private"):
            more["NetworkConfiguration"] = {"IngressConfiguration": {"IsPubliclyAccessible": False}}
        if kind.get("traced"):
            [default] = self._apprunner.list_observability_configurations()["ObservabilityConfigurationSummaryList"]
            arn = default["ObservabilityConfigurationArn"]
            more["ObservabilityConfiguration"] = {"ObservabilityEnabled": True, "ObservabilityConfigurationArn": arn}
        if "observability" in kind:
            more["ObservabilityConfiguration"] = kind["observability"]
        source = self._source(name, **kind)
        created = self._apprunner.create_service(ServiceName=name, SourceConfiguration=source, **more)["Service"]
        self._aws.plane.clock.move(60)
        self.arns[name] = created["ServiceArn"]
        self._describe(name, created, **kind)

    def _source(self, name: str, **kind: Any) -> dict[str, Any]:
        variables = {key: text.format(service_name=name) for key, text in TRACING_VARIABLES.items()}
        run = {"RuntimeEnvironmentVariables": variables} if kind.get("variables") else {}
        source: dict[str, Any] = {"AutoDeploymentsEnabled": False}
        if image := kind.get("image"):
            type = "ECR_PUBLIC" if image == PUBLIC else "ECR"
            repository = {"ImageIdentifier": image, "ImageRepositoryType": type, "ImageConfiguration": run}
            access = {} if image == PUBLIC else {"AuthenticationConfiguration": {"AccessRoleArn": self._access}}
            return source | access | {"ImageRepository": repository}
        values = {"Runtime": "PYTHON_311", "StartCommand": "python app.py", **run}
        repository = {
            "RepositoryUrl": REPOSITORY,
            "SourceCodeVersion": {"Type": "BRANCH", "Value": "main"},
            "SourceDirectory": "/",
            "CodeConfiguration": {"ConfigurationSource": "API", "CodeConfigurationValues": values},
        }
        connection = {"AuthenticationConfiguration": {"ConnectionArn": self._connection}}
        return source | connection | {"CodeRepository": repository}

    def _describe(self, name: str, created: Mapping[str, Any], **kind: Any) -> None:
        profile = created["AutoScalingConfigurationSummary"]["AutoScalingConfigurationArn"]
        args = [f"service_name={name!r}", f"instance_role=InstanceRole(arn={self._instance!r})"]
        args.append(f"auto_scaling_configuration_arn={profile!r}")
        if image := kind.get("image"):
            args.append(f"image=Image(identifier={image!r})")
            args += [] if image == PUBLIC else [f"access_role_arn={self._access!r}"]
        else:
            code = f"connection_arn={self._connection!r}, repository_url={REPOSITORY!r}, runtime='PYTHON_311'"
            args += [f"code=Code({code})", "start_command='python app.py'"]
        if kind.get("private"):
            args.append("is_publicly_accessible=False")
        if "tracing" in kind:
            args.append(f"tracing={kind['tracing']}")
            if kind["tracing"]:
                arn = created["ObservabilityConfiguration"]["ObservabilityConfigurationArn"]
                args.append(f"observability_configuration_arn={arn!r}")
        self._lines.append(f"service = AppRunnerService({name!r}, AppRunnerServiceArgs({', '.join(args)}))")
        self._lines.append(f"pulumi.export({name!r}, service.url)")
        service = {"type": "aws:apprunner/service:Service", "name": f"{name}-service", "id": created["ServiceArn"]}
        self._resources.append({"type": "apprunner:index:AppRunnerService", "name": name, "component": True})
        self._resources.append({**service, "parent": name, "version": "7.51.1"})

    @property
    def program(self) -> str:
        """The program."""
        return "\n".join([*self._lines, ""])

    @property
    def file(self) -> str:
        """The file that `pulumi import` takes."""
        return json.dumps({"resources": self._resources})


def resources(file: str) -> list[dict[str, Any]]:
    """Return a file's resources sorted by name: the engine's order varies."""
    return sorted(json.loads(file)["resources"], key=lambda each: each["name"])


def _pull() -> list[dict[str, Any]]:
    actions = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"]
    repository = "arn:aws:ecr:eu-west-1:123456789012:repository/orders"
    return [
        {"Effect": "Allow", "Action": [f"ecr:{action}" for action in actions], "Resource": repository},
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    ]


def _trace() -> list[dict[str, Any]]:
    return [{"Effect": "Allow", "Action": TRACING_ACTIONS, "Resource": "*"}]


def _document(statements: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})

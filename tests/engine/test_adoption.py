"""What was made outside is taken over, with the programs and the files that docs/adoption.md shows."""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from engine.stack import Stack
from localaws import project
from localaws.aws import LocalAws

PAGE = re.sub(r"(?m)^   ", "", (project.ROOT / "docs" / "adoption.md").read_text())
OURS, THEIRS, DOMAIN = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
OUR_FILE, THEIR_FILE, DOMAIN_FILE = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders:1.4.2"
TAGS = [{"Key": "team", "Value": "orders"}]


@pytest.fixture
def prod(environment: dict[str, str], tmp_path: Path) -> Stack:
    """Return an empty stack prod."""
    folder = project.write(tmp_path / "trial", "", "options: {refresh: always}")
    (folder / "Pulumi.prod.yaml").write_text("config:\n  aws:region: eu-west-1\n")
    return Stack(folder, "prod", environment)


def role(aws: LocalAws, name: str, trusted: str, path: str = "/", **policies: Sequence[Mapping[str, Any]]) -> str:
    """Make a role as somebody did who tagged and described it, and return its ARN."""
    iam = aws.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": f"{trusted}.apprunner.amazonaws.com"}}
    kind = "access" if trusted == "build" else "instance"
    made = iam.create_role(
        RoleName=name,
        Path=path,
        Description=f"App Runner {kind} role of orders-prod",
        AssumeRolePolicyDocument=_document([{**trust, "Action": "sts:AssumeRole"}]),
        Tags=TAGS,
    )
    for policy, statements in policies.items():
        document = _document(statements)
        iam.put_role_policy(RoleName=name, PolicyName=policy.replace("_", "-"), PolicyDocument=document)
    return str(made["Role"]["Arn"])


def scaling(aws: LocalAws, name: str) -> str:
    """Make a scaling profile and return its ARN."""
    made = aws.client("apprunner").create_auto_scaling_configuration(
        AutoScalingConfigurationName=name, MinSize=2, MaxSize=10, MaxConcurrency=80, Tags=TAGS
    )
    return str(made["AutoScalingConfiguration"]["AutoScalingConfigurationArn"])


def service(aws: LocalAws, name: str, access: str, instance: str, profile: str, image: Any, **more: Any) -> str:
    """Make a service that runs, and return its ARN."""
    made = aws.client("apprunner").create_service(
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
    return str(made["Service"]["ServiceArn"])


def console_service(aws: LocalAws) -> tuple[str, str]:
    """Make a service as the console does, with roles of its names; return the ARNs of the service and its profile."""
    access = role(aws, "AppRunnerECRAccessRole", "build", "/service-role/", pull=_pull())
    profile = scaling(aws, "busy")
    arn = service(aws, "OrdersApi", access, role(aws, "orders-application", "tasks"), profile, {"Port": "8080"})
    return arn, profile


def filled_in(text: str, *arns: str) -> str:
    """Return a text with these ARNs in place of those that it made up for the same thing."""
    for arn in arns:
        head = arn.rpartition("/")[0]
        assert head in text
        text = re.sub(rf"{re.escape(head)}/[0-9a-f]{{32}}", arn, text)
    return text


def adopt(stack: Stack, file: str) -> None:
    """Import a file as the page says."""
    (stack.folder / "adopt.json").write_text(file)
    done = stack.command(
        "import", "--file", "adopt.json", "--protect=false", "--generate-code=false", "--yes", "--skip-preview"
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_service_with_roles_and_profile_made_outside_is_taken_over_and_nothing_changes(
    prod: Stack, aws: LocalAws
) -> None:
    access = role(aws, "orders-prod-access", "build", pull_image=_pull())
    bucket = {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*"}
    instance = role(aws, "orders-prod-instance", "tasks", application=[bucket])
    profile = scaling(aws, "orders-prod")
    arn = service(
        aws,
        "orders-prod",
        access,
        instance,
        profile,
        {"Port": "8000", "RuntimeEnvironmentVariables": {"LOG_LEVEL": "info"}},
        HealthCheckConfiguration={"Protocol": "HTTP", "Path": "/healthz", "Interval": 10},
        Tags=TAGS,
    )
    there, file = aws.made(), filled_in(OUR_FILE, arn, profile)
    prod.program(OURS)
    preview = prod.preview(import_file=str(prod.folder / "skeleton.json"))
    assert preview.ok, preview.said
    assert resources((prod.folder / "skeleton.json").read_text()) == [
        each | ({"id": "<PLACEHOLDER>"} if "id" in each else {}) for each in resources(file)
    ]

    adopt(prod, file)
    up = prod.up()
    assert (up.ok, up.changes) == (True, []), up.said
    assert aws.made() == there


def test_a_service_whose_roles_have_other_names_is_taken_over_with_them(prod: Stack, aws: LocalAws) -> None:
    arn, profile = console_service(aws)
    there = aws.made()
    prod.program(filled_in(THEIRS, profile))
    adopt(prod, filled_in(THEIR_FILE, arn))
    up = prod.up()
    assert (up.ok, up.changes) == (True, []), up.said
    assert aws.made() == there


def test_a_domain_is_taken_over_with_what_an_import_cannot_read(prod: Stack, aws: LocalAws) -> None:
    arn, profile = console_service(aws)
    apprunner = aws.client("apprunner")
    domain = {"ServiceArn": arn, "DomainName": "shop.staging.example.com"}
    target = apprunner.associate_custom_domain(**domain, EnableWWWSubdomain=False)["DNSTarget"]
    aws.plane.clock.move(60)
    prod.program(filled_in(THEIRS, profile) + DOMAIN)
    files = json.loads(filled_in(THEIR_FILE, arn)), json.loads(filled_in(DOMAIN_FILE, arn))
    whole = {"resources": [each for file in files for each in file["resources"]]}
    whole["resources"][-1]["outputs"]["dnsTarget"] = target
    adopt(prod, json.dumps(whole))
    up = prod.up()
    records = [("create", f"shop-{each}") for each in ("traffic", "validation-1", "validation-2")]
    assert (up.ok, up.changes) == (True, records), up.said
    assert prod.resource("shop-traffic")["outputs"]["records"] == [target]


def resources(file: str) -> list[dict[str, Any]]:
    """Return a file's resources by name: the engine lists them as they come."""
    return sorted(json.loads(file)["resources"], key=lambda each: each["name"])


def _pull() -> list[dict[str, Any]]:
    actions = ["BatchCheckLayerAvailability", "BatchGetImage", "DescribeImages", "GetDownloadUrlForLayer"]
    repository = "arn:aws:ecr:eu-west-1:123456789012:repository/orders"
    return [
        {"Effect": "Allow", "Action": [f"ecr:{action}" for action in actions], "Resource": repository},
        {"Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    ]


def _document(statements: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": statements})

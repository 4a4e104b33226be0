"""ARNs: their parts, and the forms that App Runner accepts."""

import re
from typing import NamedTuple

_PARTITION = r"arn:(?P<partition>aws(?:-[a-z]+)*)"
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_ID = r"[0-9a-fA-F-]{1,36}"
"""App Runner's examples have ids of 32 hexadecimal digits; its API model describes UUIDs with hyphens."""

ROLE = re.compile(rf"{_PARTITION}:iam::[0-9]{{12}}:role/[A-Za-z0-9_+=,.@/-]{{1,1000}}")
"""A role for App Runner, which allows fewer characters in a path than IAM (botocore's model, RoleArn)."""
ASSUMABLE_ROLE = re.compile(rf"{_PARTITION}:iam::[0-9]{{12}}:role/(?:[!-~]{{1,510}}/)?[A-Za-z0-9_+=,.@-]{{1,64}}")
"""Any IAM role. Its path allows all printable ASCII characters (botocore's model of IAM, pathType, roleNameType)."""
POLICY = re.compile(rf"{_PARTITION}:iam::(?:[0-9]{{12}}|aws):policy/[A-Za-z0-9_+=,.@/-]{{1,1000}}")
KMS_KEY = re.compile(rf"{_PARTITION}:kms:[a-z-]+-[0-9]:[0-9]{{12}}:key/{_UUID}")
"""A key's ARN with its UUID. App Runner rejects aliases and multi-Region keys (source.ENCRYPTION_CONFIGURATION)."""
ANY_KMS_KEY = re.compile(rf"{_PARTITION}:kms:[a-z0-9-]+:[0-9]{{12}}:key/(?:mrk-[0-9a-f]{{32}}|{_UUID})")
SERVICE = re.compile(rf"{_PARTITION}:apprunner:[a-z0-9-]+:[0-9]{{12}}:service/[A-Za-z0-9_-]+/{_ID}")
SERVICE_ID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
"""A service's id in a text, in both forms."""
CONNECTION = re.compile(rf"{_PARTITION}:apprunner:[a-z0-9-]+:[0-9]{{12}}:connection/[A-Za-z0-9_-]+/{_ID}")
VPC_CONNECTOR = re.compile(rf"{_PARTITION}:apprunner:[a-z0-9-]+:[0-9]{{12}}:vpcconnector/[A-Za-z0-9_-]+/[0-9]+/{_ID}")
AUTO_SCALING_CONFIGURATION = re.compile(
    rf"{_PARTITION}:apprunner:[a-z0-9-]+:[0-9]{{12}}:autoscalingconfiguration/[A-Za-z0-9_-]+(?:/[0-9]+(?:/{_ID})?)?"
)
"""With or without a revision. Without one, App Runner uses the latest (source.CREATE_SERVICE)."""
OBSERVABILITY_CONFIGURATION = re.compile(
    rf"{_PARTITION}:apprunner:[a-z0-9-]+:[0-9]{{12}}:observabilityconfiguration/[A-Za-z0-9_-]+(?:/[0-9]+(?:/{_ID})?)?"
)
_SECRET_CHARACTERS = r"A-Za-z0-9/_+=.@!-"
"""The characters of CreateSecret, and the `!` after an owning service's name: rds!db-..., rds!cluster-..., events!...

Source: the patterns of AppSync and Bedrock for such an ARN (botocore's models, RdsDataApiConfigSecretArn, SecretArn).
"""
SECRET = re.compile(
    rf"{_PARTITION}:secretsmanager:[a-z0-9-]+:[0-9]{{12}}:secret:"
    rf"(?P<name>[{_SECRET_CHARACTERS}]+-[A-Za-z0-9]{{6}})"
)
"""A secret's full ARN, with the six characters that Secrets Manager appends, and nothing after them."""
SECRET_REFERENCE = re.compile(
    rf"{SECRET.pattern}(?::(?P<json_key>[^:]*))?(?::(?P<version_stage>[^:]*))?(?::(?P<version_id>[^:]*))?"
)
"""A secret's full ARN and up to three parts that select the value: JSON key, version stage, version id."""
SECRET_AS_PARAMETER = "aws/reference/secretsmanager/"
"""How the name of a parameter begins that refers to a secret (source.SECRET_AS_PARAMETER)."""
_PARAMETER_PATH = rf"(?:{SECRET_AS_PARAMETER}[{_SECRET_CHARACTERS}]+|[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)*)"
"""A parameter's name without its first slash."""
PARAMETER = re.compile(rf"{_PARTITION}:ssm:[a-z0-9-]+:(?:[0-9]{{12}})?:parameter/{_PARAMETER_PATH}")
"""A parameter's ARN. AWS's public parameters have an empty account."""
PARAMETER_NAME = re.compile(rf"/?{_PARAMETER_PATH}")
QUEUE = re.compile(rf"{_PARTITION}:sqs:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]{{1,80}}")
TOPIC = re.compile(rf"{_PARTITION}:sns:[a-z0-9-]+:[0-9]{{12}}:[A-Za-z0-9_-]{{1,256}}")
"""A standard topic. The names of FIFO topics end in .fifo."""
REPOSITORY = re.compile(rf"{_PARTITION}:ecr:[a-z0-9-]+:[0-9]{{12}}:repository/[a-z0-9][a-z0-9._/-]{{1,255}}")
WEB_ACL = re.compile(rf"{_PARTITION}:wafv2:[a-z0-9-]+:[0-9]{{12}}:regional/webacl/[A-Za-z0-9_-]{{1,128}}/{_ID}")
"""A web ACL with scope REGIONAL. The ARN of one with scope CLOUDFRONT has global instead of regional."""
LAMBDA_FUNCTION = re.compile(
    rf"{_PARTITION}:lambda:[a-z0-9-]+:[0-9]{{12}}:function:[A-Za-z0-9_-]{{1,64}}(?::[A-Za-z0-9_$-]{{1,128}})?"
)
HOSTED_ZONE_ID = re.compile(r"(?:/hostedzone/)?Z[A-Z0-9]{1,31}")
SECURITY_GROUP_ID = re.compile(r"sg-[0-9a-zA-Z-]+")
SUBNET_ID = re.compile(r"subnet-[0-9a-zA-Z-]+")
VPC_ENDPOINT_ID = re.compile(r"vpce-[0-9a-zA-Z-]+")
VPC_ID = re.compile(r"vpc-[0-9a-zA-Z-]+")
EXAMPLE_ACCOUNT = "123456789012"
"""The account number in AWS's own examples. Offline plans use it."""


class ServiceIdentity(NamedTuple):
    """A service's name and id, which are the dimensions of its metrics and part of its log groups' names."""

    name: str
    id: str


class Arn(NamedTuple):
    """The six parts of an ARN."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(arn: str) -> Arn:
    """Return the parts of an ARN.

    Raises:
        ValueError: The string is not an ARN.
    """
    prefix, *parts = arn.split(":", 5)
    if prefix != "arn" or len(parts) != 5:
        raise ValueError("an ARN has the form arn:partition:service:region:account:resource")
    return Arn(*parts)


def parts_of(arn: str | None) -> Arn:
    """Return the parts of an ARN that AWS assigns; the partition aws and empty parts if it is none, as in mocks."""
    try:
        return parse_arn(arn or "")
    except ValueError:
        return Arn("aws", "", "", "", "")


def parse_service_arn(arn: str) -> ServiceIdentity:
    """Return the name and the id in a service's ARN; empty strings if the ARN is invalid, as in a user's mocks."""
    parts = arn.rpartition(":service/")[2].split("/") if SERVICE.fullmatch(arn) else []
    return ServiceIdentity(*parts) if len(parts) == 2 else ServiceIdentity("", "")


def is_app_runner_arn(text: str, kind: str) -> bool:
    """Return whether a string has the form of the ARN of an App Runner resource.

    Args:
        text: The string.
        kind: The kind in the ARN, such as service or vpcconnector.
    """
    try:
        arn = parse_arn(text)
    except ValueError:
        return False
    return arn.service == "apprunner" and arn.resource.startswith(f"{kind}/")

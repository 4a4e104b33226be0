"""The services that assume App Runner's roles, and the IAM actions that these roles need."""

from apprunner_facts.arns import SECRET_AS_PARAMETER, parse_arn
from apprunner_facts.regions import dns_suffix

BUILD_SERVICE = "build.apprunner.amazonaws.com"
"""Assumes the access role to pull a private image (source.IAM)."""
TASKS_SERVICE = "tasks.apprunner.amazonaws.com"
"""Assumes the instance role, in which the application runs (source.IAM)."""
SCHEDULER_SERVICE = "scheduler.amazonaws.com"
"""Assumes a schedule's role to pause and resume services (source.SCHEDULER)."""
CLOUDWATCH_SERVICE = "cloudwatch.amazonaws.com"
"""Publishes the changes of alarms to a topic (source.CLOUDWATCH_ALARM_TOPIC)."""
EVENTS_SERVICE = "events.amazonaws.com"
"""Publishes events to a topic (source.EVENTBRIDGE_TOPIC), and assumes a rule's role (source.RULE_TRUST)."""
STATES_SERVICE = "states.amazonaws.com"
"""Assumes the role of a state machine (source.STATE_MACHINE_TRUST)."""
PASSED_TO_SERVICE = "apprunner.amazonaws.com"
"""The value of `iam:PassedToService` when roles are passed to a service (AWS's policy AWSAppRunnerFullAccess)."""

LOGIN_ACTION = "ecr:GetAuthorizationToken"
"""The login to ECR. It supports no resources (source.IAM)."""

PULL_ACTIONS = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:DescribeImages",
    "ecr:GetDownloadUrlForLayer",
)
"""The actions on a repository with which App Runner pulls an image (AWS's policy in ECR_POLICY)."""
CROSS_ACCOUNT_PULL_ACTIONS = ("ecr:BatchGetImage", "ecr:DescribeImages", "ecr:GetDownloadUrlForLayer")
"""The actions that the policy of a repository in another account allows an access role (source.IMAGE_SOURCE)."""
PUSH_ACTIONS = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
"""The actions on a repository that push an image, besides LOGIN_ACTION (repositories.PUSH)."""
DEPLOY_ACTIONS = ("apprunner:ListOperations", "apprunner:StartDeployment")
"""The actions on a service that start a deployment and wait for it."""
READ_LOG_ACTION = "logs:GetLogEvents"
"""Reads a log stream."""
ECR_POLICY = "AWSAppRunnerServicePolicyForECRAccess"
"""AWS's managed policy for access roles: LOGIN_ACTION and PULL_ACTIONS on every repository."""

READ_SECRET_ACTION = "secretsmanager:GetSecretValue"
READ_PARAMETER_ACTION = "ssm:GetParameters"
"""READ_SECRET_ACTION and READ_PARAMETER_ACTION let the instance role read the values of environment secrets
(source.ENVIRONMENT_VARIABLES)."""
DECRYPT_ACTION = "kms:Decrypt"
"""Also required on a customer-managed key that encrypts these values (source.ENVIRONMENT_VARIABLES)."""
SEND_ENCRYPTED_ACTIONS = (DECRYPT_ACTION, "kms:GenerateDataKey")
"""Required on a customer-managed key to send to a queue that it encrypts (source.QUEUE_KEYS)."""
PUBLISH_ACTION = "sns:Publish"
PUT_EVENTS_ACTION = "events:PutEvents"
"""Required in the role of a rule whose target is an event bus (source.EVENT_FORWARDING)."""
START_EXECUTION_ACTION = "states:StartExecution"
"""Required in the role of a rule whose target is a state machine."""
REDEPLOY_ACTIONS = ("apprunner:ListOperations", "apprunner:StartDeployment")
"""Required in the role of a state machine that deploys a service again."""
VIA_SERVICE = "kms:ViaService"
"""The condition key that names the service through which a key is used (source.KMS_VIA_SERVICE)."""


def via_services(arn: str) -> tuple[str, ...]:
    """Return the values of kms:ViaService when a key is used for the resource of an ARN.

    They have the form SERVICE.REGION.amazonaws.com (source.KMS_VIA_SERVICE). Not verified: the ending amazonaws.com.cn
    in China, and the service for a parameter that refers to a secret (source.SECRET_AS_PARAMETER), which has two values
    here.

    Raises:
        ValueError: The string is not an ARN.
    """
    parts = parse_arn(arn)
    services = [parts.service]
    if parts.resource.startswith(f"parameter/{SECRET_AS_PARAMETER}"):
        services.append("secretsmanager")
    return tuple(f"{service}.{parts.region}.{dns_suffix(parts.partition)}" for service in services)

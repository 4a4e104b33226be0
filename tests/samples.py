"""Example values in the forms of AWS."""

ACCOUNT = "123456789012"
IMAGE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/orders-api:1.4.2"
PUBLIC_IMAGE = "public.ecr.aws/docker/library/nginx:1.27"
DIGEST = f"sha256:{'0f' * 32}"

ID = "0123456789abcdef0123456789abcdef"
_APP_RUNNER = "arn:aws:apprunner:eu-west-1:123456789012"
SERVICE_ARN = f"{_APP_RUNNER}:service/orders-api/{ID}"
CONNECTOR_ARN = f"{_APP_RUNNER}:vpcconnector/private/1/{ID}"
CONNECTION_ARN = f"{_APP_RUNNER}:connection/github/{ID}"
SCALING_ARN = f"{_APP_RUNNER}:autoscalingconfiguration/shared/3/{ID}"
LATEST_SCALING_ARN = f"{_APP_RUNNER}:autoscalingconfiguration/shared"
OBSERVABILITY_ARN = f"{_APP_RUNNER}:observabilityconfiguration/traces/1/{ID}"

ROLE_ARN = "arn:aws:iam::123456789012:role/orders"
OTHER_ROLE_ARN = "arn:aws:iam::123456789012:role/service-role/pull"
POLICY_ARN = "arn:aws:iam::123456789012:policy/read-catalogue"
BOUNDARY_ARN = "arn:aws:iam::123456789012:policy/boundary"

GITHUB_PROVIDER_ARN = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"
REPOSITORY_ARN = "arn:aws:ecr:eu-west-1:123456789012:repository/orders-api"

KMS_KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9"
SECRET_ARN = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders/db-AbCdEf"
PARAMETER_ARN = "arn:aws:ssm:eu-west-1:123456789012:parameter/orders/flags"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:failed-calls"
TOPIC_ARN = "arn:aws:sns:eu-west-1:123456789012:on-call"

VPC_ID = "vpc-0a1b2c3d4e5f60718"
SUBNET_IDS = ["subnet-0a1b2c3d4e5f60718", "subnet-0b1c2d3e4f5061728"]
GROUP_ID = "sg-0c1d2e3f405162738"
ZONE_ID = "Z0123456789ABCDEFGHIJ"

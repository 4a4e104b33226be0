"""Resources that the tests of the emulated provider create: their type tokens and inputs."""

from typing import Any

from apprunner_local.provider.provider import Provider

SERVICE = "aws:apprunner/service:Service"
SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
DEFAULT_SCALING = "aws:apprunner/defaultAutoScalingConfigurationVersion:DefaultAutoScalingConfigurationVersion"
OBSERVABILITY = "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration"
CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"
CONNECTION = "aws:apprunner/connection:Connection"
INGRESS = "aws:apprunner/vpcIngressConnection:VpcIngressConnection"
ASSOCIATION = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
ROLE = "aws:iam/role:Role"
POLICY = "aws:iam/rolePolicy:RolePolicy"
ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
IDENTITY_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
GROUP = "aws:ec2/securityGroup:SecurityGroup"
EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
EDGE_FUNCTION = "aws:cloudfront/function:Function"
KEY_VALUE_STORE = "aws:cloudfront/keyValueStore:KeyValueStore"
KEY_VALUE_STORE_KEY = "aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
WEB_ACL_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
RECORD = "aws:route53/record:Record"
SCHEDULE_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"
SCHEDULE = "aws:scheduler/schedule:Schedule"
QUEUE = "aws:sqs/queue:Queue"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"
ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
SAVED_QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition"
RULE = "aws:cloudwatch/eventRule:EventRule"
RULE_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
MACHINE = "aws:sfn/stateMachine:StateMachine"
REPOSITORY = "aws:ecr/repository:Repository"
LIFECYCLE_POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
VPC, SUBNETS, EXISTING_GROUP = (
    "vpc-0a51b62c73d84e95f",
    ["subnet-0b1c2d3e4f5061728", "subnet-0c2d3e4f506172839"],
    "sg-0d3e4f50617283940",
)
INITIAL_SCALING_ARN = (
    f"arn:aws:apprunner:eu-west-1:123456789012:autoscalingconfiguration/DefaultConfiguration/1/{1:032d}"
)
PRIVATE = {"vpcId": VPC, "vpcEndpointId": "vpce-0a51b62c73d84e95f"}
TRUST = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"Service": "%s"}}]}'
)
ALLOW = (
    '{"Version": "2012-10-17", "Statement": '
    '[{"Action": "ecr:GetAuthorizationToken", "Effect": "Allow", "Resource": "*"}]}'
)
IMAGE = {
    "autoDeploymentsEnabled": False,
    "imageRepository": {
        "imageIdentifier": "public.ecr.aws/example/orders:1",
        "imageRepositoryType": "ECR_PUBLIC",
        "imageConfiguration": {"port": "8080", "runtimeEnvironmentVariables": {"LOG_LEVEL": "info"}},
    },
}
ORDERS = {"serviceName": "orders", "sourceConfiguration": IMAGE, "tags": {"team": "orders"}}
TARGET = {
    "arn": "arn:aws:scheduler:::aws-sdk:apprunner:pauseService",
    "roleArn": "arn:aws:iam::123456789012:role/schedules",
    "input": '{"ServiceArn": "arn"}',
    "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 20},
}
SHOP = {
    "aliases": ["shop.example.com"],
    "comment": "shop",
    "enabled": True,
    "origins": [
        {
            "originId": "stable",
            "domainName": "stable.eu-west-1.awsapprunner.com",
            "customHeaders": [{"name": "x-origin-verify", "value": "correct-horse-battery-staple"}],
            "customOriginConfig": {
                "httpPort": 80,
                "httpsPort": 443,
                "originProtocolPolicy": "https-only",
                "originSslProtocols": ["TLSv1.2"],
                "originReadTimeout": 120,
            },
        }
    ],
    "defaultCacheBehavior": {
        "targetOriginId": "stable",
        "viewerProtocolPolicy": "redirect-to-https",
        "allowedMethods": ["GET", "HEAD"],
        "cachedMethods": ["GET", "HEAD"],
        "cachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
        "originRequestPolicyId": "b689b0a8-53d0-40ab-baf2-68738e2966ac",
        "compress": False,
        "functionAssociations": [],
    },
    "viewerCertificate": {
        "acmCertificateArn": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9",
        "sslSupportMethod": "sni-only",
        "minimumProtocolVersion": "TLSv1.2_2021",
    },
    "restrictions": {"geoRestriction": {"restrictionType": "none"}},
    "tags": {"team": "shop"},
}
"""A distribution with one origin."""
TOPIC_ARN = "arn:aws:sns:eu-west-1:123456789012:existing"
QUEUE_ARN = "arn:aws:sqs:eu-west-1:123456789012:existing"
PUBLISH = (
    '{"Version": "2012-10-17", "Statement": [{"Action": "sns:Publish", "Effect": "Allow", '
    f'"Principal": {{"Service": "events.amazonaws.com"}}, "Resource": "{TOPIC_ARN}"}}]}}'
)
WAIT = '{"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 60, "End": true}}}'
FAILURES = '{"source": ["aws.apprunner"], "detail": {"operationStatus": ["UpdateServiceFailed"]}}'
ERRORS = {
    "namespace": "AWS/AppRunner",
    "metricName": "5xxStatusResponses",
    "dimensions": {"ServiceName": "orders", "ServiceID": "0123456789abcdef0123456789abcdef"},
    "period": 300,
}
ERROR_ALARM = {
    "name": "orders-errors",
    "comparisonOperator": "GreaterThanOrEqualToThreshold",
    "evaluationPeriods": 3,
    "datapointsToAlarm": 2,
    "threshold": 10,
    "treatMissingData": "notBreaching",
    "alarmActions": [TOPIC_ARN],
    "statistic": "Sum",
    "tags": {"team": "orders"},
    **ERRORS,
}

KEEP_TEN = (
    '{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", '
    '"countNumber": 10}, "action": {"type": "expire"}}]}'
)
PULL = (
    '{"Version": "2012-10-17", "Statement": [{"Action": "ecr:BatchGetImage", "Effect": "Allow", '
    '"Principal": {"AWS": "arn:aws:iam::210987654321:root"}}]}'
)
WAF_LOG_GROUP_ARN = "arn:aws:logs:eu-west-1:123456789012:log-group:aws-waf-logs-existing"
_VISIBILITY = {"cloudwatchMetricsEnabled": True, "sampledRequestsEnabled": False}
COMMON_RULES = {
    "name": "common",
    "priority": 1,
    "overrideAction": {"none": {}},
    "statement": {
        "managedRuleGroupStatement": {
            "vendorName": "AWS",
            "name": "AWSManagedRulesCommonRuleSet",
            "ruleActionOverrides": [{"name": "SizeRestrictions_BODY", "actionToUse": {"count": {}}}],
        }
    },
    "visibilityConfig": {**_VISIBILITY, "metricName": "common"},
}
LOGIN_LIMIT = {
    "name": "login",
    "priority": 2,
    "action": {"block": {"customResponse": {"responseCode": 429}}},
    "statement": {
        "rateBasedStatement": {
            "limit": 100,
            "aggregateKeyType": "IP",
            "evaluationWindowSec": 60,
            "scopeDownStatement": {
                "byteMatchStatement": {
                    "searchString": "/login",
                    "positionalConstraint": "STARTS_WITH",
                    "fieldToMatch": {"uriPath": {}},
                    "textTransformations": [{"priority": 0, "type": "URL_DECODE"}],
                }
            },
        }
    },
    "visibilityConfig": {**_VISIBILITY, "metricName": "login"},
}
FIREWALL = {
    "name": "orders",
    "description": "Web ACL for App Runner services",
    "scope": "REGIONAL",
    "defaultAction": {"allow": {}},
    "rules": [COMMON_RULES, LOGIN_LIMIT],
    "visibilityConfig": {**_VISIBILITY, "metricName": "orders"},
    "tags": {"team": "orders"},
}


def create_resource(provider: Provider, type: str, inputs: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return provider.create(type, provider.check(type, "orders", {}, inputs, b"seed"))


def paths(provider: Provider, type: str, old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    checked = provider.check(type, "orders", {}, new, b"seed")
    return [one.path for one in provider.diff(type, old, checked, []).differences]

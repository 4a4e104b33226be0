"""Pulumi's type tokens of resources, and its tokens of functions.

They are the same in every language. Source: the schema of pulumi-aws 7; a test compares them with the installed SDK.
"""

from collections.abc import Mapping
from types import MappingProxyType

STACK = "pulumi:pulumi:Stack"
STACK_REFERENCE = "pulumi:pulumi:StackReference"
AWS_PROVIDER = "pulumi:providers:aws"

SERVICE = "aws:apprunner/service:Service"
AUTO_SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion"
DEFAULT_AUTO_SCALING = "aws:apprunner/defaultAutoScalingConfigurationVersion:DefaultAutoScalingConfigurationVersion"
CONNECTION = "aws:apprunner/connection:Connection"
CUSTOM_DOMAIN = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
DEPLOYMENT = "aws:apprunner/deployment:Deployment"
OBSERVABILITY = "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration"
VPC_CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"
VPC_INGRESS_CONNECTION = "aws:apprunner/vpcIngressConnection:VpcIngressConnection"

NATIVE: Mapping[str, str] = MappingProxyType(
    {
        "aws-native:apprunner:Service": SERVICE,
        "aws-native:apprunner:AutoScalingConfiguration": AUTO_SCALING,
        "aws-native:apprunner:ObservabilityConfiguration": OBSERVABILITY,
        "aws-native:apprunner:VpcConnector": VPC_CONNECTOR,
        "aws-native:apprunner:VpcIngressConnection": VPC_INGRESS_CONNECTION,
    }
)
"""The resources of App Runner in pulumi-aws-native, each with the same resource in pulumi-aws.

Source: the SDK of pulumi-aws-native (read 2026-11-26). It has the names of CloudFormation's AWS::AppRunner.
"""

ACCOUNT_ALIAS = "aws:iam/accountAlias:AccountAlias"
GROUP_POLICY = "aws:iam/groupPolicy:GroupPolicy"
GROUP_POLICY_ATTACHMENT = "aws:iam/groupPolicyAttachment:GroupPolicyAttachment"
GROUP_POLICY_ATTACHMENTS = "aws:iam/groupPolicyAttachmentsExclusive:GroupPolicyAttachmentsExclusive"
INSTANCE_PROFILE = "aws:iam/instanceProfile:InstanceProfile"
OPEN_ID_CONNECT_PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
POLICY = "aws:iam/policy:Policy"
POLICY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"
ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
ROLE_POLICY_ATTACHMENTS = "aws:iam/rolePolicyAttachmentsExclusive:RolePolicyAttachmentsExclusive"
"""All attachments of a role."""
USER = "aws:iam/user:User"
USER_POLICY = "aws:iam/userPolicy:UserPolicy"
USER_POLICY_ATTACHMENT = "aws:iam/userPolicyAttachment:UserPolicyAttachment"
USER_POLICY_ATTACHMENTS = "aws:iam/userPolicyAttachmentsExclusive:UserPolicyAttachmentsExclusive"

DEFAULT_ROUTE_TABLE = "aws:ec2/defaultRouteTable:DefaultRouteTable"
DEFAULT_SECURITY_GROUP = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup"
DEFAULT_SUBNET = "aws:ec2/defaultSubnet:DefaultSubnet"
ELASTIC_IP = "aws:ec2/eip:Eip"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
MAIN_ROUTE_TABLE_ASSOCIATION = "aws:ec2/mainRouteTableAssociation:MainRouteTableAssociation"
NAT_GATEWAY = "aws:ec2/natGateway:NatGateway"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
SECURITY_GROUP_EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SECURITY_GROUP_INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
SUBNET = "aws:ec2/subnet:Subnet"
TRANSIT_GATEWAY_ATTACHMENT = "aws:ec2transitgateway/vpcAttachment:VpcAttachment"
VPC = "aws:ec2/vpc:Vpc"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"
WEB_ACL_LOGGING = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"

DISTRIBUTION = "aws:cloudfront/distribution:Distribution"
EDGE_FUNCTION = "aws:cloudfront/function:Function"
CERTIFICATE = "aws:acm/certificate:Certificate"
KEY_VALUE_STORE = "aws:cloudfront/keyValueStore:KeyValueStore"
KEY_VALUE_STORE_KEY = "aws:cloudfront/keyvaluestoreKey:KeyvaluestoreKey"

HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck"
HOSTED_ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"

SCHEDULE = "aws:scheduler/schedule:Schedule"
SCHEDULE_GROUP = "aws:scheduler/scheduleGroup:ScheduleGroup"

COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm"
DASHBOARD = "aws:cloudwatch/dashboard:Dashboard"
EVENT_BUS = "aws:cloudwatch/eventBus:EventBus"
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
EVENT_TARGET = "aws:cloudwatch/eventTarget:EventTarget"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
LOG_SUBSCRIPTION_FILTER = "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter"
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
QUERY_DEFINITION = "aws:cloudwatch/queryDefinition:QueryDefinition"

STATE_MACHINE = "aws:sfn/stateMachine:StateMachine"

KMS_ALIAS = "aws:kms/alias:Alias"
KMS_GRANT = "aws:kms/grant:Grant"
KMS_KEY = "aws:kms/key:Key"
KMS_KEY_POLICY = "aws:kms/keyPolicy:KeyPolicy"
KMS_REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey"
PARAMETER = "aws:ssm/parameter:Parameter"
SECRET = "aws:secretsmanager/secret:Secret"
SECRET_POLICY = "aws:secretsmanager/secretPolicy:SecretPolicy"
SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion"

API_GATEWAY_INTEGRATION = "aws:apigateway/integration:Integration"
BUCKET = "aws:s3/bucket:Bucket"
BUCKET_V2 = "aws:s3/bucketV2:BucketV2"
DATABASE_INSTANCE = "aws:rds/instance:Instance"
DYNAMODB_TABLE = "aws:dynamodb/table:Table"
ECR_LIFECYCLE_POLICY = "aws:ecr/lifecyclePolicy:LifecyclePolicy"
ECR_REPOSITORY = "aws:ecr/repository:Repository"
ECR_REPOSITORY_POLICY = "aws:ecr/repositoryPolicy:RepositoryPolicy"
EFS_MOUNT_TARGET = "aws:efs/mountTarget:MountTarget"
QUEUE = "aws:sqs/queue:Queue"
TOPIC = "aws:sns/topic:Topic"
TOPIC_POLICY = "aws:sns/topicPolicy:TopicPolicy"
TOPIC_SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription"

GET_APP_RUNNER_HOSTED_ZONE_ID = "aws:apprunner/getHostedZoneId:getHostedZoneId"
GET_AUTHORIZATION_TOKEN = "aws:ecr/getAuthorizationToken:getAuthorizationToken"
GET_AVAILABILITY_ZONES = "aws:index/getAvailabilityZones:getAvailabilityZones"
GET_CALLER_IDENTITY = "aws:index/getCallerIdentity:getCallerIdentity"
GET_PARTITION = "aws:index/getPartition:getPartition"
GET_POLICY_DOCUMENT = "aws:iam/getPolicyDocument:getPolicyDocument"
GET_REGION = "aws:index/getRegion:getRegion"
GET_RESOURCE = "pulumi:pulumi:getResource"

"""The type tokens of the resources that rules look at, as pulumi-aws has them in every language."""

from apprunner_facts import tokens

STACK = "pulumi:pulumi:Stack"

SERVICE = tokens.SERVICE
AUTO_SCALING = tokens.AUTO_SCALING
VPC_CONNECTOR = "aws:apprunner/vpcConnector:VpcConnector"
VPC_INGRESS_CONNECTION = "aws:apprunner/vpcIngressConnection:VpcIngressConnection"
CUSTOM_DOMAIN = "aws:apprunner/customDomainAssociation:CustomDomainAssociation"
OBSERVABILITY = "aws:apprunner/observabilityConfiguration:ObservabilityConfiguration"
CONNECTION = "aws:apprunner/connection:Connection"

ROLE = "aws:iam/role:Role"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"
ROLE_POLICY_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
POLICY = "aws:iam/policy:Policy"
POLICY_ATTACHMENT = "aws:iam/policyAttachment:PolicyAttachment"

SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup"
SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule"
SECURITY_GROUP_EGRESS_RULE = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule"
SUBNET = "aws:ec2/subnet:Subnet"
INTERNET_GATEWAY = "aws:ec2/internetGateway:InternetGateway"
ROUTE = "aws:ec2/route:Route"
ROUTE_TABLE = "aws:ec2/routeTable:RouteTable"
ROUTE_TABLE_ASSOCIATION = "aws:ec2/routeTableAssociation:RouteTableAssociation"
VPC_ENDPOINT = "aws:ec2/vpcEndpoint:VpcEndpoint"
WEB_ACL = "aws:wafv2/webAcl:WebAcl"
WEB_ACL_ASSOCIATION = "aws:wafv2/webAclAssociation:WebAclAssociation"

SCHEDULE = tokens.SCHEDULE
QUEUE = "aws:sqs/queue:Queue"
HOSTED_ZONE = "aws:route53/zone:Zone"
RECORD = "aws:route53/record:Record"
METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm"
SECRET = "aws:secretsmanager/secret:Secret"
PARAMETER = "aws:ssm/parameter:Parameter"
ECR_REPOSITORY = "aws:ecr/repository:Repository"
KMS_KEY = "aws:kms/key:Key"

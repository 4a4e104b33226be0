"""The table of what a change of each property does, by resource type; `changes` describes and evaluates it."""

from collections.abc import Mapping

from apprunner_facts import tokens
from apprunner_facts.edge_change_table import EDGE_TYPES
from apprunner_facts.type_changes import NOT_READ, TypeChanges

_TAGS_ONLY = "the provider updates tags only"

_RULE = TypeChanges(
    "ec2/vpc_security_group_ingress_rule.go",  # shared by both kinds of rules
    "d2b7f56a7c451244abd1e467109ba703bd9eedd3",
    replaces="region securityGroupId",
    updates="cidrIpv4 cidrIpv6 description fromPort ipProtocol prefixListId referencedSecurityGroupId tags toPort",
    alternatives="cidrIpv4 cidrIpv6 prefixListId referencedSecurityGroupId",
)

TYPES: Mapping[str, TypeChanges] = {
    tokens.AUTO_SCALING: TypeChanges(
        "apprunner/auto_scaling_configuration_version.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="autoScalingConfigurationName maxConcurrency maxSize minSize region",
        updates="tags",
    ),
    tokens.CONNECTION: TypeChanges(
        "apprunner/connection.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="connectionName providerType region",
        updates="tags",
    ),
    tokens.CUSTOM_DOMAIN: TypeChanges(
        "apprunner/custom_domain_association.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="domainName enableWwwSubdomain region serviceArn",
    ),
    tokens.DEFAULT_AUTO_SCALING: TypeChanges(
        "apprunner/default_auto_scaling_configuration_version.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="region",
        updates="autoScalingConfigurationArn",
    ),
    tokens.DEPLOYMENT: TypeChanges(
        "apprunner/deployment.go",
        "07e0d0b940f57c782f8fcc9ccfd8b19f59383b51",
        replaces="region serviceArn",
        ignores="timeouts",
        notes={"timeouts": "a change of timeouts alone is an error: the provider has no update"},
    ),
    tokens.OBSERVABILITY: TypeChanges(
        "apprunner/observability_configuration.go",
        "6446594c4210aa19abed73744d005d053968c88e",
        replaces="observabilityConfigurationName region",
        updates="tags",
        ignores="traceConfiguration",
        notes={"traceConfiguration": _TAGS_ONLY},
    ),
    tokens.SERVICE: TypeChanges(
        "apprunner/service.go",
        "060a3348c54071f23c3487ef820eb77c4ed42dbb",
        replaces="encryptionConfiguration region serviceName",
        updates="autoScalingConfigurationArn healthCheckConfiguration instanceConfiguration networkConfiguration "
        "observabilityConfiguration sourceConfiguration tags",
        computed="autoScalingConfigurationArn healthCheckConfiguration instanceConfiguration networkConfiguration "
        "networkConfiguration.egressConfiguration networkConfiguration.egressConfiguration.egressType "
        "networkConfiguration.ingressConfiguration sourceConfiguration.codeRepository.sourceDirectory",
    ),
    tokens.VPC_CONNECTOR: TypeChanges(
        "apprunner/vpc_connector.go",
        "03412d530417901a6e5360333350b8d3c802cece",
        replaces="region securityGroups subnets vpcConnectorName",
        updates="tags",
    ),
    tokens.VPC_INGRESS_CONNECTION: TypeChanges(
        "apprunner/vpc_ingress_connection.go",
        "093b7d9d194ff9c47556d142cdf3f62e90054728",
        replaces="region serviceArn",
        updates="tags",
        ignores="ingressVpcConfiguration name",
        notes={"ingressVpcConfiguration": _TAGS_ONLY, "name": _TAGS_ONLY},
    ),
    tokens.SECURITY_GROUP: TypeChanges(
        "ec2/vpc_security_group.go",
        "01606926a0c0ab9174aec440f976a48b0baee722",
        replaces="description name namePrefix region vpcId",
        updates="egress ingress revokeRulesOnDelete tags",
        computed="egress ingress name namePrefix vpcId",
        notes={"revokeRulesOnDelete": "affects only the deletion"},
    ),
    tokens.ROLE: TypeChanges(
        "iam/role.go",
        "0040ea6911af00bea2cca6dbb14e86829826ad8e",
        replaces="name namePrefix path",
        updates="assumeRolePolicy description forceDetachPolicies inlinePolicies managedPolicyArns "
        "maxSessionDuration permissionsBoundary tags",
        computed="inlinePolicies managedPolicyArns name namePrefix",
        notes={"forceDetachPolicies": "affects only the deletion"},
    ),
    tokens.ROLE_POLICY: TypeChanges(
        "iam/role_policy.go",
        "02f97af85f89a04e8ed89f5e8b64a9a67f3cfe07",
        replaces="name namePrefix role",
        updates="policy",
        computed="name namePrefix",
    ),
    tokens.ROLE_POLICY_ATTACHMENT: TypeChanges(
        "iam/role_policy_attachment.go", "04c79849dbe7fbe76c3054b364357bcdaade9ac5", replaces="policyArn role"
    ),
    tokens.HEALTH_CHECK: TypeChanges(
        "route53/health_check.go",
        "01606926a0c0ab9174aec440f976a48b0baee722",
        replaces="measureLatency referenceName requestInterval routingControlArn type",
        updates="childHealthThreshold childHealthchecks cloudwatchAlarmName cloudwatchAlarmRegion disabled enableSni "
        "failureThreshold fqdn insufficientDataHealthStatus invertHealthcheck ipAddress port regions resourcePath "
        "searchString tags triggers",
        computed="enableSni failureThreshold triggers",
    ),
    tokens.RECORD: TypeChanges(
        "route53/record.go",
        "00655c1681ea1e49ab10cd32d3f8bee372b2095b",
        replaces="name zoneId",
        updates="aliases allowOverwrite cidrRoutingPolicy failoverRoutingPolicies geolocationRoutingPolicies "
        "geoproximityRoutingPolicy healthCheckId latencyRoutingPolicies multivalueAnswerRoutingPolicy records "
        "setIdentifier ttl type weightedRoutingPolicies",
        computed="allowOverwrite",
        notes={
            "allowOverwrite": "affects only the creation",
            "setIdentifier": "deleted and created again in one Route 53 batch",
            "type": "deleted and created again in one Route 53 batch",
        },
    ),
    tokens.SCHEDULE: TypeChanges(
        "scheduler/schedule.go",
        "02f524b9e9cc109457eeba63867c83e70af99455",
        replaces="groupName name namePrefix region",
        updates="actionAfterCompletion description endDate flexibleTimeWindow kmsKeyArn scheduleExpression "
        "scheduleExpressionTimezone startDate state target",
        computed="actionAfterCompletion groupName name namePrefix",
    ),
    tokens.SCHEDULE_GROUP: TypeChanges(
        "scheduler/schedule_group.go",
        "0cdab4ae09a963535e03dde0bff4784afe8e3517",
        replaces="name namePrefix region",
        updates="tags",
        computed="name namePrefix",
    ),
    tokens.QUEUE: TypeChanges(
        "sqs/queue.go",
        "00a35305dc1b297a6fcdecdfbba33f1e63c3da39",
        replaces="fifoQueue name namePrefix region",
        updates="contentBasedDeduplication deduplicationScope delaySeconds fifoThroughputLimit "
        "kmsDataKeyReusePeriodSeconds kmsMasterKeyId maxMessageSize messageRetentionSeconds policy "
        "receiveWaitTimeSeconds redriveAllowPolicy redrivePolicy sqsManagedSseEnabled tags visibilityTimeoutSeconds",
        computed="deduplicationScope fifoThroughputLimit kmsDataKeyReusePeriodSeconds name namePrefix policy "
        "redriveAllowPolicy redrivePolicy sqsManagedSseEnabled",
    ),
    tokens.METRIC_ALARM: TypeChanges(
        "cloudwatch/metric_alarm.go",
        "055611a654738da73e7b1e2b5d2b7672c6d4d531",
        replaces="name region",
        updates="actionsEnabled alarmActions alarmDescription comparisonOperator datapointsToAlarm dimensions "
        "evaluateLowSampleCountPercentiles evaluationCriteria evaluationInterval evaluationPeriods evaluationWindow "
        "extendedStatistic insufficientDataActions metricName metricQueries namespace okActions period statistic tags "
        "threshold thresholdMetricId treatMissingData unit warmUpConfiguration",
        computed="evaluateLowSampleCountPercentiles",
        notes=dict.fromkeys(
            ("evaluationCriteria", "evaluationInterval", "evaluationWindow", "warmUpConfiguration"), NOT_READ
        ),
    ),
    tokens.DASHBOARD: TypeChanges(
        "cloudwatch/dashboard.go",
        "0620f2a6a126dfcbc4aecbc9a117b0fbea1656ff",
        replaces="dashboardName region",
        updates="dashboardBody",
    ),
    tokens.QUERY_DEFINITION: TypeChanges(
        "logs/query_definition.go",
        "0ac6a8e1d84d7dc48f49354deca23f694d2a6431",
        replaces="region",
        updates="logGroupNames name queryString",
    ),
    tokens.OPEN_ID_CONNECT_PROVIDER: TypeChanges(
        "iam/openid_connect_provider.go",
        "01606926a0c0ab9174aec440f976a48b0baee722",
        replaces="url",
        updates="clientIdLists tags thumbprintLists",
        computed="thumbprintLists",
    ),
    tokens.ECR_REPOSITORY: TypeChanges(
        "ecr/repository.go",
        "0072eea2d6046230a1fb7717741c17fd2122175e",
        replaces="encryptionConfigurations name region",
        updates="forceDelete imageScanningConfiguration imageTagMutability imageTagMutabilityExclusionFilters tags",
        computed="encryptionConfigurations imageScanningConfiguration name",
        notes={
            "encryptionConfigurations": "AWS rejects the deletion of a repository with images, unless `forceDelete` "
            "deletes them",
            "forceDelete": "affects only the deletion",
            "imageTagMutabilityExclusionFilters": NOT_READ,
        },
    ),
    tokens.ECR_LIFECYCLE_POLICY: TypeChanges(
        "ecr/lifecycle_policy.go",
        "00a35305dc1b297a6fcdecdfbba33f1e63c3da39",
        replaces="policy region repository",
        notes={"policy": "until the new policy is set, ECR expires nothing"},
    ),
    tokens.ECR_REPOSITORY_POLICY: TypeChanges(
        "ecr/repository_policy.go",
        "004b82babcaf4d20bbc12b4e19caea237c681216",
        replaces="region repository",
        updates="policy",
    ),
    tokens.EVENT_RULE: TypeChanges(
        "events/rule.go",
        "0cdab4ae09a963535e03dde0bff4784afe8e3517",
        replaces="eventBusName name namePrefix region",
        updates="description eventPattern forceDestroy isEnabled roleArn scheduleExpression state tags",
        computed="name namePrefix state",
        notes={"forceDestroy": "affects only the deletion"},
    ),
    tokens.EVENT_TARGET: TypeChanges(
        "events/target.go",
        "0762c41e2027fcd3cb8340d3e6886c6975fc0a59",
        replaces="eventBusName region rule targetId",
        updates="appsyncTarget arn batchTarget deadLetterConfig ecsTarget forceDestroy httpTarget input inputPath "
        "inputTransformer kinesisTarget redshiftTarget retryPolicy roleArn runCommandTargets sagemakerPipelineTarget "
        "sqsTarget",
        computed="targetId",
        notes={"appsyncTarget": NOT_READ, "forceDestroy": "affects only the deletion"},
    ),
    tokens.STATE_MACHINE: TypeChanges(
        "sfn/state_machine.go",
        "01f431114674c27cf790fafb67ac274bf8f765e1",
        replaces="name namePrefix region type",
        updates="definition encryptionConfiguration loggingConfiguration publish roleArn tags tracingConfiguration",
        computed="encryptionConfiguration loggingConfiguration name namePrefix tracingConfiguration",
    ),
    tokens.TOPIC: TypeChanges(
        "sns/topic.go",
        "00a35305dc1b297a6fcdecdfbba33f1e63c3da39",
        replaces="fifoTopic name namePrefix region",
        updates="applicationFailureFeedbackRoleArn applicationSuccessFeedbackRoleArn "
        "applicationSuccessFeedbackSampleRate archivePolicy contentBasedDeduplication deliveryPolicy displayName "
        "fifoThroughputScope firehoseFailureFeedbackRoleArn firehoseSuccessFeedbackRoleArn "
        "firehoseSuccessFeedbackSampleRate httpFailureFeedbackRoleArn httpSuccessFeedbackRoleArn "
        "httpSuccessFeedbackSampleRate kmsMasterKeyId lambdaFailureFeedbackRoleArn lambdaSuccessFeedbackRoleArn "
        "lambdaSuccessFeedbackSampleRate maximumMessageSize policy signatureVersion sqsFailureFeedbackRoleArn "
        "sqsSuccessFeedbackRoleArn sqsSuccessFeedbackSampleRate tags tracingConfig",
        computed="fifoThroughputScope name namePrefix policy signatureVersion tracingConfig",
        notes={"maximumMessageSize": NOT_READ},
    ),
    tokens.TOPIC_POLICY: TypeChanges(
        "sns/topic_policy.go",
        "00a35305dc1b297a6fcdecdfbba33f1e63c3da39",
        replaces="arn region",
        updates="policy",
    ),
    tokens.TOPIC_SUBSCRIPTION: TypeChanges(
        "sns/topic_subscription.go",
        "04a2e6e5bc625ec85ea8c678219b483fc674877e",
        replaces="endpoint protocol region topic",
        updates="confirmationTimeoutInMinutes deliveryPolicy endpointAutoConfirms filterPolicy filterPolicyScope "
        "rawMessageDelivery redrivePolicy replayPolicy subscriptionRoleArn",
        computed="filterPolicyScope",
    ),
    tokens.VPC_ENDPOINT: TypeChanges(
        "ec2/vpc_endpoint.go",
        "008db85aad5e56627b1eecab8830464a282552ed",
        replaces="region resourceConfigurationArn serviceName serviceNetworkArn serviceRegion vpcEndpointType vpcId",
        updates="autoAccept dnsOptions ipAddressType policy privateDnsEnabled routeTableIds securityGroupIds "
        "subnetConfigurations subnetIds tags",
        computed="dnsOptions dnsOptions.dnsRecordIpType dnsOptions.privateDnsPreference "
        "dnsOptions.privateDnsSpecifiedDomains ipAddressType policy privateDnsEnabled routeTableIds securityGroupIds "
        "serviceRegion subnetConfigurations subnetIds",
        notes={
            "autoAccept": "affects only an endpoint whose connection is pending acceptance",
            "dnsOptions": "its `privateDnsPreference` and `privateDnsSpecifiedDomains` replace the endpoint",
            "privateDnsEnabled": "replaces an endpoint of another type than Interface",
        },
    ),
    tokens.LOG_GROUP: TypeChanges(
        "logs/group.go",
        "0073593e7d6993ba482409f4dc35438daaa79bb3",
        replaces="logGroupClass name namePrefix region",
        updates="deletionProtectionEnabled kmsKeyId retentionInDays skipDestroy tags",
        computed="logGroupClass name namePrefix",
        notes={"deletionProtectionEnabled": NOT_READ, "skipDestroy": "affects only the deletion"},
    ),
    **EDGE_TYPES,
    tokens.SECURITY_GROUP_EGRESS_RULE: _RULE,
    tokens.SECURITY_GROUP_INGRESS_RULE: _RULE,
}
"""By resource type."""

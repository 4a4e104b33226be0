"""Each type of resource is created, read, adopted, updated and deleted."""

from typing import Any

import pytest

from apprunner_local.aws import LocalAws
from apprunner_local.provider.emulated import RESOURCES
from apprunner_local.provider.fields import schema
from apprunner_local.provider.provider import FailedError, PartialError, Provider
from local_aws.resources import (
    ALARM,
    ALLOW,
    ASSOCIATION,
    ATTACHMENT,
    COMMON_RULES,
    CONNECTION,
    CONNECTOR,
    DASHBOARD,
    DEFAULT_SCALING,
    DISTRIBUTION,
    EDGE_FUNCTION,
    EGRESS_RULE,
    ENDPOINT,
    ERROR_ALARM,
    EXISTING_GROUP,
    FAILURES,
    FIREWALL,
    GROUP,
    HEALTH_CHECK,
    IDENTITY_PROVIDER,
    INGRESS,
    INGRESS_RULE,
    INITIAL_SCALING_ARN,
    KEEP_TEN,
    KEY_VALUE_STORE,
    KEY_VALUE_STORE_KEY,
    LIFECYCLE_POLICY,
    LOG_GROUP,
    MACHINE,
    OBSERVABILITY,
    ORDERS,
    POLICY,
    PRIVATE,
    PUBLISH,
    PULL,
    QUEUE,
    QUEUE_ARN,
    RECORD,
    REPOSITORY,
    REPOSITORY_POLICY,
    ROLE,
    RULE,
    RULE_TARGET,
    SAVED_QUERY,
    SCALING,
    SCHEDULE,
    SCHEDULE_GROUP,
    SERVICE,
    SHOP,
    SUBNETS,
    SUBSCRIPTION,
    TARGET,
    TOPIC,
    TOPIC_ARN,
    TOPIC_POLICY,
    TRUST,
    VPC,
    WAF_LOG_GROUP_ARN,
    WAIT,
    WEB_ACL,
    WEB_ACL_ASSOCIATION,
    WEB_ACL_LOGGING,
    create_resource,
    paths,
)
from local_aws.stack_files import ZONE


def _inputs_by_type(provider: Provider, local: LocalAws) -> dict[str, dict[str, Any]]:
    """Return inputs for one resource of each type, and create the resources that they refer to."""
    role = {"name": "orders", "assumeRolePolicy": TRUST % "tasks.apprunner.amazonaws.com", "tags": {"team": "orders"}}
    service = create_resource(provider, SERVICE, {**ORDERS, "serviceName": "existing"})[0]
    boundary = local.client("iam").create_policy(PolicyName="boundary", PolicyDocument=ALLOW)["Policy"]["Arn"]
    create_resource(provider, ROLE, {**role, "name": "existing"})
    create_resource(provider, SCHEDULE_GROUP, {"name": "existing"})
    create_resource(provider, TOPIC, {"name": "existing"})
    create_resource(provider, QUEUE, {"name": "existing"})
    create_resource(provider, RULE, {"name": "existing", "eventPattern": FAILURES})
    create_resource(provider, REPOSITORY, {"name": "existing"})
    create_resource(provider, LOG_GROUP, {"name": "aws-waf-logs-existing"})
    store = create_resource(provider, KEY_VALUE_STORE, {"name": "existing"})[1]["arn"]
    acl = create_resource(provider, WEB_ACL, {**FIREWALL, "name": "existing"})[1]["arn"]
    rule = {"ipProtocol": "tcp", "fromPort": 5432, "toPort": 5432, "description": "to the orders"}
    return {
        SERVICE: {
            **ORDERS,
            "instanceConfiguration": {"cpu": "1 vCPU", "memory": "2 GB"},
            "healthCheckConfiguration": {"protocol": "HTTP", "path": "/healthz"},
            "networkConfiguration": {
                "egressConfiguration": {"egressType": "DEFAULT"},
                "ingressConfiguration": {"isPubliclyAccessible": True},
            },
            "observabilityConfiguration": {"observabilityEnabled": False},
        },
        SCALING: {"autoScalingConfigurationName": "orders", "maxSize": 3, "tags": {"team": "orders"}},
        DEFAULT_SCALING: {"autoScalingConfigurationArn": INITIAL_SCALING_ARN},
        OBSERVABILITY: {"observabilityConfigurationName": "orders", "traceConfiguration": {"vendor": "AWSXRAY"}},
        CONNECTOR: {"vpcConnectorName": "orders", "subnets": SUBNETS, "securityGroups": [EXISTING_GROUP]},
        CONNECTION: {"connectionName": "orders", "providerType": "GITHUB"},
        INGRESS: {
            "name": "orders",
            "serviceArn": service,
            "ingressVpcConfiguration": PRIVATE,
        },
        ASSOCIATION: {"domainName": "orders.example.com", "serviceArn": service, "enableWwwSubdomain": False},
        ROLE: {**role, "description": "runs the orders", "permissionsBoundary": boundary},
        POLICY: {"name": "orders", "role": "existing", "policy": ALLOW},
        ATTACHMENT: {"role": "existing", "policyArn": boundary},
        IDENTITY_PROVIDER: {
            "url": "https://token.actions.githubusercontent.com",
            "clientIdLists": ["sts.amazonaws.com"],
            "tags": {"team": "orders"},
        },
        GROUP: {"name": "orders", "description": "orders", "vpcId": VPC, "tags": {"team": "orders"}},
        EGRESS_RULE: {"securityGroupId": EXISTING_GROUP, "ipProtocol": "-1", "cidrIpv6": "2001:db8::/32"},
        INGRESS_RULE: {**rule, "securityGroupId": EXISTING_GROUP, "referencedSecurityGroupId": EXISTING_GROUP},
        ENDPOINT: {
            "vpcId": VPC,
            "serviceName": "com.amazonaws.eu-west-1.apprunner.requests",
            "vpcEndpointType": "Interface",
            "ipAddressType": "ipv4",
            "privateDnsEnabled": False,
            "subnetIds": SUBNETS[:1],
            "securityGroupIds": [EXISTING_GROUP],
            "tags": {"team": "orders"},
        },
        HEALTH_CHECK: {
            "type": "HTTPS",
            "fqdn": "orders.eu-west-1.awsapprunner.com",
            "port": 443,
            "resourcePath": "/health",
            "requestInterval": 10,
            "failureThreshold": 5,
            "tags": {"team": "orders"},
        },
        DISTRIBUTION: SHOP,
        EDGE_FUNCTION: {
            "name": "request",
            "comment": "shop",
            "runtime": "cloudfront-js-2.0",
            "code": "function handler(event) { return event.request; }",
            "keyValueStoreAssociations": [store],
            **EDGE_TAGS,
        },
        KEY_VALUE_STORE: {"name": "weights", "comment": "Shares", **EDGE_TAGS},
        KEY_VALUE_STORE_KEY: {"keyValueStoreArn": store, "key": "weight", "value": "10"},
        WEB_ACL: FIREWALL,
        WEB_ACL_ASSOCIATION: {"resourceArn": service, "webAclArn": acl},
        WEB_ACL_LOGGING: {
            "resourceArn": acl,
            "logDestinationConfigs": [WAF_LOG_GROUP_ARN],
            "redactedFields": [{"singleHeader": {"name": "cookie"}}, {"queryString": {}}],
        },
        LOG_GROUP: {"name": "orders", "retentionInDays": 30, "tags": {"team": "orders"}},
        RECORD: {"zoneId": ZONE, "name": "api", "type": "CNAME", "ttl": 300, "records": ["example.com"]},
        SCHEDULE_GROUP: {"name": "orders", "tags": {"team": "orders"}},
        SCHEDULE: {
            "name": "pause",
            "groupName": "existing",
            "scheduleExpression": "cron(0 20 ? * MON-FRI *)",
            "flexibleTimeWindow": {"mode": "OFF"},
            "target": TARGET,
        },
        QUEUE: {"name": "orders", "messageRetentionSeconds": 1209600, "sqsManagedSseEnabled": True},
        TOPIC: {"name": "orders", "displayName": "Orders", "tags": {"team": "orders"}},
        TOPIC_POLICY: {"arn": TOPIC_ARN, "policy": PUBLISH},
        SUBSCRIPTION: {"topic": TOPIC_ARN, "protocol": "sqs", "endpoint": QUEUE_ARN},
        ALARM: ERROR_ALARM,
        RULE: {"name": "orders", "eventPattern": FAILURES, "state": "ENABLED", "tags": {"team": "orders"}},
        DASHBOARD: {"dashboardName": "orders", "dashboardBody": '{"widgets": []}'},
        SAVED_QUERY: {"name": "orders/errors", "queryString": "fields @message", "logGroupNames": ["/aws/orders"]},
        REPOSITORY: {
            "name": "orders",
            "imageTagMutability": "IMMUTABLE_WITH_EXCLUSION",
            "imageTagMutabilityExclusionFilters": [{"filter": "latest", "filterType": "WILDCARD"}],
            "imageScanningConfiguration": {"scanOnPush": True},
            "encryptionConfigurations": [{"encryptionType": "AES256"}],
            "tags": {"team": "orders"},
        },
        LIFECYCLE_POLICY: {"repository": "existing", "policy": KEEP_TEN},
        REPOSITORY_POLICY: {"repository": "existing", "policy": PULL},
        RULE_TARGET: {
            "rule": "existing",
            "targetId": "topic",
            "arn": TOPIC_ARN,
            "retryPolicy": {"maximumEventAgeInSeconds": 3600, "maximumRetryAttempts": 5},
            "inputTransformer": {"inputPaths": {"time": "$.time"}, "inputTemplate": '{"time": "<time>"}'},
        },
        MACHINE: {
            "name": "orders",
            "definition": WAIT,
            "roleArn": "arn:aws:iam::123456789012:role/existing",
            "encryptionConfiguration": {"type": "AWS_OWNED_KEY"},
            "loggingConfiguration": {"level": "OFF", "includeExecutionData": False},
            "tracingConfiguration": {"enabled": False},
            "tags": {"team": "orders"},
        },
    }


HAS_EDGE_TAGS = "tags" in schema(EDGE_FUNCTION).inputs.fields
"""Whether this version of pulumi-aws has tags of CloudFront's functions and stores."""
EDGE_TAGS: dict[str, Any] = {"tags": {"team": "orders"}} if HAS_EDGE_TAGS else {}
EDGE_TAGS_AFTER: dict[str, Any] = {"tags": {"cost-center": "1"}} if HAS_EDGE_TAGS else {}

IMPORTED = {WEB_ACL: "{id}/orders/REGIONAL"}
"""The ids that imports take, if they are not those of the resources."""

NOT_READ = {EDGE_FUNCTION: {"publish"}, SUBSCRIPTION: {"confirmationTimeoutInMinutes"}}
"""Properties with a default that AWS does not return. The first update after an import adds them."""


def test_one_of_each_type_is_created_read_adopted_by_its_id_and_deleted(provider: Provider, local: LocalAws) -> None:
    inputs_by_type = _inputs_by_type(provider, local)
    assert set(inputs_by_type) == set(RESOURCES)
    before = local.created_resources()
    for type, inputs in inputs_by_type.items():
        checked = provider.check(type, "orders", {}, inputs, b"seed")
        id, state = provider.create(type, checked)
        result = provider.read(type, id, state, checked)
        assert (result.id, result.state, result.inputs) == (id, state, checked), type
        assert not provider.diff(type, state, checked, []).differences, type

        adopted = provider.read(type, IMPORTED.get(type, "{id}").format(id=id), {}, {})
        assert adopted.id == id, type
        checked_again = provider.check(type, "orders", {}, adopted.inputs, b"seed")
        differences = {each.path for each in provider.diff(type, adopted.state, checked_again, []).differences}
        assert differences == NOT_READ.get(type, set()), type
        assert set(paths(provider, type, adopted.state, inputs)) <= {"name", *differences}, type

        provider.delete(type, id, state)
        # A topic always has a policy, an account a default.
        assert bool(provider.read(type, id, state, checked).id) is (type in (DEFAULT_SCALING, TOPIC_POLICY)), type
        provider.delete(type, id, state)
    assert local.created_resources() == before


def test_each_kind_of_update_in_place_succeeds(provider: Provider, local: LocalAws) -> None:
    inputs_by_type = _inputs_by_type(provider, local)
    other = create_resource(provider, SCALING, {"autoScalingConfigurationName": "others"})[0]
    rule = {"fromPort": 6432, "toPort": 6432, "description": "another"}
    changes = {
        SERVICE: {"instanceConfiguration": {"cpu": "2048", "memory": "4096"}, "tags": {"team": "others"}},
        SCALING: {"tags": {"cost-center": "1"}},
        DEFAULT_SCALING: {"autoScalingConfigurationArn": other},
        ROLE: {"assumeRolePolicy": TRUST % "build.apprunner.amazonaws.com", "permissionsBoundary": None, "tags": {}},
        POLICY: {"policy": ALLOW.replace("*", "arn:aws:ecr:eu-west-1:123456789012:repository/orders")},
        IDENTITY_PROVIDER: {"thumbprintLists": ["0" * 40], "tags": {}},
        GROUP: {"tags": {"team": "others"}},
        INGRESS_RULE: rule,
        ENDPOINT: {"subnetIds": SUBNETS[::-1], "tags": {}},
        HEALTH_CHECK: {"resourcePath": "/ready", "failureThreshold": 2, "tags": {}},
        WEB_ACL: {"rules": [COMMON_RULES], "defaultAction": {"block": {}}, "description": "None", "tags": {}},
        WEB_ACL_LOGGING: {"redactedFields": []},
        LOG_GROUP: {"retentionInDays": 0, "tags": {"team": "others"}},
        RECORD: {"ttl": 60, "records": ["example.org"]},
        SCHEDULE_GROUP: {"tags": {"team": "others"}},
        SCHEDULE: {"scheduleExpression": "cron(0 21 ? * MON-FRI *)", "state": "DISABLED"},
        QUEUE: {"messageRetentionSeconds": 600, "tags": {"team": "orders"}},
        TOPIC: {"displayName": "All orders", "tags": {}},
        TOPIC_POLICY: {"policy": PUBLISH.replace("events", "cloudwatch")},
        SUBSCRIPTION: {"rawMessageDelivery": True},
        REPOSITORY: {
            "imageTagMutability": "IMMUTABLE",
            "imageTagMutabilityExclusionFilters": None,
            "imageScanningConfiguration": {"scanOnPush": False},
            "tags": {},
        },
        REPOSITORY_POLICY: {"policy": PULL.replace("BatchGetImage", "DescribeImages")},
        RULE: {"state": "DISABLED", "description": "orders", "tags": {}},
        DASHBOARD: {"dashboardBody": '{"widgets": [], "start": "-PT3H"}'},
        DISTRIBUTION: {"comment": "another", "tags": {"team": "others"}},
        EDGE_FUNCTION: {"comment": "another", **EDGE_TAGS_AFTER},
        KEY_VALUE_STORE: {"comment": "another", **EDGE_TAGS_AFTER},
        KEY_VALUE_STORE_KEY: {"value": "20"},
        SAVED_QUERY: {"name": "orders/all", "queryString": "fields @timestamp"},
        RULE_TARGET: {"arn": QUEUE_ARN, "retryPolicy": {"maximumEventAgeInSeconds": 60, "maximumRetryAttempts": 1}},
        MACHINE: {"definition": WAIT.replace("60", "30"), "tracingConfiguration": {"enabled": True}, "tags": {}},
        ALARM: {"threshold": 20, "okActions": [TOPIC_ARN], "actionsEnabled": False, "tags": {"team": "others"}},
    }
    for type, change in changes.items():
        id, state = create_resource(provider, type, inputs_by_type[type])
        wanted = provider.check(type, "orders", {}, {**inputs_by_type[type], **change}, b"seed")
        state = provider.update(type, id, state, wanted)
        assert provider.read(type, id, state, wanted).state == state, type
        assert not provider.diff(type, state, wanted, []).differences, type


@pytest.mark.usefixtures("local")
def test_a_create_that_aws_rejects_fails_with_pulumi_awss_message(provider: Provider) -> None:
    create_resource(provider, SERVICE, ORDERS)
    with pytest.raises(FailedError) as failed:
        create_resource(provider, SERVICE, ORDERS)
    assert str(failed.value).startswith(
        "creating App Runner Service (orders): operation error AppRunner: CreateService, https response error "
        "StatusCode: 400, RequestID: "
    )
    assert str(failed.value).endswith(
        ", InvalidRequestException: Service with the provided name already exists: orders."
    )


def test_an_update_of_a_global_type_without_one_is_an_error(provider: Provider) -> None:
    state = {"role": "orders", "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}
    with pytest.raises(PartialError, match="doesn't support update"):
        provider.update(ATTACHMENT, "orders-1", state, state)


@pytest.mark.usefixtures("local")
def test_another_definition_of_an_existing_state_machine_is_an_error(provider: Provider) -> None:
    inputs = {"name": "orders", "definition": WAIT, "roleArn": "arn:aws:iam::123456789012:role/existing"}
    assert create_resource(provider, MACHINE, inputs)[0] == create_resource(provider, MACHINE, inputs)[0]
    with pytest.raises(FailedError, match="StateMachineAlreadyExists"):
        create_resource(provider, MACHINE, {**inputs, "definition": WAIT.replace("60", "30")})

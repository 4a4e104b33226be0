"""The contents of an account as strings, for the summary and for tests."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from apprunner_facts.firewall import LOG_GROUP_PREFIX, REGIONAL_SCOPE
from apprunner_local.apprunner import AppRunner
from apprunner_local.apprunner.observability import RESERVED
from apprunner_local.apprunner.state import Region

Client = Callable[[str], Any]


def inventory(client: Client, plane: AppRunner, region: str) -> list[str]:
    """Return all resources in a region and all global ones, sorted.

    Log groups except those of web ACLs, the NS and SOA records of zones, and the configurations that every account has
    are excluded.

    Args:
        client: Returns boto3's client for a service.
        plane: The fake App Runner.
        region: The region.
    """
    listings = (_roles, _network, _records, _schedules, _messages, _repositories, _values, _firewalls)
    return sorted([*(text for listing in listings for text in listing(client)), *_app_runner(plane.region(region))])


def _app_runner(region: Region) -> Iterator[str]:
    for service in region.living_services():
        yield f"apprunner service {service.name} {service.status}"
        yield from (f"apprunner domain {domain} of {service.name}" for domain in service.domains)
    for revision in region.scaling.all_active():
        if revision.name != RESERVED:
            yield f"apprunner auto scaling configuration {revision.name}/{revision.number}"
    for revision in region.observability.all_active():
        if revision.name != RESERVED:
            yield f"apprunner observability configuration {revision.name}/{revision.number}"
    for connector in region.connectors.values():
        if connector["Status"] == "ACTIVE":
            yield f"apprunner vpc connector {connector['VpcConnectorName']}"
    for ingress in region.ingress.values():
        if ingress.members["Status"] != "DELETED":
            yield f"apprunner vpc ingress connection {ingress.members['VpcIngressConnectionName']}"
    yield from (f"apprunner connection {one['ConnectionName']}" for one in region.connections.values())


def _roles(client: Client) -> Iterator[str]:
    iam = client("iam")
    for role in _pages(iam, "list_roles", "Roles"):
        name = role["RoleName"]
        yield f"iam role {name}"
        for policy in _pages(iam, "list_role_policies", "PolicyNames", RoleName=name):
            yield f"iam role policy {policy} of {name}"
        for policy in _pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name):
            yield f"iam attachment {policy['PolicyArn']} of {name}"
    for provider in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        yield f"iam identity provider {provider['Arn'].partition('oidc-provider/')[2]}"
    for policy in _pages(iam, "list_policies", "Policies", Scope="Local"):
        yield f"iam policy {policy['PolicyName']}"


def _network(client: Client) -> Iterator[str]:
    ec2 = client("ec2")
    for kind, operation, members, id in (
        ("vpc", "describe_vpcs", "Vpcs", "VpcId"),
        ("subnet", "describe_subnets", "Subnets", "SubnetId"),
        ("vpc endpoint", "describe_vpc_endpoints", "VpcEndpoints", "VpcEndpointId"),
        ("security group", "describe_security_groups", "SecurityGroups", "GroupId"),
    ):
        for one in _pages(ec2, operation, members):
            if one.get("State") == "deleted":  # moto lists endpoints for ever
                continue
            yield f"ec2 {kind} {one[id]}" + (f" {one['GroupName']}" if "GroupName" in one else "")
    for rule in _pages(ec2, "describe_security_group_rules", "SecurityGroupRules"):
        way = "egress to" if rule["IsEgress"] else "ingress from"
        other = rule.get("ReferencedGroupInfo", {}).get("GroupId") or rule.get("CidrIpv4") or rule.get("CidrIpv6")
        ports = f"{rule['IpProtocol']} {rule.get('FromPort')}-{rule.get('ToPort')}"
        yield f"ec2 security group rule {rule['GroupId']} {way} {other or rule.get('PrefixListId')} {ports}"


def _records(client: Client) -> Iterator[str]:
    route53 = client("route53")
    for zone in _pages(route53, "list_hosted_zones", "HostedZones"):
        yield f"route53 zone {zone['Name']}"
        for record in _pages(route53, "list_resource_record_sets", "ResourceRecordSets", HostedZoneId=zone["Id"]):
            if record["Type"] not in ("NS", "SOA"):
                identifier = f" {record['SetIdentifier']}" if "SetIdentifier" in record else ""
                yield f"route53 record {record['Type']} {record['Name']}{identifier}"
    for check in _pages(route53, "list_health_checks", "HealthChecks"):
        yield f"route53 health check {check['HealthCheckConfig'].get('FullyQualifiedDomainName')}"


def _schedules(client: Client) -> Iterator[str]:
    scheduler = client("scheduler")
    for group in _pages(scheduler, "list_schedule_groups", "ScheduleGroups"):
        yield f"scheduler group {group['Name']}"
    for schedule in _pages(scheduler, "list_schedules", "Schedules"):
        yield f"scheduler schedule {schedule['GroupName']}/{schedule['Name']}"


def _messages(client: Client) -> Iterator[str]:
    for url in _pages(client("sqs"), "list_queues", "QueueUrls"):
        yield f"sqs queue {url.rpartition('/')[2]}"
    for topic in _pages(client("sns"), "list_topics", "Topics"):
        yield f"sns topic {topic['TopicArn'].rpartition(':')[2]}"
    for rule in _pages(client("events"), "list_rules", "Rules"):
        yield f"events rule {rule['Name']}"
    for machine in _pages(client("stepfunctions"), "list_state_machines", "stateMachines"):
        yield f"stepfunctions state machine {machine['name']}"
    for alarm in _pages(client("cloudwatch"), "describe_alarms", "MetricAlarms"):
        yield f"cloudwatch alarm {alarm['AlarmName']}"
    for dashboard in _pages(client("cloudwatch"), "list_dashboards", "DashboardEntries"):
        yield f"cloudwatch dashboard {dashboard['DashboardName']}"
    for query in client("logs").describe_query_definitions()["queryDefinitions"]:
        yield f"logs query {query['name']}"


def _repositories(client: Client) -> Iterator[str]:
    ecr = client("ecr")
    for repository in _pages(ecr, "describe_repositories", "repositories"):
        name = repository["repositoryName"]
        yield f"ecr repository {name}"
        for kind, read, missing in (
            ("lifecycle policy", ecr.get_lifecycle_policy, ecr.exceptions.LifecyclePolicyNotFoundException),
            ("repository policy", ecr.get_repository_policy, ecr.exceptions.RepositoryPolicyNotFoundException),
        ):
            with suppress(missing):
                read(repositoryName=name)
                yield f"ecr {kind} of {name}"


def _values(client: Client) -> Iterator[str]:
    for secret in _pages(client("secretsmanager"), "list_secrets", "SecretList"):
        yield f"secretsmanager secret {secret['Name']}"
    for parameter in _pages(client("ssm"), "describe_parameters", "Parameters"):
        yield f"ssm parameter {parameter['Name']}"
    for key in _pages(client("kms"), "list_keys", "Keys"):
        yield f"kms key {key['KeyId']}"


def _firewalls(client: Client) -> Iterator[str]:
    wafv2 = client("wafv2")
    for acl in wafv2.list_web_acls(Scope=REGIONAL_SCOPE)["WebACLs"]:
        yield f"wafv2 web acl {acl['Name']}"
        for arn in wafv2.list_resources_for_web_acl(WebACLArn=acl["ARN"])["ResourceArns"]:
            yield f"wafv2 association of {acl['Name']} with {arn.rpartition(':')[2]}"
    for logging in wafv2.list_logging_configurations(Scope=REGIONAL_SCOPE)["LoggingConfigurations"]:
        yield f"wafv2 logging of {logging['ResourceArn'].split('/')[-2]}"
    for group in _pages(client("logs"), "describe_log_groups", "logGroups", logGroupNamePrefix=LOG_GROUP_PREFIX):
        yield f"logs group {group['logGroupName']}"


def _pages(client: Any, operation: str, member: str, **arguments: Any) -> Iterator[Any]:
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page.get(member, [])

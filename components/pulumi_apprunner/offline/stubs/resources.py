"""Stub values for resources: the physical id and the outputs that AWS would return."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from apprunner_facts import tokens
from pulumi_apprunner.offline.stubs.dns import DNS_STUBS
from pulumi_apprunner.offline.stubs.edge import EDGE_STUBS
from pulumi_apprunner.offline.stubs.firewall import FIREWALL_STUBS
from pulumi_apprunner.offline.stubs.request import LOWER, Stub, StubRequest, pseudo_random
from pulumi_apprunner.offline.values import known_value

StubFactory: TypeAlias = Callable[[StubRequest], Stub]


def _service(request: StubRequest) -> Stub:
    arn = _app_runner_arn(request, f"service/{request.physical_name('serviceName')}")
    outputs = {
        "arn": arn,
        "region": request.region,
        "serviceId": arn[-32:],
        "serviceUrl": _address(arn, request.region),
        "status": "RUNNING",
    }
    if request.string("autoScalingConfigurationArn") is None and "autoScalingConfigurationArn" not in request.inputs:
        default = f"autoscalingconfiguration/DefaultConfiguration/1/{'0' * 31}1"
        outputs["autoScalingConfigurationArn"] = request.arn("apprunner", default)
    return Stub(arn, outputs)


def _app_runner_arn(request: StubRequest, path: str) -> str:
    return request.read or request.arn("apprunner", f"{path}/{request.hex(32)}")


def _address(service_arn: str, region: str) -> str:
    return f"{pseudo_random(service_arn, 'address', LOWER, 10)}.{region}.awsapprunner.com"


def _revision(kind: str, name: str, prefix: str, **more: Any) -> StubFactory:
    """Return the factory for a configuration of which App Runner keeps revisions."""

    def create(request: StubRequest) -> Stub:
        arn = _app_runner_arn(request, f"{kind}/{request.physical_name(name)}/1")
        return Stub(arn, {"arn": arn, f"{prefix}Revision": 1, **more})

    return create


def _connection(request: StubRequest) -> Stub:
    name = request.physical_name("connectionName")
    arn = _app_runner_arn(request, f"connection/{name}")
    return Stub(name, {"arn": arn, "status": "PENDING_HANDSHAKE"})


def _ingress(request: StubRequest) -> Stub:
    arn = _app_runner_arn(request, f"vpcingressconnection/{request.physical_name()}")
    return Stub(arn, {"arn": arn, "domainName": _address(arn, request.region), "status": "AVAILABLE"})


def _custom_domain(request: StubRequest) -> Stub:
    domain = request.string("domainName") or "example.com"
    hosts = [domain, f"{request.hex(32, 'zone')}.{domain}"]
    if request.inputs.get("enableWwwSubdomain", True) is True:
        hosts.append(f"www.{domain}")
    records = [_validation_record(request, host) for host in hosts]
    target = _address(request.string("serviceArn") or request.urn, request.region)
    status = "pending_certificate_dns_validation"
    # AWS documents no order. Sorted by pseudo-random names, no host has a position that a program could rely on.
    ordered = sorted(records, key=lambda record: record["name"])
    outputs = {"dnsTarget": target, "certificateValidationRecords": ordered, "status": status}
    return Stub(f"{domain},{request.string('serviceArn') or ''}", outputs)


def _validation_record(request: StubRequest, host: str) -> dict[str, str]:
    target = f"{request.hex(32, f'value {host}')}.{pseudo_random(request.urn, host, LOWER, 10)}"
    return {
        "name": f"_{request.hex(32, host)}.{host}.",
        "type": "CNAME",
        "value": f"_{target}.acm-validations.aws.",
        "status": "PENDING_VALIDATION",
    }


def _iam(kind: str, prefix: str, id_key: str, *, by_arn: bool = False) -> StubFactory:
    def create(request: StubRequest) -> Stub:
        name = request.physical_name()
        arn = request.read if by_arn and request.read else None
        arn = arn or request.arn("iam", f"{kind}{request.string('path') or '/'}{name}", is_global=True)
        outputs = {"arn": arn, "name": name, id_key: prefix + request.upper(17)}
        return Stub(arn if by_arn else name, outputs)

    return create


def _policy_attachment(request: StubRequest) -> Stub:
    subject = next((request.string(key) for key in ("role", "user", "group") if request.string(key)), request.name)
    return Stub(f"{subject}-{request.hex(16)}", {})


def _role_policy(request: StubRequest) -> Stub:
    name = request.physical_name()
    return Stub(f"{request.string('role') or request.name}:{name}", {"name": name})


def _ec2(kind: str, prefix: str, **more: Callable[[StubRequest], Any]) -> StubFactory:
    def create(request: StubRequest) -> Stub:
        id = request.ec2_id(prefix)
        return Stub(
            id, {"arn": request.arn("ec2", f"{kind}/{id}"), **{key: output(request) for key, output in more.items()}}
        )

    return create


def _security_group_rule(request: StubRequest) -> Stub:
    id = request.ec2_id("sgr")
    return Stub(id, {"arn": request.arn("ec2", f"security-group-rule/{id}"), "securityGroupRuleId": id})


def _vpc_endpoint(request: StubRequest) -> Stub:
    id = request.ec2_id("vpce")
    service = (request.string("serviceName") or "service").rpartition(".")[2]
    host = f"{id}-{request.hex(8)}.{service}.{request.region}.vpce.{request.suffix}"
    entries = [{"dnsName": host, "hostedZoneId": "Z" + request.upper(20)}]
    return Stub(id, {"arn": request.arn("ec2", f"vpc-endpoint/{id}"), "dnsEntries": entries, "state": "available"})


def _open_id_connect_provider(request: StubRequest) -> Stub:
    issuer = (request.string("url") or "").removeprefix("https://")
    if not request.read and not issuer:
        return Stub(None, {})
    arn = request.read or request.arn("iam", f"oidc-provider/{issuer}", is_global=True)
    return Stub(arn, {"arn": arn})


def _secret(request: StubRequest) -> Stub:
    name = request.physical_name()
    arn = request.read or request.arn("secretsmanager", f"secret:{name}-{request.mixed(6)}")
    return Stub(arn, {"arn": arn, "name": name})


def _secret_version(request: StubRequest) -> Stub:
    secret, version = request.string("secretId"), request.uuid()
    outputs: dict[str, Any] = {"versionId": version, "versionStages": ["AWSCURRENT"]}
    if secret is not None and secret.startswith("arn:"):
        outputs["arn"] = secret
    return Stub(f"{secret or request.name}|{version}", outputs)


def _parameter(request: StubRequest) -> Stub:
    name = request.physical_name()
    return Stub(name, {"arn": request.arn("ssm", f"parameter/{name.lstrip('/')}"), "name": name, "version": 1})


def _key(request: StubRequest) -> Stub:
    multi_region = request.inputs.get("multiRegion") is True
    id = request.read or (f"mrk-{request.hex(32)}" if multi_region else request.uuid())
    return Stub(id, {"arn": request.arn("kms", f"key/{id}"), "keyId": id})


def _alias(request: StubRequest) -> Stub:
    name = request.physical_name()
    name = name if name.startswith("alias/") else f"alias/{name}"
    outputs = {"arn": request.arn("kms", name), "name": name}
    if (target := request.string("targetKeyId")) and not target.startswith("arn:"):
        outputs["targetKeyArn"] = request.arn("kms", f"key/{target}")
    return Stub(name, outputs)


def _queue(request: StubRequest) -> Stub:
    name = request.physical_name()
    url = f"https://sqs.{request.region}.{request.suffix}/{request.account}/{name}"
    return Stub(url, {"arn": request.arn("sqs", name), "name": name, "url": url})


def _topic_subscription(request: StubRequest) -> Stub:
    arn = f"{request.string('topic') or request.arn('sns', request.name)}:{request.uuid()}"
    pending = request.string("protocol") in ("email", "email-json", "https")
    return Stub(arn, {"arn": arn, "ownerId": request.account, "pendingConfirmation": pending})


def _named(service: str, template: str, *, by: str = "name", id: str = "arn", arn: str = "arn") -> StubFactory:
    """Return the factory for a resource whose ARN consists of little more than its name."""

    def create(request: StubRequest) -> Stub:
        name = request.physical_name(by)
        group = request.string("groupName") or request.string("eventBusName") or "default"
        own_arn = request.arn(service, template.format(name=name, group=group))
        identity = {"arn": own_arn, "name": name, "group/name": f"{group}/{name}"}[id]
        return Stub(request.read or identity, {arn: own_arn, by: name})

    return create


def _repository(request: StubRequest) -> Stub:
    name = request.physical_name()
    url = f"{request.account}.dkr.ecr.{request.region}.{request.suffix}/{name}"
    outputs = {"arn": request.arn("ecr", f"repository/{name}"), "name": name, "repositoryUrl": url}
    return Stub(name, {**outputs, "registryId": request.account})


def _of_repository(request: StubRequest) -> Stub:
    return Stub(request.string("repository"), {"registryId": request.account})


def _bucket(request: StubRequest) -> Stub:
    name = request.physical_name("bucket")
    host = f"{name}.s3.{request.region}.{request.suffix}"
    outputs = {"arn": f"arn:{request.partition}:s3:::{name}", "bucket": name, "bucketRegionalDomainName": host}
    return Stub(name, {**outputs, "bucketDomainName": f"{name}.s3.{request.suffix}"})


def _database(request: StubRequest) -> Stub:
    name = request.physical_name("identifier")
    port = known_value(request.inputs.get("port"), int) or (
        3306 if "my" in (request.string("engine") or "postgres") else 5432
    )
    address = (
        f"{name}.{pseudo_random(request.account, request.region, LOWER, 12)}.{request.region}.rds.{request.suffix}"
    )
    outputs = {"arn": request.arn("rds", f"db:{name}"), "identifier": name, "address": address, "port": port}
    return Stub(f"db-{request.upper(26)}", {**outputs, "endpoint": f"{address}:{port}", "status": "available"})


def _provider(request: StubRequest) -> Stub:
    return Stub(request.uuid(), {})


RESOURCE_STUBS: Mapping[str, StubFactory] = {
    tokens.SERVICE: _service,
    tokens.VPC_CONNECTOR: _revision("vpcconnector", "vpcConnectorName", "vpcConnector", status="ACTIVE"),
    tokens.AUTO_SCALING: _revision(
        "autoscalingconfiguration",
        "autoScalingConfigurationName",
        "autoScalingConfiguration",
        latest=True,
        isDefault=False,
        status="active",
    ),
    tokens.OBSERVABILITY: _revision(
        "observabilityconfiguration",
        "observabilityConfigurationName",
        "observabilityConfiguration",
        latest=True,
        status="ACTIVE",
    ),
    tokens.CONNECTION: _connection,
    tokens.VPC_INGRESS_CONNECTION: _ingress,
    tokens.CUSTOM_DOMAIN: _custom_domain,
    tokens.ROLE: _iam("role", "AROA", "uniqueId"),
    tokens.USER: _iam("user", "AIDA", "uniqueId"),
    tokens.INSTANCE_PROFILE: _iam("instance-profile", "AIPA", "uniqueId"),
    tokens.POLICY: _iam("policy", "ANPA", "policyId", by_arn=True),
    tokens.OPEN_ID_CONNECT_PROVIDER: _open_id_connect_provider,
    tokens.ROLE_POLICY: _role_policy,
    tokens.ROLE_POLICY_ATTACHMENT: _policy_attachment,
    tokens.USER_POLICY_ATTACHMENT: _policy_attachment,
    tokens.VPC: _ec2(
        "vpc",
        "vpc",
        defaultSecurityGroupId=lambda request: f"sg-0{request.hex(16, 'group')}",
        mainRouteTableId=lambda request: f"rtb-0{request.hex(16, 'routes')}",
        ownerId=lambda request: request.account,
    ),
    tokens.SUBNET: _ec2("subnet", "subnet", ownerId=lambda request: request.account),
    tokens.SECURITY_GROUP: _ec2(
        "security-group",
        "sg",
        name=StubRequest.physical_name,
        ownerId=lambda request: request.account,
        region=lambda request: request.region,
    ),
    tokens.DEFAULT_SECURITY_GROUP: _ec2(
        "security-group", "sg", name=lambda _: "default", ownerId=lambda request: request.account
    ),
    tokens.SECURITY_GROUP_RULE: lambda request: Stub(f"sgrule-{request.hex(10)}", {}),
    tokens.SECURITY_GROUP_INGRESS_RULE: _security_group_rule,
    tokens.SECURITY_GROUP_EGRESS_RULE: _security_group_rule,
    tokens.VPC_ENDPOINT: _vpc_endpoint,
    **EDGE_STUBS,
    **FIREWALL_STUBS,
    **DNS_STUBS,
    tokens.SECRET: _secret,
    tokens.SECRET_VERSION: _secret_version,
    tokens.PARAMETER: _parameter,
    tokens.KMS_KEY: _key,
    tokens.KMS_ALIAS: _alias,
    tokens.QUEUE: _queue,
    tokens.TOPIC: _named("sns", "{name}"),
    tokens.TOPIC_POLICY: lambda request: Stub(request.string("arn"), {"owner": request.account}),
    tokens.TOPIC_SUBSCRIPTION: _topic_subscription,
    tokens.SCHEDULE: _named("scheduler", "schedule/{group}/{name}", id="group/name"),
    tokens.SCHEDULE_GROUP: _named("scheduler", "schedule-group/{name}", id="name"),
    tokens.EVENT_RULE: _named("events", "rule/{name}", id="name"),
    tokens.EVENT_TARGET: lambda request: Stub(f"{request.string('rule')}-{request.string('targetId')}", {}),
    tokens.EVENT_BUS: _named("events", "event-bus/{name}", id="name"),
    tokens.METRIC_ALARM: _named("cloudwatch", "alarm:{name}", id="name"),
    tokens.DASHBOARD: _named("cloudwatch", "dashboard/{name}", by="dashboardName", id="name", arn="dashboardArn"),
    tokens.QUERY_DEFINITION: lambda request: Stub(id := request.uuid(), {"queryDefinitionId": id}),
    tokens.STATE_MACHINE: _named("states", "stateMachine:{name}"),
    tokens.LOG_GROUP: _named("logs", "log-group:{name}", id="name"),
    tokens.ECR_REPOSITORY: _repository,
    tokens.ECR_LIFECYCLE_POLICY: _of_repository,
    tokens.ECR_REPOSITORY_POLICY: _of_repository,
    tokens.BUCKET: _bucket,
    tokens.BUCKET_V2: _bucket,
    tokens.DYNAMODB_TABLE: _named("dynamodb", "table/{name}", id="name"),
    tokens.DATABASE_INSTANCE: _database,
    tokens.AWS_PROVIDER: _provider,
}
"""The factory for each resource type. The outputs of other types stay unknown."""

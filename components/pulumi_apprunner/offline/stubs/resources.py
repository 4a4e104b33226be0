"""What AWS would answer when a resource is created."""

from collections.abc import Callable, Mapping
from typing import Any

from apprunner_facts import tokens
from pulumi_apprunner.offline.stubs.request import LOWER, Answer, Asked, drawn
from pulumi_apprunner.offline.values import known


def _service(asked: Asked) -> Answer:
    token = asked.hex(32)
    arn = asked.read or asked.arn("apprunner", f"service/{asked.called('serviceName')}/{token}")
    outputs = {"arn": arn, "serviceId": arn[-32:], "serviceUrl": _address(arn, asked.region), "status": "RUNNING"}
    if asked.text("autoScalingConfigurationArn") is None and "autoScalingConfigurationArn" not in asked.inputs:
        default = f"autoscalingconfiguration/DefaultConfiguration/1/{'0' * 31}1"
        outputs["autoScalingConfigurationArn"] = asked.arn("apprunner", default)
    return Answer(arn, outputs)


def _address(service_arn: str, region: str) -> str:
    return f"{drawn(service_arn, 'address', LOWER, 10)}.{region}.awsapprunner.com"


def _revised(kind: str, name: str, prefix: str, **more: Any) -> Callable[[Asked], Answer]:
    """Return how a configuration that App Runner keeps in revisions is answered."""

    def answer(asked: Asked) -> Answer:
        arn = asked.read or asked.arn("apprunner", f"{kind}/{asked.called(name)}/1/{asked.hex(32)}")
        return Answer(arn, {"arn": arn, f"{prefix}Revision": 1, **more})

    return answer


def _connection(asked: Asked) -> Answer:
    arn = asked.read or asked.arn("apprunner", f"connection/{asked.called('connectionName')}/{asked.hex(32)}")
    return Answer(asked.called("connectionName"), {"arn": arn, "status": "PENDING_HANDSHAKE"})


def _ingress(asked: Asked) -> Answer:
    arn = asked.read or asked.arn("apprunner", f"vpcingressconnection/{asked.called()}/{asked.hex(32)}")
    return Answer(arn, {"arn": arn, "domainName": _address(arn, asked.region), "status": "AVAILABLE"})


def _custom_domain(asked: Asked) -> Answer:
    domain = asked.text("domainName") or "example.com"
    hosts = [domain, f"{asked.hex(32, 'zone')}.{domain}"]
    if asked.inputs.get("enableWwwSubdomain", True) is True:
        hosts.append(f"www.{domain}")
    records = [
        {
            "name": f"_{asked.hex(32, host)}.{host}.",
            "type": "CNAME",
            "value": f"_{asked.hex(32, f'value {host}')}.{drawn(asked.urn, host, LOWER, 10)}.acm-validations.aws.",
            "status": "PENDING_VALIDATION",
        }
        for host in hosts
    ]
    target = _address(asked.text("serviceArn") or asked.urn, asked.region)
    status = "pending_certificate_dns_validation"
    # AWS promises no order, so that of the names' letters is as good as any: nobody may count on a position.
    ordered = sorted(records, key=lambda record: record["name"])
    outputs = {"dnsTarget": target, "certificateValidationRecords": ordered, "status": status}
    return Answer(f"{domain},{asked.text('serviceArn') or ''}", outputs)


def _iam(kind: str, prefix: str, id_key: str, *, by_arn: bool = False) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        name = asked.called()
        arn = asked.read if by_arn and asked.read else None
        arn = arn or asked.arn("iam", f"{kind}{asked.text('path') or '/'}{name}", everywhere=True)
        outputs = {"arn": arn, "name": name, id_key: prefix + asked.upper(17)}
        return Answer(arn if by_arn else name, outputs)

    return answer


def _attached(asked: Asked) -> Answer:
    subject = next((asked.text(key) for key in ("role", "user", "group") if asked.text(key)), asked.name)
    return Answer(f"{subject}-{asked.hex(16)}", {})


def _role_policy(asked: Asked) -> Answer:
    name = asked.called()
    return Answer(f"{asked.text('role') or asked.name}:{name}", {"name": name})


def _ec2(kind: str, prefix: str, **more: Callable[[Asked], Any]) -> Callable[[Asked], Answer]:
    def answer(asked: Asked) -> Answer:
        id = asked.of(prefix)
        return Answer(id, {"arn": asked.arn("ec2", f"{kind}/{id}"), **{key: make(asked) for key, make in more.items()}})

    return answer


def _group_rule(asked: Asked) -> Answer:
    id = asked.of("sgr")
    return Answer(id, {"arn": asked.arn("ec2", f"security-group-rule/{id}"), "securityGroupRuleId": id})


def _endpoint(asked: Asked) -> Answer:
    id = asked.of("vpce")
    service = (asked.text("serviceName") or "service").rpartition(".")[2]
    host = f"{id}-{asked.hex(8)}.{service}.{asked.region}.vpce.{asked.suffix}"
    entries = [{"dnsName": host, "hostedZoneId": "Z" + asked.upper(20)}]
    return Answer(id, {"arn": asked.arn("ec2", f"vpc-endpoint/{id}"), "dnsEntries": entries, "state": "available"})


def _zone(asked: Asked) -> Answer:
    id = asked.read or "Z" + asked.upper(20)
    servers = [f"ns-{number}.awsdns-{number % 64:02}.{end}" for end, number in _NAME_SERVERS.items()]
    arn = f"arn:{asked.partition}:route53:::hostedzone/{id}"
    return Answer(id, {"arn": arn, "zoneId": id, "nameServers": servers, "primaryNameServer": servers[0]})


_NAME_SERVERS = {"com": 131, "net": 917, "org": 1160, "co.uk": 1811}


def _record(asked: Asked) -> Answer:
    name, kind = asked.text("name"), asked.text("type")
    if name is None or kind is None:
        return Answer(None, {})
    return Answer(f"{asked.text('zoneId') or 'Z' + asked.upper(20)}_{name}_{kind}", {"fqdn": name.rstrip(".")})


def _open_id_connect_provider(asked: Asked) -> Answer:
    issuer = (asked.text("url") or "").removeprefix("https://")
    if not asked.read and not issuer:
        return Answer(None, {})
    arn = asked.read or asked.arn("iam", f"oidc-provider/{issuer}", everywhere=True)
    return Answer(arn, {"arn": arn})


def _secret(asked: Asked) -> Answer:
    name = asked.called()
    arn = asked.read or asked.arn("secretsmanager", f"secret:{name}-{asked.mixed(6)}")
    return Answer(arn, {"arn": arn, "name": name})


def _secret_version(asked: Asked) -> Answer:
    secret, version = asked.text("secretId"), asked.uuid()
    outputs: dict[str, Any] = {"versionId": version, "versionStages": ["AWSCURRENT"]}
    if secret is not None and secret.startswith("arn:"):
        outputs["arn"] = secret
    return Answer(f"{secret or asked.name}|{version}", outputs)


def _parameter(asked: Asked) -> Answer:
    name = asked.called()
    return Answer(name, {"arn": asked.arn("ssm", f"parameter/{name.lstrip('/')}"), "name": name, "version": 1})


def _key(asked: Asked) -> Answer:
    multi_region = asked.inputs.get("multiRegion") is True
    id = asked.read or (f"mrk-{asked.hex(32)}" if multi_region else asked.uuid())
    return Answer(id, {"arn": asked.arn("kms", f"key/{id}"), "keyId": id})


def _alias(asked: Asked) -> Answer:
    name = asked.called()
    name = name if name.startswith("alias/") else f"alias/{name}"
    outputs = {"arn": asked.arn("kms", name), "name": name}
    if (target := asked.text("targetKeyId")) and not target.startswith("arn:"):
        outputs["targetKeyArn"] = asked.arn("kms", f"key/{target}")
    return Answer(name, outputs)


def _queue(asked: Asked) -> Answer:
    name = asked.called()
    url = f"https://sqs.{asked.region}.{asked.suffix}/{asked.account}/{name}"
    return Answer(url, {"arn": asked.arn("sqs", name), "name": name, "url": url})


def _named(
    service: str, form: str, *, by: str = "name", id: str = "arn", arn: str = "arn"
) -> Callable[[Asked], Answer]:
    """Return how a resource is answered whose ARN holds little more than its name."""

    def answer(asked: Asked) -> Answer:
        name = asked.called(by)
        group = asked.text("groupName") or asked.text("eventBusName") or "default"
        made = asked.arn(service, form.format(name=name, group=group))
        identity = {"arn": made, "name": name, "group/name": f"{group}/{name}"}[id]
        return Answer(asked.read or identity, {arn: made, by: name})

    return answer


def _repository(asked: Asked) -> Answer:
    name = asked.called()
    url = f"{asked.account}.dkr.ecr.{asked.region}.{asked.suffix}/{name}"
    outputs = {"arn": asked.arn("ecr", f"repository/{name}"), "name": name, "repositoryUrl": url}
    return Answer(name, {**outputs, "registryId": asked.account})


def _bucket(asked: Asked) -> Answer:
    name = asked.called("bucket")
    host = f"{name}.s3.{asked.region}.{asked.suffix}"
    outputs = {"arn": f"arn:{asked.partition}:s3:::{name}", "bucket": name, "bucketRegionalDomainName": host}
    return Answer(name, {**outputs, "bucketDomainName": f"{name}.s3.{asked.suffix}"})


def _database(asked: Asked) -> Answer:
    name = asked.called("identifier")
    port = known(asked.inputs.get("port"), int) or (3306 if "my" in (asked.text("engine") or "postgres") else 5432)
    address = f"{name}.{drawn(asked.account, asked.region, LOWER, 12)}.{asked.region}.rds.{asked.suffix}"
    outputs = {"arn": asked.arn("rds", f"db:{name}"), "identifier": name, "address": address, "port": port}
    return Answer(f"db-{asked.upper(26)}", {**outputs, "endpoint": f"{address}:{port}", "status": "available"})


def _provider(asked: Asked) -> Answer:
    return Answer(asked.uuid(), {})


ANSWERS: Mapping[str, Callable[[Asked], Answer]] = {
    tokens.SERVICE: _service,
    tokens.VPC_CONNECTOR: _revised("vpcconnector", "vpcConnectorName", "vpcConnector", status="ACTIVE"),
    tokens.AUTO_SCALING: _revised(
        "autoscalingconfiguration",
        "autoScalingConfigurationName",
        "autoScalingConfiguration",
        latest=True,
        isDefault=False,
        status="active",
    ),
    tokens.OBSERVABILITY: _revised(
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
    tokens.ROLE_POLICY_ATTACHMENT: _attached,
    tokens.USER_POLICY_ATTACHMENT: _attached,
    tokens.VPC: _ec2(
        "vpc",
        "vpc",
        defaultSecurityGroupId=lambda asked: f"sg-0{asked.hex(16, 'group')}",
        mainRouteTableId=lambda asked: f"rtb-0{asked.hex(16, 'routes')}",
        ownerId=lambda asked: asked.account,
    ),
    tokens.SUBNET: _ec2("subnet", "subnet", ownerId=lambda asked: asked.account),
    tokens.SECURITY_GROUP: _ec2("security-group", "sg", name=Asked.called, ownerId=lambda asked: asked.account),
    tokens.SECURITY_GROUP_RULE: lambda asked: Answer(f"sgrule-{asked.hex(10)}", {}),
    tokens.SECURITY_GROUP_INGRESS_RULE: _group_rule,
    tokens.SECURITY_GROUP_EGRESS_RULE: _group_rule,
    tokens.VPC_ENDPOINT: _endpoint,
    tokens.HOSTED_ZONE: _zone,
    tokens.RECORD: _record,
    tokens.SECRET: _secret,
    tokens.SECRET_VERSION: _secret_version,
    tokens.PARAMETER: _parameter,
    tokens.KMS_KEY: _key,
    tokens.KMS_ALIAS: _alias,
    tokens.QUEUE: _queue,
    tokens.TOPIC: _named("sns", "{name}"),
    tokens.SCHEDULE: _named("scheduler", "schedule/{group}/{name}", id="group/name"),
    tokens.SCHEDULE_GROUP: _named("scheduler", "schedule-group/{name}", id="name"),
    tokens.EVENT_RULE: _named("events", "rule/{name}", id="name"),
    tokens.EVENT_BUS: _named("events", "event-bus/{name}", id="name"),
    tokens.METRIC_ALARM: _named("cloudwatch", "alarm:{name}", id="name"),
    tokens.DASHBOARD: _named("cloudwatch", "dashboard/{name}", by="dashboardName", id="name", arn="dashboardArn"),
    tokens.LOG_GROUP: _named("logs", "log-group:{name}", id="name"),
    tokens.ECR_REPOSITORY: _repository,
    tokens.BUCKET: _bucket,
    tokens.BUCKET_V2: _bucket,
    tokens.DYNAMODB_TABLE: _named("dynamodb", "table/{name}", id="name"),
    tokens.DATABASE_INSTANCE: _database,
    tokens.AWS_PROVIDER: _provider,
}
"""How each type of resource is answered; of any other the outputs stay unknown."""

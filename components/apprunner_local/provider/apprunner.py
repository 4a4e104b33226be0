"""App Runner's resources. As pulumi-aws does, they wait for a status, never for an operation."""

from typing import Any

from apprunner_facts import tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.sizes import parse_cpu, parse_memory
from apprunner_local.provider.calls import IAM_PROPAGATION, Aws, CallError
from apprunner_local.provider.differences import as_set
from apprunner_local.provider.resource import Properties, Resource, wait_until_deleted

_IN_PROGRESS = "OPERATION_IN_PROGRESS"
# Seconds that pulumi-aws waits: hashicorp/terraform-provider-aws internal/service/apprunner, wait.go and others.
_SERVICE = 1200
_DOMAIN = _CONNECTION = 300
_CONFIGURATION = _INGRESS = 120


class AppRunnerResource(Resource):
    """A resource whose id is its ARN."""

    service = "apprunner"
    arn_member = ""

    def id(self, state: Properties) -> str:
        return str(state["arn"])

    def key(self, id: str) -> Properties:
        return {self.arn_member: id}

    def wait_for(self, aws: Aws, id: str, target: str, *pending: str, seconds: float) -> None:
        """Wait until its status is the target, while it is pending; without pending ones, while it is anything."""
        # [P: wait.go] Waits: a service 20 minutes, a domain and a connection 5, a connector, an ingress
        # connection and a configuration 2.

        def status() -> Any:
            described = self.describe(aws, id)
            return described and described["Status"]

        aws.wait(status, pending, [target], seconds)


class Service(AppRunnerResource):
    """A service."""

    token = tokens.SERVICE
    noun = "App Runner Service"
    creates, reads, deletes, answer = "CreateService", "DescribeService", "DeleteService", "Service"
    arn_member = "ServiceArn"
    answer_names = {
        "arn": "ServiceArn",
        "autoScalingConfigurationArn": "AutoScalingConfigurationSummary.AutoScalingConfigurationArn",
    }
    defaults = {
        "sourceConfiguration.autoDeploymentsEnabled": True,
        "healthCheckConfiguration.healthyThreshold": 1,
        "healthCheckConfiguration.interval": 5,
        "healthCheckConfiguration.path": "/",
        "healthCheckConfiguration.protocol": "TCP",
        "healthCheckConfiguration.timeout": 2,
        "healthCheckConfiguration.unhealthyThreshold": 5,
        "instanceConfiguration.cpu": "1024",
        "instanceConfiguration.memory": "2048",
        "networkConfiguration.ipAddressType": "IPV4",
        # Without it pulumi-aws sends false: it cannot distinguish it from none.
        "networkConfiguration.ingressConfiguration.isPubliclyAccessible": False,
    }
    normal = {
        "instanceConfiguration.cpu": lambda text: str(parse_cpu(text) or text),
        "instanceConfiguration.memory": lambda text: str(parse_memory(text) or text),
    }

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: service.go] CreateService is retried for two minutes while the instance role cannot be assumed;
        # not for the access role.
        members = self.members(aws, self.creates, inputs)
        answer = aws.retry(
            lambda: aws.call(self.service, self.creates, members),
            lambda error: "Error in assuming instance role" in str(error),
            IAM_PROPAGATION,
        )
        return answer["Service"]["ServiceArn"], {}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        self.wait_for(aws, id, "RUNNING", _IN_PROGRESS, seconds=_SERVICE)

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        """Return its state; a private service's address is the DNS target of its domains, in pulumi-aws too."""
        # [P: service.go] A private service's address is the DNS target of its domains, which needs
        # apprunner:DescribeCustomDomains.
        result = super().read(aws, id, state)
        if result is None or result.get("serviceUrl"):
            return result
        target = aws.call(self.service, "DescribeCustomDomains", {"ServiceArn": id}).get("DNSTarget", "")
        return {**result, "serviceUrl": target}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        # [P: service.go] UpdateService sends each changed block as a whole, with what the state has. If only
        # a removed block changed, it sends the ARN alone.
        # [P: service.go] UpdateService is never retried.
        blocks = {key: value for key, value in new.items() if key in changed}
        members = self.members(aws, "UpdateService", blocks)
        aws.call(self.service, "UpdateService", {**members, "ServiceArn": id})
        self.wait_for(aws, id, "RUNNING", _IN_PROGRESS, seconds=_SERVICE)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        super().delete(aws, id, state)
        wait_until_deleted(aws, self, id, "RUNNING", _IN_PROGRESS, seconds=_SERVICE)


class ActiveResource(AppRunnerResource):
    """A resource that services use, which is active from its creation to its deletion."""

    active = "ACTIVE"

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        self.wait_for(aws, id, self.active, seconds=_CONFIGURATION)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        super().delete(aws, id, state)
        wait_until_deleted(aws, self, id, self.active, seconds=_CONFIGURATION)


class AutoScalingConfigurationVersion(ActiveResource):
    """A revision of a scaling configuration."""

    token = tokens.AUTO_SCALING
    noun = "App Runner AutoScaling Configuration Version"
    creates, reads = "CreateAutoScalingConfiguration", "DescribeAutoScalingConfiguration"
    deletes, answer = "DeleteAutoScalingConfiguration", "AutoScalingConfiguration"
    arn_member = "AutoScalingConfigurationArn"
    answer_names = {"arn": "AutoScalingConfigurationArn"}
    defaults = {"maxConcurrency": 100, "maxSize": 25, "minSize": 1}
    active = "active"  # pulumi-aws compares lower case here, and upper case for the other types


class DefaultAutoScalingConfigurationVersion(AppRunnerResource):
    """The account's default scaling configuration in a region; its id is the account. Its deletion changes nothing."""

    token = tokens.DEFAULT_AUTO_SCALING
    noun = "App Runner Default AutoScaling Configuration Version"
    creates = "UpdateDefaultAutoScalingConfiguration"

    def id(self, state: Properties) -> str:
        return parse_arn(state["autoScalingConfigurationArn"]).account

    def describe(self, aws: Aws, id: str) -> Properties | None:
        # [P: default_auto_scaling_configuration_version.go] The default is found among the latest revisions only.
        more: Properties = {}
        while True:
            page = aws.call(self.service, "ListAutoScalingConfigurations", more)
            for summary in page["AutoScalingConfigurationSummaryList"]:
                if summary["IsDefault"]:
                    return {"AutoScalingConfigurationArn": summary["AutoScalingConfigurationArn"]}
            if "NextToken" not in page:
                return None
            more = {"NextToken": page["NextToken"]}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        aws.call(self.service, self.creates, self.members(aws, self.creates, new))

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: default_auto_scaling_configuration_version.go] The deletion of the default changes nothing in AWS.
        pass


class ObservabilityConfiguration(ActiveResource):
    """A revision of an observability configuration."""

    token = tokens.OBSERVABILITY
    noun = "App Runner Observability Configuration"
    creates, reads = "CreateObservabilityConfiguration", "DescribeObservabilityConfiguration"
    deletes, answer = "DeleteObservabilityConfiguration", "ObservabilityConfiguration"
    arn_member = "ObservabilityConfigurationArn"
    answer_names = {"arn": "ObservabilityConfigurationArn"}


class VpcConnector(ActiveResource):
    """A VPC connector."""

    token = tokens.VPC_CONNECTOR
    noun = "App Runner VPC Connector"
    creates, reads, deletes = "CreateVpcConnector", "DescribeVpcConnector", "DeleteVpcConnector"
    answer = "VpcConnector"
    arn_member = "VpcConnectorArn"
    answer_names = {"arn": "VpcConnectorArn"}
    normal = {"subnets": as_set, "securityGroups": as_set}


class VpcIngressConnection(AppRunnerResource):
    """A VPC ingress connection, which gives private access to a service."""

    token = tokens.VPC_INGRESS_CONNECTION
    noun = "App Runner VPC Ingress Connection"
    creates, reads = "CreateVpcIngressConnection", "DescribeVpcIngressConnection"
    deletes, answer = "DeleteVpcIngressConnection", "VpcIngressConnection"
    arn_member = "VpcIngressConnectionArn"
    names = {"name": "VpcIngressConnectionName"}
    answer_names = {"arn": "VpcIngressConnectionArn"}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        self.wait_for(aws, id, "AVAILABLE", "PENDING_CREATION", seconds=_INGRESS)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        super().delete(aws, id, state)
        wait_until_deleted(aws, self, id, "AVAILABLE", "PENDING_DELETION", seconds=_INGRESS)


class Connection(AppRunnerResource):
    """A connection to a code host; its id is its name."""

    token = tokens.CONNECTION
    noun = "App Runner Connection"
    creates, deletes, answer = "CreateConnection", "DeleteConnection", "Connection"
    answer_names = {"arn": "ConnectionArn"}

    def id(self, state: Properties) -> str:
        return str(state["connectionName"])

    def describe(self, aws: Aws, id: str) -> Properties | None:
        listed = aws.call(self.service, "ListConnections", {"ConnectionName": id})["ConnectionSummaryList"]
        return listed[0] if listed else None

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        described = self.describe(aws, id)
        assert described is not None

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call(self.service, self.deletes, {"ConnectionArn": state["arn"]})
        wait_until_deleted(aws, self, id, "PENDING_HANDSHAKE", "AVAILABLE", seconds=_CONNECTION)


class CustomDomainAssociation(AppRunnerResource):
    """A domain of a service; its id is the domain and the service's ARN."""

    token = tokens.CUSTOM_DOMAIN
    noun = "App Runner Custom Domain Association"
    creates, deletes, answer = "AssociateCustomDomain", "DisassociateCustomDomain", "CustomDomain"
    defaults = {"enableWwwSubdomain": True}
    has_update = False

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        answer = aws.call(self.service, self.creates, self.members(aws, self.creates, inputs))
        return f"{inputs['domainName']},{inputs['serviceArn']}", {"dnsTarget": answer["DNSTarget"]}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        # [P: wait.go] A domain whose first status is active is an error.
        def status() -> Any:
            described = self.describe(aws, id)
            return described and described["Status"]

        aws.wait(status, ["creating"], ["pending_certificate_dns_validation", "binding_certificate"], _DOMAIN)

    def key(self, id: str) -> Properties:
        return dict(zip(("DomainName", "ServiceArn"), id.split(",", 1), strict=True))

    def describe(self, aws: Aws, id: str) -> Properties | None:
        key = self.key(id)
        more: Properties = {}
        while True:
            try:
                page = aws.call(self.service, "DescribeCustomDomains", {"ServiceArn": key["ServiceArn"], **more})
            except CallError as error:
                if error.code in self.not_found_codes:
                    return None
                raise
            for domain in page["CustomDomains"]:
                if domain["DomainName"] == key["DomainName"]:
                    return {**domain, "ServiceArn": key["ServiceArn"]}
            if "NextToken" not in page:
                return None
            more = {"NextToken": page["NextToken"]}

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        # [P: custom_domain_association.go] dnsTarget is read at the creation only: after an import it is
        # empty.
        result = super().read(aws, id, state)
        return result and ({"dnsTarget": state["dnsTarget"]} if "dnsTarget" in state else {}) | result

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        super().delete(aws, id, state)
        wait_until_deleted(aws, self, id, "active", "deleting", seconds=_DOMAIN)

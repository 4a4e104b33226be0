"""EC2's VPC endpoints."""

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws
from apprunner_local.provider.differences import as_policy, as_set
from apprunner_local.provider.network import Ec2Resource
from apprunner_local.provider.resource import Properties

_SECONDS = 600
"""How long pulumi-aws waits: hashicorp/terraform-provider-aws internal/service/ec2/vpc_endpoint.go."""


class VpcEndpoint(Ec2Resource):
    """A VPC endpoint. moto does not change private DNS and the address type of an existing one."""

    token = tokens.VPC_ENDPOINT
    noun = "EC2 VPC Endpoint"
    creates, reads, deletes = "CreateVpcEndpoint", "DescribeVpcEndpoints", "DeleteVpcEndpoints"
    listed = "VpcEndpoints"
    identity = {"VpcEndpointIds": "id"}
    names = {"policy": "PolicyDocument"}
    answer_names = {"arn": "VpcEndpointArn", "securityGroupIds": "SecurityGroupIds"}
    defaults = {"vpcEndpointType": "Gateway"}
    normal = {"policy": as_policy, **dict.fromkeys(("routeTableIds", "securityGroupIds", "subnetIds"), as_set)}
    not_found_codes = frozenset({"InvalidVpcEndpointId.NotFound"})
    provider_only = frozenset({"autoAccept", "region", "tags"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        private_dns = {"PrivateDnsEnabled": inputs.get("privateDnsEnabled", False)}
        members = self.members(aws, self.creates, inputs) | private_dns | self.tag_at_creation("vpc-endpoint", inputs)
        return aws.call("ec2", self.creates, members)["VpcEndpoint"]["VpcEndpointId"], {}

    def wait_until_ready(self, aws: Aws, id: str) -> None:
        aws.wait(lambda: self._state_in_aws(aws, id), ["pending"], ["available", "pendingAcceptance"], _SECONDS)

    def describe(self, aws: Aws, id: str) -> Properties | None:
        endpoint = super().describe(aws, id)
        if endpoint is None or endpoint["State"] == "deleted":  # moto keeps deleted endpoints
            return None
        return {
            "IpAddressType": "ipv4",  # moto has no other type
            "OwnerId": aws.account,
            "RequesterManaged": False,
            **endpoint,
            "VpcEndpointArn": f"arn:aws:ec2:{aws.region}:{aws.account}:vpc-endpoint/{id}",
            "SecurityGroupIds": [group["GroupId"] for group in endpoint.get("Groups", [])],
        }

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        members: Properties = {"VpcEndpointId": id}
        for key in changed & {"routeTableIds", "securityGroupIds", "subnetIds"}:
            before, after, name = set(old.get(key, [])), set(new.get(key, [])), key[0].upper() + key[1:]
            members |= {f"Add{name}": sorted(after - before), f"Remove{name}": sorted(before - after)}
        if "policy" in changed:
            members["PolicyDocument"] = new["policy"]
        members = {key: value for key, value in members.items() if value != []}
        if unsupported := changed - {"autoAccept", "policy", "routeTableIds", "securityGroupIds", "subnetIds"}:
            super().update(aws, id, old, new, unsupported)
        aws.call("ec2", "ModifyVpcEndpoint", members)
        self.wait_until_ready(aws, id)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("ec2", self.deletes, {"VpcEndpointIds": [id]})
        aws.wait(lambda: self._state_in_aws(aws, id), ["available", "deleting"], (), _SECONDS)

    def _state_in_aws(self, aws: Aws, id: str) -> str | None:
        endpoint = self.describe(aws, id)
        return str(endpoint["State"]) if endpoint else None

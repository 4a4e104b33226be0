"""EC2's resources."""

from typing import Any

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.resource import Properties, Resource

_IN_USE = 900
"""Seconds for which a security group's deletion is retried while something uses it."""


class Ec2Resource(Resource):
    """A resource of EC2, whose description contains its tags."""

    service = "ec2"
    listed = ""
    """The member of the response with the list of descriptions."""

    def describe(self, aws: Aws, id: str) -> Properties | None:
        try:
            matches = aws.call(self.service, self.reads, {next(iter(self.identity)): [id]})[self.listed]
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        return matches[0] if matches else None

    def tags(self, aws: Aws, state: Properties) -> Properties:
        return {}

    def tag_at_creation(self, kind: str, inputs: Properties) -> Properties:
        """Return the member that tags the created resource."""
        tags = [{"Key": key, "Value": value} for key, value in inputs.get("tags", {}).items()]
        return {"TagSpecifications": [{"ResourceType": kind, "Tags": tags}]} if tags else {}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        resources = {"Resources": [str(state["id"])]}
        if taken:
            aws.call("ec2", "DeleteTags", {**resources, "Tags": [{"Key": key} for key in taken]})
        if properties:
            tags = [{"Key": key, "Value": value} for key, value in properties.items()]
            aws.call("ec2", "CreateTags", {**resources, "Tags": tags})


class SecurityGroup(Ec2Resource):
    """A security group; its rules are separate resources."""

    token = tokens.SECURITY_GROUP
    noun = "Security Group"
    creates, reads, deletes = "CreateSecurityGroup", "DescribeSecurityGroups", "DeleteSecurityGroup"
    listed = "SecurityGroups"
    identity = {"GroupIds": "id"}
    names = {"name": "GroupName"}
    answer_names = {"arn": "SecurityGroupArn", "ingress": "-", "egress": "-"}
    defaults = {"description": "Managed by Pulumi", "revokeRulesOnDelete": False}
    not_found_codes = frozenset({"InvalidGroup.NotFound", "InvalidGroupId.Malformed"})
    provider_only = frozenset({"region", "revokeRulesOnDelete", "tags"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        members = self.members(aws, self.creates, inputs) | self.tag_at_creation("security-group", inputs)
        id = aws.call("ec2", self.creates, members)["GroupId"]
        self._revoke_default_egress(aws, id)
        return id, {}

    def _revoke_default_egress(self, aws: Aws, id: str) -> None:
        """Delete the rule that EC2 adds to each new group, as the provider does for all inputs."""
        rules = aws.call("ec2", "DescribeSecurityGroups", {"GroupIds": [id]})["SecurityGroups"][0][
            "IpPermissionsEgress"
        ]
        if rules:
            everything: Any = {"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
            aws.call("ec2", "RevokeSecurityGroupEgress", {"GroupId": id, "IpPermissions": [everything]})

    def describe(self, aws: Aws, id: str) -> Properties | None:
        group = super().describe(aws, id)
        if group is None:
            return None
        arn = f"arn:aws:ec2:{aws.region}:{aws.account}:security-group/{id}"
        return {"SecurityGroupArn": arn, **group}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        if changed - {"revokeRulesOnDelete"}:
            super().update(aws, id, old, new, changed)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: ec2/vpc_security_group.go] The deletion of a security group in use is retried for 15 minutes.
        # [R: alchemy-run/alchemy] The network interfaces of a deleted connector remain for minutes. The local
        # AWS has none, so its security group is deleted at once.
        aws.retry(
            lambda: aws.call("ec2", self.deletes, {"GroupId": id}),
            lambda error: error.code in ("DependencyViolation", "InvalidGroup.InUse"),
            _IN_USE,
        )


class _Rule(Ec2Resource):
    reads, listed = "DescribeSecurityGroupRules", "SecurityGroupRules"
    identity = {"SecurityGroupRuleIds": "securityGroupRuleId"}
    answer_names = {
        "arn": "SecurityGroupRuleArn",
        "securityGroupId": "GroupId",
        "referencedSecurityGroupId": "ReferencedGroupInfo.GroupId",
    }
    not_found_codes = frozenset({"InvalidSecurityGroupRuleId.NotFound", "InvalidGroup.NotFound"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: ec2/vpc_security_group_ingress_rule.go] A security group's rule is tagged by a call of its own.
        described = {"Description": inputs["description"]} if inputs.get("description") else {}
        permission: Properties = {"IpProtocol": inputs["ipProtocol"]}
        permission |= {
            member: inputs[key] for key, member in (("fromPort", "FromPort"), ("toPort", "ToPort")) if key in inputs
        }
        for key, kind, member in (
            ("cidrIpv4", "IpRanges", "CidrIp"),
            ("cidrIpv6", "Ipv6Ranges", "CidrIpv6"),
            ("prefixListId", "PrefixListIds", "PrefixListId"),
            ("referencedSecurityGroupId", "UserIdGroupPairs", "GroupId"),
        ):
            if inputs.get(key):
                permission[kind] = [{member: inputs[key], **described}]
        members = {"GroupId": inputs["securityGroupId"], "IpPermissions": [permission]}
        rule = aws.call("ec2", self.creates, members)["SecurityGroupRules"][0]
        if tags := inputs.get("tags"):  # in a call of its own, which needs ec2:CreateTags on every rule
            self.tag(aws, {"id": rule["SecurityGroupRuleId"]}, [], tags)
        if described and "Description" not in rule:  # moto omits it from a rule between two groups
            self.update(aws, rule["SecurityGroupRuleId"], {}, inputs, frozenset({"description"}))
        return rule["SecurityGroupRuleId"], {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        rule = super().describe(aws, id)
        if rule is None:
            return None
        if rule["IpProtocol"] == "-1":
            rule = {key: value for key, value in rule.items() if key not in ("FromPort", "ToPort")}
        arn = f"arn:aws:ec2:{aws.region}:{aws.account}:security-group-rule/{id}"
        return {"SecurityGroupRuleArn": arn, **rule}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        names = {"referencedSecurityGroupId": "ReferencedGroupId"}
        rule = {
            names.get(key, key[0].upper() + key[1:]): new[key]
            for key in self.schema.inputs.fields
            if new.get(key) is not None and key not in ("region", "tags", "securityGroupId")
        }
        if new["ipProtocol"] == "-1":
            rule |= {"FromPort": -1, "ToPort": -1}
        changes = [{"SecurityGroupRuleId": id, "SecurityGroupRule": rule}]
        members = {"GroupId": new["securityGroupId"], "SecurityGroupRules": changes}
        aws.call("ec2", "ModifySecurityGroupRules", members)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("ec2", self.deletes, {"GroupId": state["securityGroupId"], "SecurityGroupRuleIds": [id]})


class SecurityGroupEgressRule(_Rule):
    """An egress rule of a security group."""

    token = tokens.SECURITY_GROUP_EGRESS_RULE
    noun = "VPC Security Group Egress Rule"
    creates, deletes = "AuthorizeSecurityGroupEgress", "RevokeSecurityGroupEgress"


class SecurityGroupIngressRule(_Rule):
    """An ingress rule of a security group."""

    token = tokens.SECURITY_GROUP_INGRESS_RULE
    noun = "VPC Security Group Ingress Rule"
    creates, deletes = "AuthorizeSecurityGroupIngress", "RevokeSecurityGroupIngress"

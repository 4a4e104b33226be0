"""IAM's resources, which are global."""

import json
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.names import ROLE as ROLE_NAME
from apprunner_local.provider.calls import IAM_PROPAGATION, Aws, CallError
from apprunner_local.provider.differences import as_policy
from apprunner_local.provider.resource import Properties, Resource


def _retried(aws: Aws, operation: str, members: Properties, code: str, text: str = "") -> Properties:
    """Call an operation, and retry it while IAM has not propagated another change."""
    # [P: iam/role.go] The creation of a role whose trust policy has a new principal, and the deletion of a role that
    # has policies, are retried for two minutes.
    # [P: iam/role_policy_attachment.go] Attachments and inline policies are retried after ConcurrentModification.
    result: Properties = aws.retry(
        lambda: aws.call("iam", operation, members),
        lambda error: error.code.startswith(code) and text in str(error),
        IAM_PROPAGATION,
    )
    return result


_CONCURRENT = "ConcurrentModification"
_INVALID_PRINCIPAL = ("MalformedPolicyDocument", "Invalid principal in policy")
_NOT_FOUND_CODES = frozenset({"NoSuchEntity", "NoSuchEntityException"})


class Role(Resource):
    """A role."""

    token = tokens.ROLE
    noun = "IAM Role"
    service = "iam"
    creates, reads, deletes, answer = "CreateRole", "GetRole", "DeleteRole", "Role"
    identity = {"RoleName": "name"}
    names = {"name": "RoleName", "assumeRolePolicy": "AssumeRolePolicyDocument"}
    answer_names = {"uniqueId": "RoleId", "permissionsBoundary": "PermissionsBoundary.PermissionsBoundaryArn"}
    defaults = {"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"}
    normal = {"assumeRolePolicy": as_policy}
    longest_name = ROLE_NAME.longest
    not_found_codes = _NOT_FOUND_CODES
    provider_only = frozenset({"forceDetachPolicies"})

    def describe(self, aws: Aws, id: str) -> Properties | None:
        role = super().describe(aws, id)
        return role and role | {"AssumeRolePolicyDocument": json.dumps(role["AssumeRolePolicyDocument"])}

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # A principal in a trust policy may be a role that IAM has not propagated yet.
        _retried(aws, self.creates, self.members(aws, self.creates, inputs), *_INVALID_PRINCIPAL)
        return str(inputs["name"]), {}

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        """Return its state, with all its policies: those that other resources manage, too."""
        result = super().read(aws, id, state)
        if result is None:
            return None
        attached = aws.call("iam", "ListAttachedRolePolicies", {"RoleName": id})["AttachedPolicies"]
        names = aws.call("iam", "ListRolePolicies", {"RoleName": id})["PolicyNames"]
        inline = [
            {
                "name": name,
                "policy": json.dumps(
                    aws.call("iam", "GetRolePolicy", {"RoleName": id, "PolicyName": name})["PolicyDocument"]
                ),
            }
            for name in names
        ]
        return {
            **result,
            "inlinePolicies": inline,
            "managedPolicyArns": [policy["PolicyArn"] for policy in attached],
        }

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        if "assumeRolePolicy" in changed:
            trust = {"RoleName": id, "PolicyDocument": new["assumeRolePolicy"]}
            _retried(aws, "UpdateAssumeRolePolicy", trust, *_INVALID_PRINCIPAL)
        if changed & {"description", "maxSessionDuration"}:
            settings = {"Description": new.get("description", ""), "MaxSessionDuration": new["maxSessionDuration"]}
            aws.call("iam", "UpdateRole", {"RoleName": id, **settings})
        if "permissionsBoundary" in changed and new.get("permissionsBoundary"):
            boundary = {"PermissionsBoundary": new["permissionsBoundary"]}
            aws.call("iam", "PutRolePermissionsBoundary", {"RoleName": id, **boundary})
        elif "permissionsBoundary" in changed:
            aws.call("iam", "DeleteRolePermissionsBoundary", {"RoleName": id})

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: iam/role.go] A role is removed from instance profiles. Its policies are removed if
        # forceDetachPolicies is set, or if the last read saw any.
        for profile in aws.call("iam", "ListInstanceProfilesForRole", {"RoleName": id})["InstanceProfiles"]:
            members = {"InstanceProfileName": profile["InstanceProfileName"], "RoleName": id}
            aws.call("iam", "RemoveRoleFromInstanceProfile", members)
        if state.get("forceDetachPolicies") or state.get("managedPolicyArns"):
            for policy in aws.call("iam", "ListAttachedRolePolicies", {"RoleName": id})["AttachedPolicies"]:
                aws.call("iam", "DetachRolePolicy", {"RoleName": id, "PolicyArn": policy["PolicyArn"]})
        if state.get("forceDetachPolicies") or state.get("inlinePolicies"):
            for name in aws.call("iam", "ListRolePolicies", {"RoleName": id})["PolicyNames"]:
                aws.call("iam", "DeleteRolePolicy", {"RoleName": id, "PolicyName": name})
        _retried(aws, self.deletes, self.key(id), "DeleteConflict")

    def tags(self, aws: Aws, state: Properties) -> Properties:
        return {}  # GetRole returns them

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        self._tag_by(aws, {"RoleName": state["name"]}, taken, properties, "TagRole", "UntagRole")


class RolePolicy(Resource):
    """An inline policy of a role; its id is role:name."""

    token = tokens.ROLE_POLICY
    noun = "IAM Role Policy"
    service = "iam"
    creates, reads, deletes = "PutRolePolicy", "GetRolePolicy", "DeleteRolePolicy"
    names = {"name": "PolicyName", "role": "RoleName", "policy": "PolicyDocument"}
    identity = {"RoleName": "role", "PolicyName": "name"}
    normal = {"policy": as_policy}
    not_found_codes = _NOT_FOUND_CODES
    provider_only = frozenset()

    def id(self, state: Properties) -> str:
        return f"{state['role']}:{state['name']}"

    def parts(self, id: str) -> list[str]:
        return id.split(":", 1)

    def describe(self, aws: Aws, id: str) -> Properties | None:
        policy = super().describe(aws, id)
        return policy and policy | {"PolicyDocument": json.dumps(policy["PolicyDocument"])}

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        _retried(aws, self.creates, self.members(aws, self.creates, inputs), _CONCURRENT)
        return self.id(inputs), {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, new)


class RolePolicyAttachment(Resource):
    """A managed policy that a role has; its id is role/arn."""

    token = tokens.ROLE_POLICY_ATTACHMENT
    noun = "IAM Role Policy Attachment"
    service = "iam"
    creates, deletes = "AttachRolePolicy", "DetachRolePolicy"
    names = {"role": "RoleName"}
    identity = {"RoleName": "role", "PolicyArn": "policyArn"}
    not_found_codes = _NOT_FOUND_CODES
    provider_only = frozenset()
    deletes_first = True  # pulumi/pulumi-aws provider/resource_overrides.go
    has_update = False

    def describe(self, aws: Aws, id: str) -> Properties | None:
        key: Any = self.key(id)
        try:
            attached = aws.call("iam", "ListAttachedRolePolicies", {"RoleName": key["RoleName"]})["AttachedPolicies"]
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        return key if key["PolicyArn"] in [policy["PolicyArn"] for policy in attached] else None

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        _retried(aws, self.creates, self.members(aws, self.creates, inputs), _CONCURRENT)
        return self.id(inputs), {}

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        _retried(aws, self.deletes, self.key(id), _CONCURRENT)

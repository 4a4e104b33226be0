# pyright: standard
"""ECR's resources."""

import json
from typing import Any

from apprunner_facts import tokens
from apprunner_local.provider import shapes
from apprunner_local.provider.calls import IAM_PROPAGATION, Aws, CallError
from apprunner_local.provider.differences import as_json, as_policy, as_set
from apprunner_local.provider.resource import Properties, Resource

_NOT_EMPTY = "RepositoryNotEmptyException"
_INVALID = ("InvalidParameterException", "Invalid repository policy provided")
_UPDATES = {
    "PutImageTagMutability": {"imageTagMutability", "imageTagMutabilityExclusionFilters"},
    "PutImageScanningConfiguration": {"imageScanningConfiguration"},
}
_DELETION = 1200
"""Seconds for which the deletion of a repository is waited for."""


def _as_lifecycle(text: Any) -> Any:
    """Return a lifecycle policy in one form: its rules by priority, their patterns sorted."""
    # [P: ecr/lifecycle_policy.go] The order of a lifecycle policy's rules, and of a rule's patterns, has no meaning.
    try:
        rules = json.loads(text)["rules"]
    except (TypeError, ValueError, KeyError):
        return text
    for rule in rules:
        for key in ("tagPatternList", "tagPrefixList"):
            if key in rule.get("selection", {}):
                rule["selection"][key] = as_set(rule["selection"][key])
    return json.dumps(sorted(rules, key=lambda rule: rule.get("rulePriority", 0)), sort_keys=True)


class Repository(Resource):
    """A repository; its id is its name."""

    token = tokens.ECR_REPOSITORY
    noun = "ECR Repository"
    service = "ecr"
    creates, reads, deletes, answer = "CreateRepository", "DescribeRepositories", "DeleteRepository", "repository"
    identity = {"repositoryName": "name"}
    names = {"name": "repositoryName", "arn": "repositoryArn", "repositoryUrl": "repositoryUri"}
    defaults = {"imageTagMutability": "MUTABLE"}
    not_found_codes = frozenset({"RepositoryNotFoundException"})
    provider_only = frozenset({"region", "forceDelete"})

    def members(self, aws: Aws, operation: str, inputs: Properties) -> Properties:
        rest = {key: value for key, value in inputs.items() if key != "encryptionConfigurations"}
        encryption = inputs.get("encryptionConfigurations")
        return {
            **super().members(aws, operation, rest),
            **({"encryptionConfiguration": encryption[0]} if encryption else {}),
        }

    def describe(self, aws: Aws, id: str) -> Properties | None:
        try:
            repository = aws.call("ecr", self.reads, {"repositoryNames": [id]})["repositories"][0]
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        return {**repository, "encryptionConfigurations": [repository["encryptionConfiguration"]]}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        # [P: ecr/repository.go] A repository's mutability and its scanning are updated by one call each.
        for operation, keys in _UPDATES.items():
            if changed & keys:
                settings = shapes.to_aws({key: new[key] for key in keys if key in new}, aws.shape("ecr", operation))
                aws.call("ecr", operation, {**self.key(id), "registryId": old["registryId"], **settings})

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: ecr/repository.go] A repository with images is deleted only if forceDelete is in the state: it must have
        # been applied before. The message of this error, and a wait of 20 minutes.
        members = {**self.key(id), "registryId": state["registryId"], "force": bool(state.get("forceDelete"))}
        try:
            aws.call("ecr", self.deletes, members)
        except CallError as error:
            if error.code == _NOT_EMPTY:
                text = f"ECR Repository ({id}) not empty, consider using force_delete: {error}"
                raise CallError(error.code, text) from error
            raise
        aws.wait(lambda: "exists" if self.describe(aws, id) else None, ["exists"], (), _DELETION)

    def tags(self, aws: Aws, state: Properties) -> Properties:
        listed = aws.call("ecr", "ListTagsForResource", {"resourceArn": state["arn"]})
        return {tag["Key"]: tag["Value"] for tag in listed["tags"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        arn = {"resourceArn": state["arn"]}
        if taken:
            aws.call("ecr", "UntagResource", {**arn, "tagKeys": taken})
        if properties:
            tags = [{"Key": key, "Value": value} for key, value in properties.items()]
            aws.call("ecr", "TagResource", {**arn, "tags": tags})


class LifecyclePolicy(Resource):
    """The lifecycle policy of a repository; its id is the repository's name. It has no update."""

    token = tokens.ECR_LIFECYCLE_POLICY
    noun = "ECR Lifecycle Policy"
    service = "ecr"
    creates, reads, deletes = "PutLifecyclePolicy", "GetLifecyclePolicy", "DeleteLifecyclePolicy"
    identity = {"repositoryName": "repository"}
    names = {"repository": "repositoryName", "policy": "lifecyclePolicyText"}
    normal = {"policy": _as_lifecycle}
    not_found_codes = frozenset({"LifecyclePolicyNotFoundException", "RepositoryNotFoundException"})
    deletes_first = True  # pulumi/pulumi-aws provider/resource_overrides.go
    has_update = False

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        return str(aws.call("ecr", self.creates, self.members(aws, self.creates, inputs))["repositoryName"]), {}


class RepositoryPolicy(Resource):
    """The policy of a repository; its id is the repository's name."""

    token = tokens.ECR_REPOSITORY_POLICY
    noun = "ECR Repository Policy"
    service = "ecr"
    creates, reads, deletes = "SetRepositoryPolicy", "GetRepositoryPolicy", "DeleteRepositoryPolicy"
    identity = {"repositoryName": "repository"}
    names = {"repository": "repositoryName", "policy": "policyText"}
    normal = {"policy": as_policy}
    not_found_codes = frozenset({"RepositoryPolicyNotFoundException", "RepositoryNotFoundException"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: ecr/repository_policy.go] A policy with a principal that IAM has not propagated yet is retried.
        members = self.members(aws, self.creates, {**inputs, "policy": as_json(inputs["policy"])})
        code, text = _INVALID
        aws.retry(
            lambda: aws.call("ecr", self.creates, members),
            lambda error: error.code == code and text in str(error),
            IAM_PROPAGATION,
        )
        return self.id(inputs), {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, new)

"""Step Functions' resources."""

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.differences import as_json
from apprunner_local.provider.resource import Properties, Resource, wait_until_deleted

_CREATE, _DELETE = 300, 300
"""Seconds for which pulumi-aws retries the creation, and waits for the deletion."""
_SETTINGS = ("encryptionConfiguration", "loggingConfiguration", "tracingConfiguration")


class StateMachine(Resource):
    """A state machine; its id is its ARN. An update always sends the definition and the role."""

    token = tokens.STATE_MACHINE
    noun = "Step Functions State Machine"
    service = "stepfunctions"
    creates, reads, deletes = "CreateStateMachine", "DescribeStateMachine", "DeleteStateMachine"
    identity = {"stateMachineArn": "arn"}
    names = {"arn": "stateMachineArn"}
    defaults = {"publish": False, "type": "STANDARD"}
    normal = {"definition": as_json}
    provider_only = frozenset({"region", "publish"})
    not_found_codes = frozenset({"StateMachineDoesNotExist"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: sfn/state_machine.go] The creation is retried for five minutes while IAM denies it, or while a machine of
        # the name is being deleted. The emulated provider does not validate the definition in a preview.
        members = self.members(aws, self.creates, {key: value for key, value in inputs.items() if key != "tags"})
        # [M] The creation of an existing machine returns it, with another definition it is an error. moto returns it in
        # both cases.
        arn = f"arn:aws:states:{aws.region}:{aws.account}:stateMachine:{inputs['name']}"
        existing = self.describe(aws, arn)
        if existing and existing["definition"] != inputs["definition"]:
            code = "StateMachineAlreadyExists"
            raise CallError(code, f"creating Step Functions State Machine ({inputs['name']}): {code}: {arn}")
        tags = [{"key": key, "value": value} for key, value in inputs.get("tags", {}).items()]
        created = aws.retry(
            lambda: aws.call(self.service, self.creates, {**members, **({"tags": tags} if tags else {})}),
            lambda error: error.code in ("AccessDeniedException", "StateMachineDeleting"),
            _CREATE,
        )
        return str(created["stateMachineArn"]), {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        # [P: sfn/state_machine.go] An update sends the definition, the role, and the settings that differ.
        sent = {key: new[key] for key in ("definition", "roleArn", *_SETTINGS) if key in new}
        sent = {key: value for key, value in sent.items() if key not in _SETTINGS or key in changed}
        aws.call(self.service, "UpdateStateMachine", {**self.members(aws, "UpdateStateMachine", sent), **self.key(id)})

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: sfn/state_machine.go] The provider waits up to five minutes for the deletion. In the local AWS it takes no
        # time, and running executions go on.
        super().delete(aws, id, state)
        wait_until_deleted(aws, self, id, "ACTIVE", "DELETING", member="status", seconds=_DELETE)

    def tags(self, aws: Aws, state: Properties) -> Properties:
        listed = aws.call(self.service, "ListTagsForResource", {"resourceArn": state["arn"]})
        return {tag["key"]: tag["value"] for tag in listed["tags"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        if taken:
            aws.call(self.service, "UntagResource", {"resourceArn": state["arn"], "tagKeys": taken})
        if properties:
            tags = [{"key": key, "value": value} for key, value in properties.items()]
            aws.call(self.service, "TagResource", {"resourceArn": state["arn"], "tags": tags})

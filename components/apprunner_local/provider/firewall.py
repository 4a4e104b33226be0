# pyright: standard
"""AWS WAF's web ACLs, their associations and their logging, and log groups."""

from typing import Any

from apprunner_facts import tokens
from apprunner_local.provider import shapes
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.differences import as_set
from apprunner_local.provider.resource import Properties, Resource
from apprunner_local.waf.negations import with_both_forms, with_one_statement

_UNAVAILABLE = "WAFUnavailableEntityException"
_ASSOCIATED = "WAFAssociatedItemException"
_STALE = "WAFOptimisticLockException"
_NOT_FOUND = frozenset({"WAFNonexistentItemException"})
_SECONDS, _ASSOCIATION_SECONDS, _LOG_SECONDS = 300, 600, 60


def _by_name(rules: Any) -> Any:
    """Return rules, which the provider compares as a set, in one order."""
    return sorted(rules, key=lambda rule: str(rule.get("name"))) if isinstance(rules, list) else rules


class WebAcl(Resource):
    """A web ACL; its id is AWS's, an import takes ID/NAME/SCOPE. An update sends all properties."""

    token = tokens.WEB_ACL
    noun = "WAFv2 WebACL"
    service = "wafv2"
    creates, reads, deletes = "CreateWebACL", "GetWebACL", "DeleteWebACL"
    longest_name = 128
    normal = {"rules": _by_name, "tokenDomains": as_set}
    not_found_codes = _NOT_FOUND

    def members(self, aws: Aws, operation: str, inputs: Properties) -> Properties:
        properties = {key: value for key, value in inputs.items() if key not in ("region", "namePrefix")}
        members: Properties = shapes.to_aws(
            with_one_statement(properties), aws.shape("wafv2", operation), empty_blocks=True
        )
        return {key: value for key, value in members.items() if value != {}}

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: wafv2/web_acl.go] The creation and the update of a web ACL are retried for 5 minutes while something that
        # they refer to is unavailable.
        members = self.members(aws, self.creates, inputs)
        answer = aws.retry(lambda: aws.call("wafv2", self.creates, members), _is(_UNAVAILABLE), _SECONDS)
        return answer["Summary"]["Id"], {}

    def imported_id(self, id: str) -> str:
        # [P: wafv2/web_acl.go] The id of an import is ID/NAME/SCOPE, that of the resource is ID.
        return id.partition("/")[0]

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        answer = self._get(aws, id, state)
        if answer is None:
            return None
        result = self._state({**with_both_forms(answer["WebACL"]), "LockToken": answer["LockToken"]}, state)
        kept = {key: state[key] for key in ("namePrefix",) if key in state}
        return {**kept, **result, "scope": _key(id, state)["Scope"], "tags": self.tags(aws, result)}

    def _get(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        try:
            return aws.call("wafv2", self.reads, _key(id, state))
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        rest = {key: value for key, value in new.items() if key not in ("tags", "name", "scope")}
        self._with_lock(aws, id, old, "UpdateWebACL", self.members(aws, "UpdateWebACL", rest), (_UNAVAILABLE,))

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: wafv2/web_acl.go] The deletion of a web ACL is retried for 5 minutes while a resource is associated.
        self._with_lock(aws, id, state, self.deletes, {}, (_ASSOCIATED, _UNAVAILABLE))

    def _with_lock(
        self, aws: Aws, id: str, state: Properties, operation: str, members: Properties, codes: tuple[str, ...]
    ) -> None:
        """Make a call with the lock of the state; if that is stale, with the current one."""

        # [P: wafv2/web_acl.go] A lock that is not the current one any more is read again, once.
        def call(lock: str) -> None:
            request = {**members, **_key(id, state), "LockToken": lock}
            aws.retry(lambda: aws.call("wafv2", operation, request), _is(*codes), _SECONDS)

        try:
            call(state["lockToken"])
        except CallError as error:
            answer = self._get(aws, id, state) if error.code == _STALE else None
            if answer is None:
                raise
            call(answer["LockToken"])

    def tags(self, aws: Aws, state: Properties) -> Properties:
        listed = aws.call("wafv2", "ListTagsForResource", {"ResourceARN": state["arn"]})
        return {tag["Key"]: tag["Value"] for tag in listed["TagInfoForResource"]["TagList"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        self._tag_by(aws, {"ResourceARN": state["arn"]}, taken, properties, "TagResource", "UntagResource")


class WebAclAssociation(Resource):
    """The association of a resource with a web ACL; its id is WEB_ACL_ARN,RESOURCE_ARN."""

    token = tokens.WEB_ACL_ASSOCIATION
    noun = "WAFv2 WebACL Association"
    service = "wafv2"
    identity = {"WebACLArn": "webAclArn", "ResourceArn": "resourceArn"}
    not_found_codes = _NOT_FOUND
    has_update = False

    def id(self, state: Properties) -> str:
        return f"{state['webAclArn']},{state['resourceArn']}"

    def parts(self, id: str) -> list[str]:
        return id.split(",")

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: wafv2/web_acl_association.go] An association is retried for 10 minutes while the web ACL is unavailable.
        id = self.id(inputs)
        aws.retry(lambda: aws.call("wafv2", "AssociateWebACL", self.key(id)), _is(_UNAVAILABLE), _ASSOCIATION_SECONDS)
        return id, {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        # [P: wafv2/web_acl_association.go] A read returns the current web ACL of the resource, whichever it is.
        resource = self.key(id)["ResourceArn"]
        try:
            acl = aws.call("wafv2", "GetWebACLForResource", {"ResourceArn": resource}).get("WebACL")
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        return {"ResourceArn": resource, "WebAclArn": acl["ARN"]} if acl else None

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: wafv2/web_acl_association.go] The deletion removes the web ACL of the resource, whichever it is.
        aws.call("wafv2", "DisassociateWebACL", {"ResourceArn": self.key(id)["ResourceArn"]})


class WebAclLoggingConfiguration(Resource):
    """The logging of a web ACL; its id is the web ACL's ARN. An update sends all properties."""

    token = tokens.WEB_ACL_LOGGING
    noun = "WAFv2 WebACL Logging Configuration"
    service = "wafv2"
    reads, deletes = "GetLoggingConfiguration", "DeleteLoggingConfiguration"
    answer = "LoggingConfiguration"
    identity = {"ResourceArn": "resourceArn"}
    # [P: wafv2/web_acl_logging_configuration.go] The order of redacted fields has no meaning.
    normal = {"logDestinationConfigs": as_set, "redactedFields": as_set}
    not_found_codes = _NOT_FOUND

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: wafv2/web_acl_logging_configuration.go] A put replaces the configuration that the web ACL has.
        properties = {key: value for key, value in inputs.items() if key != "region"}
        shape = aws.shape("wafv2", "PutLoggingConfiguration").members["LoggingConfiguration"]
        configuration = {"RedactedFields": [], **shapes.to_aws(properties, shape, empty_blocks=True)}
        aws.call("wafv2", "PutLoggingConfiguration", {"LoggingConfiguration": configuration})
        return inputs["resourceArn"], {}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, new)


class LogGroup(Resource):
    """A log group; its id is its name."""

    token = tokens.LOG_GROUP
    noun = "CloudWatch Logs Log Group"
    service = "logs"
    identity = {"logGroupName": "name"}
    names = {"name": "logGroupName"}
    defaults = {"retentionInDays": 0, "skipDestroy": False}
    longest_name = 512
    provider_only = frozenset({"region", "namePrefix", "retentionInDays", "skipDestroy", "tags"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        members = self.members(aws, "CreateLogGroup", inputs)
        aws.call("logs", "CreateLogGroup", {**members, "tags": inputs.get("tags", {})})
        # [P: logs/group.go] The retention of a new log group is set by a call of its own.
        self._retain(aws, inputs["name"], inputs.get("retentionInDays"))
        return inputs["name"], {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        listed = aws.call("logs", "DescribeLogGroups", {"logGroupNamePrefix": id})["logGroups"]
        found = next((each for each in listed if each["logGroupName"] == id), None)
        if found is None:
            return None
        return {"retentionInDays": 0, "logGroupClass": "STANDARD", **found, "arn": found["arn"].removesuffix(":*")}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        if "retentionInDays" in changed:
            self._retain(aws, id, new.get("retentionInDays"))
        if "kmsKeyId" in changed and new.get("kmsKeyId"):
            aws.call("logs", "AssociateKmsKey", {"logGroupName": id, "kmsKeyId": new["kmsKeyId"]})
        elif "kmsKeyId" in changed:
            aws.call("logs", "DisassociateKmsKey", {"logGroupName": id})

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        if not state.get("skipDestroy"):
            # [P: logs/group.go] The deletion of a log group is retried for a minute while another call changes it.
            aws.retry(
                lambda: aws.call("logs", "DeleteLogGroup", {"logGroupName": id}),
                _is("OperationAbortedException"),
                _LOG_SECONDS,
            )

    def tags(self, aws: Aws, state: Properties) -> Properties:
        return dict(aws.call("logs", "ListTagsForResource", {"resourceArn": state["arn"]}).get("tags", {}))

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        key = {"resourceArn": state["arn"]}
        if taken:
            aws.call("logs", "UntagResource", {**key, "tagKeys": taken})
        if properties:
            aws.call("logs", "TagResource", {**key, "tags": properties})

    def _retain(self, aws: Aws, name: str, days: int | None) -> None:
        if days:
            aws.call("logs", "PutRetentionPolicy", {"logGroupName": name, "retentionInDays": days})
        else:
            aws.call("logs", "DeleteRetentionPolicy", {"logGroupName": name})


def _is(*codes: str) -> Any:
    """Return a function that returns whether an error has one of the codes."""
    return lambda error: error.code in codes


def _key(id: str, state: Properties) -> Properties:
    """Return the members that identify a web ACL: from its state, or from the id of an import.

    Raises:
        ValueError: The id of an import has another form.
    """
    if state.get("name"):
        return {"Id": id, "Name": state["name"], "Scope": state["scope"]}
    parts = id.split("/")
    if len(parts) != 3 or not all(parts):
        raise ValueError(f'Unexpected format of ID ("{id}"), expected ID/NAME/SCOPE')
    return dict(zip(("Id", "Name", "Scope"), parts, strict=True))

# pyright: standard
"""CloudWatch's and EventBridge's resources."""

from typing import Any

from apprunner_facts import tokens
from apprunner_local.provider import shapes
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.differences import as_json, as_set
from apprunner_local.provider.resource import Properties, Resource


def _by_id(queries: Any) -> Any:
    """Return metric queries, which the provider compares as a set, in one order."""
    return sorted(queries, key=lambda query: str(query.get("id"))) if isinstance(queries, list) else queries


class MetricAlarm(Resource):
    """An alarm; its id is its name. An update sends all properties."""

    token = tokens.METRIC_ALARM
    noun = "CloudWatch Metric Alarm"
    service = "cloudwatch"
    creates, reads, deletes = "PutMetricAlarm", "DescribeAlarms", "DeleteAlarms"
    identity = {"AlarmName": "name"}
    names = {"name": "AlarmName", "arn": "AlarmArn", "metricQueries": "Metrics"}
    answer_names = {"evaluateLowSampleCountPercentiles": "EvaluateLowSampleCountPercentile"}
    defaults = {"actionsEnabled": True, "treatMissingData": "missing"}
    longest_name = 255
    normal = {
        **dict.fromkeys(("alarmActions", "insufficientDataActions", "okActions"), as_set),
        "metricQueries": _by_id,
    }

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        # [P: cloudwatch/metric_alarm.go] An alarm that already exists is an error. PutMetricAlarm would overwrite it.
        if self.describe(aws, inputs["name"]) is not None:
            raise CallError("AlreadyExists", f'CloudWatch metric alarm "{inputs["name"]}" already exists')
        return super().create(aws, inputs)

    def members(self, aws: Aws, operation: str, inputs: Properties) -> Properties:
        dimensions = _dimensions(inputs.get("dimensions"))
        queries = [_query(each) for each in inputs.get("metricQueries") or ()]
        rest = {
            key: value
            for key, value in inputs.items()
            if key not in ("dimensions", "evaluateLowSampleCountPercentiles", "metricQueries")
        }
        low = inputs.get("evaluateLowSampleCountPercentiles")
        # [P: cloudwatch/metric_alarm.go] An update sends all properties of an alarm. A threshold that is not set is 0.
        return {
            **super().members(aws, operation, {"threshold": 0, **rest}),
            **({"Dimensions": dimensions} if dimensions else {}),
            **({"Metrics": queries} if queries else {}),
            **({"EvaluateLowSampleCountPercentile": low} if low else {}),
        }

    def describe(self, aws: Aws, id: str) -> Properties | None:
        alarms = aws.call("cloudwatch", "DescribeAlarms", {"AlarmNames": [id], "AlarmTypes": ["MetricAlarm"]})
        found = alarms.get("MetricAlarms", [])
        if not found:
            return None
        queries = [
            {**each, "Metric": _flat(each["MetricStat"])} if "MetricStat" in each else each
            for each in found[0].get("Metrics", [])
        ]
        dimensions = {each["Name"]: each["Value"] for each in found[0].get("Dimensions", [])}
        return {**found[0], "Metrics": queries, "Dimensions": dimensions}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        rest = {key: value for key, value in new.items() if key != "tags"}
        aws.call("cloudwatch", "PutMetricAlarm", self.members(aws, "PutMetricAlarm", rest))

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("cloudwatch", "DeleteAlarms", {"AlarmNames": [id]})

    def tags(self, aws: Aws, state: Properties) -> Properties:
        listed = aws.call("cloudwatch", "ListTagsForResource", {"ResourceARN": state["arn"]})
        return {tag["Key"]: tag["Value"] for tag in listed["Tags"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        self._tag_by(aws, {"ResourceARN": state["arn"]}, taken, properties, "TagResource", "UntagResource")


class EventRule(Resource):
    """A rule on the default bus; its id is its name. An update sends all properties."""

    token = tokens.EVENT_RULE
    noun = "EventBridge Rule"
    service = "events"
    creates, reads, deletes = "PutRule", "DescribeRule", "DeleteRule"
    identity = {"Name": "name"}
    defaults = {"eventBusName": "default", "forceDestroy": False}
    normal = {"eventPattern": as_json}
    provider_only = frozenset({"region", "forceDestroy", "isEnabled"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        aws.call("events", "PutRule", self.members(aws, "PutRule", inputs))
        return inputs["name"], {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        rule = super().describe(aws, id)
        return rule and {"EventBusName": "default", **rule}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, {key: value for key, value in new.items() if key != "tags"})

    def tags(self, aws: Aws, state: Properties) -> Properties:
        listed = aws.call("events", "ListTagsForResource", {"ResourceARN": state["arn"]})
        return {tag["Key"]: tag["Value"] for tag in listed["Tags"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        self._tag_by(aws, {"ResourceARN": state["arn"]}, taken, properties, "TagResource", "UntagResource")


class EventTarget(Resource):
    """A target of a rule on the default bus; its id is rule-target."""

    token = tokens.EVENT_TARGET
    noun = "EventBridge Target"
    service = "events"
    identity = {"Rule": "rule", "Id": "targetId"}
    names = {"targetId": "Id"}
    defaults = {"eventBusName": "default", "forceDestroy": False}
    provider_only = frozenset({"region", "eventBusName", "forceDestroy"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        target = {"targetId": "topic", **{key: value for key, value in inputs.items() if key != "rule"}}
        shape = aws.shape("events", "PutTargets").members["Targets"].member
        transformer = target.pop("inputTransformer", None)
        properties = {key: value for key, value in target.items() if key not in self.provider_only}
        members = {"Rule": inputs["rule"], "Targets": [shapes.to_aws(properties, shape, self.names)]}
        if transformer:
            paths, template = transformer.get("inputPaths", {}), transformer["inputTemplate"]
            members["Targets"][0]["InputTransformer"] = {"InputPathsMap": paths, "InputTemplate": template}
        if failed := aws.call("events", "PutTargets", members).get("FailedEntries"):
            raise CallError(failed[0]["ErrorCode"], f"creating EventBridge Target: {failed[0]['ErrorMessage']}")
        return f"{inputs['rule']}-{target['targetId']}", {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        rule, _, target_id = id.rpartition("/" if "/" in id else "-")
        try:
            targets = aws.call("events", "ListTargetsByRule", {"Rule": rule})["Targets"]
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        found = [each for each in targets if each["Id"] == target_id]
        if not found:
            return None
        transformer = found[0].get("InputTransformer")
        renamed = {"InputPaths": transformer.pop("InputPathsMap", None), **transformer} if transformer else None
        return {"Rule": rule, "EventBusName": "default", **found[0], "InputTransformer": renamed}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("events", "RemoveTargets", {"Rule": state["rule"], "Ids": [state["targetId"]]})


def _dimensions(by_name: Properties | None) -> list[Properties]:
    return [{"Name": name, "Value": value} for name, value in (by_name or {}).items()]


def _query(query: Properties) -> Properties:
    """Return a metric query with AWS's names."""
    result = {key[0].upper() + key[1:]: value for key, value in query.items() if key != "metric"}
    if metric := query.get("metric"):
        names = {"MetricName": metric["metricName"], "Namespace": metric.get("namespace", "")}
        unit = {"Unit": metric["unit"]} if metric.get("unit") else {}
        result["MetricStat"] = {
            "Metric": {**names, "Dimensions": _dimensions(metric.get("dimensions"))},
            "Period": metric["period"],
            "Stat": metric["stat"],
            **unit,
        }
    return {"ReturnData": False, **result}


def _flat(statistic: Properties) -> Properties:
    """Return a statistic of a metric as the provider's one block."""
    metric = statistic["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
    return {**statistic, **metric, "Dimensions": dimensions}

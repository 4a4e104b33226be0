"""CloudWatch's metrics behind a real boto3 client, for two weeks of minutes, which are too many for moto.

botocore validates each call. The limits are those of botocore's model: 500 queries in a request, 100,800 values in a
response.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import boto3

_QUERIES, _VALUES = 500, 100_800
Dimensions = Mapping[str, str]


@dataclass
class FakeMetrics:
    """The metrics of one region, and the calls that read them.

    Args:
        page: Metrics in a response of ListMetrics (AWS: 500).
        failures: Error codes that the next calls of GetMetricData fail with.
    """

    page: int = 500
    failures: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _metrics: list[tuple[str, Dimensions, Mapping[datetime, float]]] = field(default_factory=list)

    def put(self, name: str, dimensions: Dimensions, values: Mapping[datetime, float]) -> None:
        """Add a metric."""
        self._metrics.append((name, dimensions, values))

    def client(self) -> Any:
        """Return a boto3 client whose calls this fake responds to."""
        client = boto3.client(
            "cloudwatch", region_name="eu-west-1", aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x"
        )
        # Parameters arrive here before botocore serializes them, and after it validates them in before-call.
        requests: list[dict[str, Any]] = []
        client.meta.events.register(
            "provide-client-params.cloudwatch.*", lambda params, **_: requests.append(params) or None
        )
        client.meta.events.register(
            "before-call.cloudwatch.*", lambda model, **_: self._respond(model.name, requests[-1])
        )
        return client

    def _respond(self, operation: str, request: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
        self.calls.append(operation)
        if operation == "GetMetricData" and self.failures:
            return _response(400), {"Error": {"Code": self.failures.pop(0), "Message": "try again"}}
        return _response(200), {"ListMetrics": self._list, "GetMetricData": self._data}[operation](request)

    def _list(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = {each["Name"]: each["Value"] for each in request["Dimensions"]}
        found = [
            {
                "Namespace": request["Namespace"],
                "MetricName": name,
                "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
            }
            for name, dimensions, _ in self._metrics
            if wanted.items() <= dimensions.items()
        ]
        first = int(request.get("NextToken", 0))
        more = {"NextToken": str(first + self.page)} if first + self.page < len(found) else {}
        return {"Metrics": found[first : first + self.page], **more}

    def _data(self, request: Mapping[str, Any]) -> Mapping[str, Any]:
        queries = request["MetricDataQueries"]
        assert len(queries) <= _QUERIES, "more than 500 queries"
        points = [(query["Id"], *point) for query in queries for point in self._points(query["MetricStat"], request)]
        first = int(request.get("NextToken", 0))
        shown, last = points[first : first + _VALUES], first + _VALUES
        more = {"NextToken": str(last)} if last < len(points) else {}
        results: dict[str, Any] = {
            query["Id"]: {"Id": query["Id"], "Timestamps": [], "Values": []} for query in queries
        }
        for id, moment, value in shown:
            results[id]["Timestamps"].append(moment)
            results[id]["Values"].append(value)
        return {"MetricDataResults": [*results.values()], "Messages": [], **more}

    def _points(self, stat: Mapping[str, Any], request: Mapping[str, Any]) -> list[tuple[datetime, float]]:
        """Return the values of a metric. The fake has one value in each period, whatever the statistic."""
        dimensions = {each["Name"]: each["Value"] for each in stat["Metric"]["Dimensions"]}
        for name, own, values in self._metrics:
            if name == stat["Metric"]["MetricName"] and own == dimensions:
                return [
                    (moment, value)
                    for moment, value in values.items()
                    if request["StartTime"] <= moment < request["EndTime"]
                ]
        return []


def _response(status: int) -> Any:
    return type("Response", (), {"status_code": status, "headers": {}})()

"""Dashboards and saved queries."""

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws
from apprunner_local.provider.differences import as_json
from apprunner_local.provider.resource import Properties, Resource


class Dashboard(Resource):
    """A dashboard; its id is its name."""

    token = tokens.DASHBOARD
    noun = "CloudWatch Dashboard"
    service = "cloudwatch"
    creates, reads, deletes = "PutDashboard", "GetDashboard", "DeleteDashboards"
    identity = {"DashboardName": "dashboardName"}
    normal = {"dashboardBody": as_json}
    not_found_codes = frozenset({"ResourceNotFound", "DashboardNotFoundError"})

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self.create(aws, new)

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("cloudwatch", "DeleteDashboards", {"DashboardNames": [id]})


class QueryDefinition(Resource):
    """A saved query; its id is AWS's, and an import takes its ARN."""

    token = tokens.QUERY_DEFINITION
    noun = "CloudWatch Logs Query Definition"
    service = "logs"
    identity = {"queryDefinitionId": "queryDefinitionId"}

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        return self._put(aws, inputs), {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        listed = aws.call("logs", "DescribeQueryDefinitions", {})["queryDefinitions"]
        return next((each for each in listed if each["queryDefinitionId"] == id.rpartition(":")[2]), None)

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        self._put(aws, {**new, "queryDefinitionId": id})

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        aws.call("logs", "DeleteQueryDefinition", {"queryDefinitionId": id})

    def _put(self, aws: Aws, inputs: Properties) -> str:
        answer = aws.call("logs", "PutQueryDefinition", self.members(aws, "PutQueryDefinition", inputs))
        return str(answer["queryDefinitionId"])

"""The saved queries of CloudWatch Logs in the local AWS."""

import pytest

from apprunner_local.aws import LocalAws

QUERY = {"name": "orders/errors", "queryString": "fields @message", "logGroupNames": ["/aws/orders"]}


def names(aws: LocalAws, region: str = "eu-west-1", **filters: str) -> list[str]:
    listed = aws.client("logs", region).describe_query_definitions(**filters)["queryDefinitions"]
    return [each["name"] for each in listed]


def test_a_query_is_saved_changed_and_deleted(account: LocalAws) -> None:
    logs = account.client("logs")
    id = logs.put_query_definition(**QUERY)["queryDefinitionId"]
    (saved,) = logs.describe_query_definitions()["queryDefinitions"]
    assert saved == {**QUERY, "queryDefinitionId": id}
    assert logs.put_query_definition(**{**QUERY, "name": "orders/all"}, queryDefinitionId=id)["queryDefinitionId"] == id
    assert names(account) == ["orders/all"]
    assert logs.delete_query_definition(queryDefinitionId=id)["success"]
    assert names(account) == []


def test_queries_are_listed_by_the_start_of_their_names(account: LocalAws) -> None:
    for name in ("orders/errors", "billing/errors"):
        account.client("logs").put_query_definition(**{**QUERY, "name": name})
    assert names(account, queryDefinitionNamePrefix="orders/") == ["orders/errors"]


def test_each_region_has_queries_of_its_own_and_a_reset_deletes_them(account: LocalAws) -> None:
    account.client("logs", "us-east-1").put_query_definition(**QUERY)
    assert (names(account), names(account, "us-east-1")) == ([], ["orders/errors"])
    account.reset()
    assert names(account, "us-east-1") == []


def test_a_query_that_does_not_exist_is_an_error(account: LocalAws) -> None:
    logs = account.client("logs")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.put_query_definition(**QUERY, queryDefinitionId="0")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.delete_query_definition(queryDefinitionId="0")


def test_other_calls_of_logs_reach_moto(account: LocalAws) -> None:
    logs = account.client("logs")
    logs.create_log_group(logGroupName="/aws/orders")
    assert [each["logGroupName"] for each in logs.describe_log_groups()["logGroups"]] == ["/aws/orders"]

"""The saved queries of a monitored service."""

from typing import Any

import pytest

from monitored import monitoring, monitoring_graph
from plans import problems
from samples import ID

QUERY = "aws:cloudwatch/queryDefinition:QueryDefinition"


def queries(**settings: Any) -> dict[str, list[str]]:
    """Return the commands of each saved query by its name."""
    saved = monitoring_graph(queries=settings).all(QUERY)
    return {each["name"]: each["queryString"].split("\n| ") for each in saved}


def test_three_queries_are_saved_in_a_folder() -> None:
    names = ("errors", "requests-by-path", "slow-requests")
    assert sorted(queries()) == [f"project-monitoring-stack/{name}" for name in names]
    for query in monitoring_graph().all(QUERY):
        assert query["logGroupNames"] == [f"/aws/apprunner/orders-api/{ID}/application"]


def test_the_fields_of_json_lines_can_be_set() -> None:
    saved = queries(log_format="json", level_field="severity", duration_field="http.ms", path_field="url", slow_ms=250)
    assert saved["project-monitoring-stack/errors"][1] == (
        "filter severity like /(?i)^(error|critical|fatal)$/ or status >= 500"
    )
    assert saved["project-monitoring-stack/slow-requests"] == [
        "fields @timestamp, url, status, http.ms",
        "filter http.ms >= 250",
        "sort http.ms desc",
        "limit 100",
    ]
    assert saved["project-monitoring-stack/requests-by-path"][1] == (
        "stats count(*) as requests, avg(http.ms) as average_ms, pct(http.ms, 99) as p99_ms by url, status"
    )


def test_queries_on_plain_text_match_words_durations_and_access_logs() -> None:
    saved = queries()
    assert saved["project-monitoring-stack/errors"][1] == (
        "filter @message like /(?i)(error|exception|traceback|fatal)/"
    )
    assert saved["project-monitoring-stack/slow-requests"][1:3] == [
        r"parse @message /(?<duration_ms>\d+(?:\.\d+)?) ?ms/",
        "filter duration_ms >= 1000",
    ]


def test_no_query_is_saved_if_they_are_disabled() -> None:
    assert queries(enabled=False) == {}


@pytest.mark.parametrize("name", ["1st", "a b", "a | delete", ""])
def test_a_field_must_be_a_name(name: str) -> None:
    (message,) = problems(monitoring(queries={"log_format": "json", "path_field": name})).values()
    assert message.startswith("must be a field's name: letters, digits and _ . @, not beginning with a digit or dot")


def test_slow_is_a_millisecond_or_more() -> None:
    assert problems(monitoring(queries={"slow_ms": 0})) == {"queries.slow_ms": "must be 1 or more, got 0"}

"""Saved queries on the application's log."""

from collections.abc import Mapping

import pulumi_aws as aws
from pulumi import Output, ResourceOptions

from apprunner_facts import names
from pulumi_apprunner.args.monitoring import SavedQueries
from pulumi_apprunner.names import physical_name

_LIMIT = 100


def create_queries(name: str, settings: SavedQueries, log_group: Output[str], opts: ResourceOptions) -> None:
    """Create the saved queries, in a folder with the component's name."""
    if not settings.enabled:
        return
    for role, query in queries(settings).items():
        aws.cloudwatch.QueryDefinition(
            f"{name}-query-{role}",
            name=f"{physical_name(names.QUERY_FOLDER, name)}/{role}",
            log_group_names=[log_group],
            query_string=query,
            opts=opts,
        )


def queries(settings: SavedQueries) -> Mapping[str, str]:
    """Return the queries by their names."""
    return _of_json(settings) if settings.log_format == "json" else _of_plain_text(settings)


def _of_json(settings: SavedQueries) -> Mapping[str, str]:
    level, path, status, duration = (
        settings.level_field,
        settings.path_field,
        settings.status_field,
        settings.duration_field,
    )
    request = f"fields @timestamp, {path}, {status}, {duration}"
    return {
        "errors": _lines(
            "fields @timestamp, @message",
            f"filter {level} like /(?i)^(error|critical|fatal)$/ or {status} >= 500",
            "sort @timestamp desc",
            f"limit {_LIMIT}",
        ),
        "slow-requests": _lines(
            request, f"filter {duration} >= {settings.slow_ms}", f"sort {duration} desc", f"limit {_LIMIT}"
        ),
        "requests-by-path": _lines(
            f"filter ispresent({path})",
            f"stats count(*) as requests, avg({duration}) as average_ms, pct({duration}, 99) as p99_ms "
            f"by {path}, {status}",
            "sort requests desc",
            f"limit {_LIMIT}",
        ),
    }


def _of_plain_text(settings: SavedQueries) -> Mapping[str, str]:
    return {
        "errors": _lines(
            "fields @timestamp, @message",
            "filter @message like /(?i)(error|exception|traceback|fatal)/",
            "sort @timestamp desc",
            f"limit {_LIMIT}",
        ),
        "slow-requests": _lines(
            "fields @timestamp, @message",
            r"parse @message /(?<duration_ms>\d+(?:\.\d+)?) ?ms/",
            f"filter duration_ms >= {settings.slow_ms}",
            "sort duration_ms desc",
            f"limit {_LIMIT}",
        ),
        "requests-by-path": _lines(
            r"parse @message /\"(?<method>[A-Z]+) (?<path>[^ ?\"]+)[^\"]*\" (?<status>\d{3})/",
            "filter ispresent(path)",
            "stats count(*) as requests by path, status",
            "sort requests desc",
            f"limit {_LIMIT}",
        ),
    }


def _lines(*commands: str) -> str:
    return "\n| ".join(commands)

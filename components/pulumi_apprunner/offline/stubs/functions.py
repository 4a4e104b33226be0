"""Stub values for the provider functions that programs call most, such as `aws.get_caller_identity`."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.regions import HOSTED_ZONE_IDS, dns_suffix, partition_of
from pulumi_apprunner.offline.stubs.request import ACCOUNT
from pulumi_apprunner.offline.values import UNKNOWN, Secret, is_list, leaves, reveal

Args = Mapping[str, Any]


def _caller_identity(args: Args, region: str) -> dict[str, Any]:
    arn = f"arn:{partition_of(region)}:iam::{ACCOUNT}:user/plan"
    return {"accountId": ACCOUNT, "arn": arn, "id": ACCOUNT, "userId": "AIDAPLAN7EXAMPLE2345Q"}


def _region(args: Args, region: str) -> dict[str, Any]:
    name = args.get("region") or args.get("name") or region
    endpoint = f"ec2.{name}.{dns_suffix(partition_of(name))}"
    return {"id": name, "name": name, "region": name, "description": name, "endpoint": endpoint}


def _partition(args: Args, region: str) -> dict[str, Any]:
    partition = partition_of(region)
    suffix = dns_suffix(partition)
    return {
        "id": partition,
        "partition": partition,
        "dnsSuffix": suffix,
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _zones(args: Args, region: str) -> dict[str, Any]:
    region = args.get("region") or region
    return {
        "id": region,
        "groupNames": [region],
        "names": [region + letter for letter in "abc"],
        "zoneIds": [f"{_zone_id_prefix(region)}-az{number}" for number in (1, 2, 3)],
        "region": region,
    }


def _zone_id_prefix(region: str) -> str:
    """Return the prefix of a region's zone ids: apse2 for ap-southeast-2."""
    area, *compass, number = region.split("-")
    letters = [re.sub("north|south|east|west|central|gov", lambda word: word[0][0], part) for part in compass]
    return "".join([area, *letters, number])


def _authorization_token(args: Args, region: str) -> dict[str, Any]:
    account = args.get("registryId") or ACCOUNT
    region = args.get("region") or region
    endpoint = f"https://{account}.dkr.ecr.{region}.{dns_suffix(partition_of(region))}"
    return {
        "id": region,
        "authorizationToken": Secret("QVdTOnN0dWI="),
        "userName": "AWS",
        "password": Secret("stub"),
        "proxyEndpoint": endpoint,
        "expiresAt": "2026-01-01T12:00:00Z",
    }


def _hosted_zone_id(args: Args, region: str) -> dict[str, Any] | None:
    region = args.get("region") or region
    zone = HOSTED_ZONE_IDS.get(region)
    return None if zone is None else {"id": zone, "region": region}


def _policy_document(args: Args, region: str) -> dict[str, Any]:
    """Render the JSON as the provider does: a later statement replaces an earlier one with the same Sid."""
    rendered = _document(args.get("statements") or [], args)
    sources, overrides = (_parse_documents(args.get(f"{kind}PolicyDocuments")) for kind in ("source", "override"))
    statements = _merge_statements([*sources, rendered, *overrides])
    document: dict[str, Any] = {"Version": rendered["Version"], **({"Id": rendered["Id"]} if "Id" in rendered else {})}
    document["Statement"] = statements
    return {
        "id": "policy-document",
        "json": json.dumps(document, indent=2),
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _parse_documents(texts: Sequence[str] | None) -> list[dict[str, Any]]:
    return [json.loads(text) for text in texts or []]


def _document(statements: list[Any], args: Args) -> dict[str, Any]:
    document: dict[str, Any] = {"Version": args.get("version") or "2012-10-17"}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    document["Statement"] = [_statement(each) for each in statements]
    return document


def _merge_statements(documents: list[dict[str, Any]]) -> list[Any]:
    result: list[dict[str, Any]] = []
    index_by_sid: dict[str, int] = {}
    for document in documents:
        content: Any = document.get("Statement") or []
        statements: Sequence[dict[str, Any]] = content if is_list(content) else [content]
        for statement in statements:
            sid = statement.get("Sid")
            if sid and sid in index_by_sid:
                result[index_by_sid[sid]] = statement
                continue
            if sid:
                index_by_sid[sid] = len(result)
            result.append(statement)
    return result


def _statement(statement: Mapping[str, Any]) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    if statement.get("sid"):
        rendered["Sid"] = statement["sid"]
    rendered["Effect"] = statement.get("effect") or "Allow"
    for key in ("action", "notAction", "resource", "notResource"):
        if statement.get(f"{key}s"):
            rendered[key[0].upper() + key[1:]] = _single_or_list(statement[f"{key}s"])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if statement.get(key):
            rendered[name] = _principals(statement[key])
    if statement.get("conditions"):
        rendered["Condition"] = _conditions(statement["conditions"])
    return rendered


def _principals(principals: list[Mapping[str, Any]]) -> Any:
    if any(each["type"] == "*" for each in principals):
        return "*"
    identifiers: dict[str, list[str]] = {}
    for each in principals:
        identifiers.setdefault(each["type"], []).extend(each["identifiers"])
    return {kind: _single_or_list(names) for kind, names in identifiers.items()}


def _conditions(blocks: list[Mapping[str, Any]]) -> dict[str, Any]:
    conditions: dict[str, dict[str, list[str]]] = {}
    for each in blocks:
        conditions.setdefault(each["test"], {}).setdefault(each["variable"], []).extend(each["values"])
    return {
        test: {name: _single_or_list(values) for name, values in variables.items()}
        for test, variables in conditions.items()
    }


def _single_or_list(items: list[str]) -> Any:
    values = [item.replace("&{", "${") for item in items]
    return values[0] if len(values) == 1 else sorted(values, reverse=True)


FUNCTION_STUBS: Mapping[str, Callable[[Args, str], dict[str, Any] | None]] = {
    tokens.GET_CALLER_IDENTITY: _caller_identity,
    tokens.GET_REGION: _region,
    tokens.GET_PARTITION: _partition,
    tokens.GET_AVAILABILITY_ZONES: _zones,
    tokens.GET_AUTHORIZATION_TOKEN: _authorization_token,
    tokens.GET_APP_RUNNER_HOSTED_ZONE_ID: _hosted_zone_id,
    tokens.GET_POLICY_DOCUMENT: _policy_document,
}


def function_result(token: str, args: Args, region: str) -> dict[str, Any] | None:
    """Return the stub result of a function; None if the function is not in FUNCTION_STUBS or an argument is unknown."""
    function = FUNCTION_STUBS.get(token)
    if function is None or UNKNOWN in leaves(args):
        return None
    return function(reveal(dict(args)), region)

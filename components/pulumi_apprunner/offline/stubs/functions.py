"""What AWS would answer to the functions that programs call most (`aws.get_caller_identity`)."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from apprunner_facts import tokens
from apprunner_facts.regions import HOSTED_ZONE_IDS, dns_suffix, partition_of
from pulumi_apprunner.offline.stubs.request import ACCOUNT
from pulumi_apprunner.offline.values import UNKNOWN, Secret, is_list, leaves, revealed

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
        "zoneIds": [f"{_short(region)}-az{number}" for number in (1, 2, 3)],
        "region": region,
    }


def _short(region: str) -> str:
    """Return a region's name as zone ids begin: apse2 for ap-southeast-2."""
    area, *compass, number = region.split("-")
    letters = [re.sub("north|south|east|west|central|gov", lambda word: word[0][0], part) for part in compass]
    return "".join([area, *letters, number])


def _authorization_token(args: Args, region: str) -> dict[str, Any]:
    account = args.get("registryId") or ACCOUNT
    region = args.get("region") or region
    endpoint = f"https://{account}.dkr.ecr.{region}.{dns_suffix(partition_of(region))}"
    return {
        "id": region,
        "authorizationToken": Secret("QVdTOnN0YW5kLWlu"),
        "userName": "AWS",
        "password": Secret("stand-in"),
        "proxyEndpoint": endpoint,
        "expiresAt": "2026-01-01T12:00:00Z",
    }


def _hosted_zone_id(args: Args, region: str) -> dict[str, Any] | None:
    region = args.get("region") or region
    zone = HOSTED_ZONE_IDS.get(region)
    return None if zone is None else {"id": zone, "region": region}


def _policy_document(args: Args, region: str) -> dict[str, Any]:
    """Render the JSON as the provider does, later statements of a Sid replacing earlier ones."""
    rendered = _document(args.get("statements") or [], args)
    sources, overrides = (_parsed(args.get(f"{kind}PolicyDocuments")) for kind in ("source", "override"))
    statements = _merged([*sources, rendered, *overrides])
    document: dict[str, Any] = {"Version": rendered["Version"], **({"Id": rendered["Id"]} if "Id" in rendered else {})}
    document["Statement"] = statements
    return {
        "id": "policy-document",
        "json": json.dumps(document, indent=2),
        "minifiedJson": json.dumps(document, separators=(",", ":")),
    }


def _parsed(texts: Sequence[str] | None) -> list[dict[str, Any]]:
    return [json.loads(text) for text in texts or []]


def _document(statements: list[Any], args: Args) -> dict[str, Any]:
    document: dict[str, Any] = {"Version": args.get("version") or "2012-10-17"}
    if args.get("policyId"):
        document["Id"] = args["policyId"]
    document["Statement"] = [_statement(each) for each in statements]
    return document


def _merged(documents: list[dict[str, Any]]) -> list[Any]:
    merged: list[dict[str, Any]] = []
    places: dict[str, int] = {}
    for document in documents:
        given: Any = document.get("Statement") or []
        statements: Sequence[dict[str, Any]] = given if is_list(given) else [given]
        for statement in statements:
            sid = statement.get("Sid")
            if sid and sid in places:
                merged[places[sid]] = statement
                continue
            if sid:
                places[sid] = len(merged)
            merged.append(statement)
    return merged


def _statement(given: Mapping[str, Any]) -> dict[str, Any]:
    rendered: dict[str, Any] = {}
    if given.get("sid"):
        rendered["Sid"] = given["sid"]
    rendered["Effect"] = given.get("effect") or "Allow"
    for key, name in (("actions", "Action"), ("notActions", "NotAction")):
        if given.get(key):
            rendered[name] = _one_or_all(given[key])
    for key, name in (("resources", "Resource"), ("notResources", "NotResource")):
        if given.get(key):
            rendered[name] = _one_or_all(given[key])
    for key, name in (("principals", "Principal"), ("notPrincipals", "NotPrincipal")):
        if given.get(key):
            rendered[name] = _principals(given[key])
    if given.get("conditions"):
        rendered["Condition"] = _conditions(given["conditions"])
    return rendered


def _principals(given: list[Mapping[str, Any]]) -> Any:
    if any(each["type"] == "*" for each in given):
        return "*"
    identifiers: dict[str, list[str]] = {}
    for each in given:
        identifiers.setdefault(each["type"], []).extend(each["identifiers"])
    return {kind: _one_or_all(names) for kind, names in identifiers.items()}


def _conditions(given: list[Mapping[str, Any]]) -> dict[str, Any]:
    conditions: dict[str, dict[str, list[str]]] = {}
    for each in given:
        conditions.setdefault(each["test"], {}).setdefault(each["variable"], []).extend(each["values"])
    return {
        test: {name: _one_or_all(values) for name, values in variables.items()}
        for test, variables in conditions.items()
    }


def _one_or_all(items: list[str]) -> Any:
    texts = [item.replace("&{", "${") for item in items]
    return texts[0] if len(texts) == 1 else sorted(texts, reverse=True)


FUNCTIONS: Mapping[str, Callable[[Args, str], dict[str, Any] | None]] = {
    tokens.GET_CALLER_IDENTITY: _caller_identity,
    tokens.GET_REGION: _region,
    tokens.GET_PARTITION: _partition,
    tokens.GET_AVAILABILITY_ZONES: _zones,
    tokens.GET_AUTHORIZATION_TOKEN: _authorization_token,
    tokens.GET_APP_RUNNER_HOSTED_ZONE_ID: _hosted_zone_id,
    tokens.GET_POLICY_DOCUMENT: _policy_document,
}


def answered(token: str, args: Args, region: str) -> dict[str, Any] | None:
    """Return what a function returns for its arguments; None where nobody here knows."""
    function = FUNCTIONS.get(token)
    if function is None or UNKNOWN in leaves(args):
        return None
    return function(revealed(dict(args)), region)

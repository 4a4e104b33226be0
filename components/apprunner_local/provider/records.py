"""Route 53's resources."""

import uuid
from collections.abc import Mapping
from typing import Any

from apprunner_facts import tokens
from apprunner_local.provider.calls import Aws, CallError
from apprunner_local.provider.differences import as_set
from apprunner_local.provider.resource import Properties, Resource
from apprunner_local.provider.shapes import from_aws

_NEW_ZONE = 60
"""Seconds for which the creation of a record is retried while its zone is not found."""

_POLICIES: Mapping[str, tuple[str, str]] = {
    "weightedRoutingPolicies": ("Weight", "weight"),
    "latencyRoutingPolicies": ("Region", "region"),
    "failoverRoutingPolicies": ("Failover", "type"),
}
"""The routing policies, each a list of one block: the record's member, and the block's property."""


def _host(name: Any) -> Any:
    return name.rstrip(".").lower() if isinstance(name, str) else name


def _aliases(values: list[Any]) -> list[Any]:
    """Return aliases with each name in one form."""
    return [{**alias, "name": _host(alias["name"])} for alias in values if isinstance(alias, dict)]


class Record(Resource):
    """A record; its id is ZONE_name_TYPE, with a routing policy ZONE_name_TYPE_identifier. Routing by location, by
    client networks and multivalue answers are not supported."""

    token = tokens.RECORD
    noun = "Route 53 Record"
    service = "route53"
    normal = {"name": _host, "records": as_set, "aliases": _aliases}
    not_found_codes = frozenset({"NoSuchHostedZone"})
    provider_only = frozenset({"allowOverwrite"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        zone = inputs["zoneId"]
        # A new zone may not be found at first.
        name = aws.retry(
            lambda: self._in_zone(aws, zone, inputs["name"]),
            lambda error: error.code in self.not_found_codes,
            _NEW_ZONE,
        )
        action = "UPSERT" if inputs.get("allowOverwrite") else "CREATE"
        self._change(aws, zone, (action, self._set(aws, {**inputs, "name": name})))
        return "_".join(filter(None, [zone, name, inputs["type"], inputs.get("setIdentifier")])), {}

    def read(self, aws: Aws, id: str, state: Properties) -> Properties | None:
        # Except for an import, pulumi-aws reads the record of the state: the id keeps its first type and identifier.
        zone, name, kind, identifier = _parts(id)
        if state.get("fqdn") and state.get("type"):
            name, kind, identifier = state["fqdn"], state["type"], state.get("setIdentifier")
        record = self._find(aws, zone, name, kind, identifier)
        if record is None:
            return None
        answer_names = {"ttl": "TTL", "aliases": "-", "records": "-"} | dict.fromkeys(_POLICIES, "-")
        read: Properties = from_aws(record, self.schema.outputs, answer_names)
        if "ResourceRecords" in record:
            read["records"] = [item["Value"] for item in record["ResourceRecords"]]
        if target := record.get("AliasTarget"):
            health = target["EvaluateTargetHealth"]
            alias = {"name": _host(target["DNSName"]), "zoneId": target["HostedZoneId"], "evaluateTargetHealth": health}
            read["aliases"] = [alias]
        for key, (member, part) in _POLICIES.items():
            if member in record:
                read[key] = [{part: record[member]}]
        kept = {key: state[key] for key in ("allowOverwrite",) if key in state}
        return {**read, **kept, "name": state.get("name", name), "zoneId": zone, "fqdn": name}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        # [P: route53/record.go] A change of type or setIdentifier deletes the record of the state and creates the new
        # one in one batch.
        zone, name, *_ = _parts(id)
        record = self._set(aws, {**new, "name": name})
        action = "UPSERT" if new.get("allowOverwrite") else "CREATE"
        if changed & {"type", "setIdentifier"}:
            former = {key: value for key, value in old.items() if key in self.schema.inputs.fields}
            self._change(aws, zone, ("DELETE", self._set(aws, {**former, "name": name})), (action, record))
        elif changed - {"allowOverwrite"}:
            self._change(aws, zone, ("UPSERT", record))

    def delete(self, aws: Aws, id: str, state: Properties) -> None:
        # [P: route53/record.go] A record that does not exist any more, or whose deletion Route 53 rejects, counts as
        # deleted.
        zone, name, kind, identifier = _parts(id)
        if state.get("type"):
            kind, identifier = state["type"], state.get("setIdentifier")
        record = self._find(aws, zone, name, kind, identifier)
        if record is None:
            return
        try:
            self._change(aws, zone, ("DELETE", record))
        except CallError as error:
            if error.code != "InvalidChangeBatch":
                raise

    def _set(self, aws: Aws, inputs: Properties) -> Properties:
        known = {
            "zoneId",
            "name",
            "type",
            "ttl",
            "records",
            "aliases",
            "allowOverwrite",
            "setIdentifier",
            "healthCheckId",
        }
        known |= set(_POLICIES)
        if unknown := sorted(key for key in set(inputs) - known if inputs[key] is not None):
            raise LookupError(
                f"{', '.join(unknown)}: the emulated provider does not support these properties of a record"
            )
        record: Properties = {"Name": inputs["name"], "Type": inputs["type"]}
        if inputs.get("records"):
            record |= {"TTL": inputs["ttl"], "ResourceRecords": [{"Value": value} for value in inputs["records"]]}
        for alias in inputs.get("aliases") or ():
            record["AliasTarget"] = {
                "DNSName": alias["name"],
                "HostedZoneId": alias["zoneId"],
                "EvaluateTargetHealth": alias["evaluateTargetHealth"],
            }
        for key, member in (("setIdentifier", "SetIdentifier"), ("healthCheckId", "HealthCheckId")):
            if inputs.get(key):
                record[member] = inputs[key]
        for key, (member, part) in _POLICIES.items():
            for policy in inputs.get(key) or ():
                record[member] = policy[part]
        return record

    def _change(self, aws: Aws, zone: str, *changes: tuple[str, Properties]) -> None:
        listed = [{"Action": action, "ResourceRecordSet": record} for action, record in changes]
        batch = {"Comment": "Managed by Pulumi", "Changes": listed}
        change = aws.call("route53", "ChangeResourceRecordSets", {"HostedZoneId": zone, "ChangeBatch": batch})
        id = change["ChangeInfo"]["Id"]
        aws.wait(
            lambda: aws.call("route53", "GetChange", {"Id": id})["ChangeInfo"]["Status"], ["PENDING"], ["INSYNC"], 1800
        )

    def _find(self, aws: Aws, zone: str, name: str, kind: str, identifier: str | None) -> Properties | None:
        start = {"HostedZoneId": zone, "StartRecordName": name, "StartRecordType": kind}
        members = {**start, "MaxItems": "100" if identifier else "1"}
        try:
            records = aws.call("route53", "ListResourceRecordSets", members)["ResourceRecordSets"]
        except CallError as error:
            if error.code in self.not_found_codes:
                return None
            raise
        key = name, kind, identifier
        return next(
            (one for one in records if (_host(one["Name"]), one["Type"], one.get("SetIdentifier")) == key), None
        )

    def _in_zone(self, aws: Aws, zone: str, name: str) -> str:
        """Return a record's full name: the zone's name is appended unless the name ends with it."""
        own = _host(aws.call("route53", "GetHostedZone", {"Id": zone})["HostedZone"]["Name"])
        name = _host(name)
        return name if name == own or name.endswith(f".{own}") else ".".join(filter(None, [name, own]))


def _parts(id: str) -> tuple[str, str, str, str | None]:
    """Return the zone, the name, the type and the identifier of a record's id; the name may contain underscores."""
    zone, *rest = id.split("_")
    kind = next(position for position, part in enumerate(rest) if position and part.isupper())
    return zone, "_".join(rest[:kind]), rest[kind], "_".join(rest[kind + 1 :]) or None


class HealthCheck(Resource):
    """A health check of an endpoint. The local AWS checks nothing."""

    token = tokens.HEALTH_CHECK
    noun = "Route 53 Health Check"
    service = "route53"
    reads, deletes, answer = "GetHealthCheck", "DeleteHealthCheck", "HealthCheck"
    identity = {"HealthCheckId": "id"}
    names = {
        "arn": "Arn",
        "enableSni": "EnableSNI",
        "fqdn": "FullyQualifiedDomainName",
        "invertHealthcheck": "Inverted",
        "ipAddress": "IPAddress",
    }
    defaults = {"disabled": False, "measureLatency": False}
    not_found_codes = frozenset({"NoSuchHealthCheck"})
    provider_only = frozenset({"referenceName", "tags", "triggers"})

    def create(self, aws: Aws, inputs: Properties) -> tuple[str, Properties]:
        members = {"CallerReference": str(uuid.uuid4()), "HealthCheckConfig": self._config(inputs)}
        id = aws.call("route53", "CreateHealthCheck", members)["HealthCheck"]["Id"]
        # [P: route53/health_check.go] A health check is tagged in a call of its own.
        self.tag(aws, {"id": id}, [], inputs.get("tags") or {})
        return id, {}

    def describe(self, aws: Aws, id: str) -> Properties | None:
        check = super().describe(aws, id)
        return None if check is None else {**check["HealthCheckConfig"], "Arn": f"arn:aws:route53:::healthcheck/{id}"}

    def update(self, aws: Aws, id: str, old: Properties, new: Properties, changed: frozenset[str]) -> None:
        if members := self._config({key: new.get(key) for key in changed - self.provider_only}):
            aws.call("route53", "UpdateHealthCheck", {"HealthCheckId": id, **members})

    def tags(self, aws: Aws, state: Properties) -> Properties:
        key = {"ResourceType": "healthcheck", "ResourceId": state["arn"].rpartition("/")[2]}
        listed = aws.call("route53", "ListTagsForResource", key)
        return {tag["Key"]: tag["Value"] for tag in listed["ResourceTagSet"]["Tags"]}

    def tag(self, aws: Aws, state: Properties, taken: list[str], properties: Properties) -> None:
        changes: Properties = {"RemoveTagKeys": taken} if taken else {}
        if properties:
            changes["AddTags"] = [{"Key": key, "Value": value} for key, value in properties.items()]
        if changes:
            key = {"ResourceType": "healthcheck", "ResourceId": state["id"]}
            aws.call("route53", "ChangeTagsForResource", {**key, **changes})

    def _config(self, inputs: Properties) -> Properties:
        return {
            self.names.get(key, key[0].upper() + key[1:]): value
            for key, value in inputs.items()
            if value is not None and key in self.schema.inputs.fields and key not in self.provider_only
        }

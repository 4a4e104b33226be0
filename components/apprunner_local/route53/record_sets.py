# pyright: standard
"""Route 53's rules for records of one name, which moto does not check: ChangeResourceRecordSets, in front of moto."""

import io
import re
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from moto.route53.models import RecordSet, route53_backends

from apprunner_facts.arns import EXAMPLE_ACCOUNT

_PATH = re.compile(r"/2013-04-01/hostedzone/(?P<zone>[A-Z0-9]+)/rrset/?")
_NAMESPACE = "https://route53.amazonaws.com/doc/2013-04-01/"
_POLICIES = {
    "Weight": "weighted",
    "Region": "latency",
    "Failover": "failover",
    "GeoLocation": "geolocation",
    "MultiValueAnswer": "multivalue",
}
_NUMBERS = ("TTL", "Weight")

Record = dict[str, Any]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class RecordSets:
    """A WSGI application that changes records under Route 53's rules, and passes all other calls on.

    Args:
        application: The application for all other calls.
    """

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        match = _PATH.fullmatch(environ.get("PATH_INFO", ""))
        backend = route53_backends[EXAMPLE_ACCOUNT]["aws"]
        zone = backend.zones.get(match["zone"]) if match else None
        if zone is None or environ.get("REQUEST_METHOD") != "POST":
            return self._application(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        with self._lock:
            records = [_members(each) for each in zone.rrsets]
            try:
                for action, record in _changes(body):
                    records = _changed(zone.name, records, action, record, backend.health_checks)
            except _RejectedError as error:
                start_response("400 Bad Request", [("Content-Type", "text/xml")])
                return [_error(error)]
            zone.rrsets = [_record_set(each) for each in records]
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [_CHANGED]


class _RejectedError(Exception):
    def __init__(self, message: str, code: str = "InvalidChangeBatch") -> None:
        super().__init__(f"[{message}]" if code == "InvalidChangeBatch" else message)
        self.code = code


def _changed(zone: str, records: list[Record], action: str, record: Record, health_checks: Any) -> list[Record]:
    """Return a zone's records after a change.

    Raises:
        _RejectedError: Route 53 rejects the change.
    """
    same = next((each for each in records if _key(each) == _key(record)), None)
    if action == "DELETE":
        # [M] A record is deleted only if all its values are given.
        if same is None:
            raise _RejectedError(f"Tried to delete resource record set [{_words(record)}] but it was not found")
        if same != record:
            raise _RejectedError(
                f"Tried to delete resource record set [{_words(record)}] but the values provided do not match the "
                "current values"
            )
        return [each for each in records if each is not same]
    if action == "CREATE" and same is not None:
        raise _RejectedError(f"Tried to create resource record set [{_words(record)}] but it already exists")
    _check_policy(action, record)
    others = [each for each in records if each["Name"] == record["Name"] and each is not same]
    for problem in _problems(zone, record, same, others, health_checks):
        raise _RejectedError(problem)
    return [*(each for each in records if each is not same), record]


def _check_policy(action: str, record: Record) -> None:
    # [R: recorded responses] A record with a set identifier has exactly one routing policy, and a record with a policy
    # has an identifier.
    policies = [name for name in _POLICIES if name in record]
    if len(policies) == (1 if "SetIdentifier" in record else 0):
        return
    subject = f"Action={action}, Name={record['Name']}, Type={record['Type']}"
    if "SetIdentifier" not in record:
        message = f"Missing field 'SetIdentifier' in Change with [{subject}]"
    else:
        found = f"more than one: [{', '.join(policies)}]" if policies else "none"
        message = (
            "Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found "
            f"{found} in Change with [{subject}, SetIdentifier={record['SetIdentifier']}]"
        )
    raise _RejectedError(f"Invalid request: {message}", "InvalidInput")


def _problems(
    zone: str, record: Record, same: Record | None, others: list[Record], health_checks: Any
) -> Iterator[str]:
    """Yield why Route 53 rejects a record beside the others of its name; `same` is the one that it replaces."""
    name, kind = record["Name"], record["Type"]
    subject = f"RRSet with DNS name {name}, type {kind}, SetIdentifier {record.get('SetIdentifier')}"
    if name != zone and not name.endswith(f".{zone}"):
        yield f"RRSet with DNS name {name} is not permitted in zone {zone}"
    # [M] A CNAME record has no other record of its name beside it, and is not permitted at the apex.
    if kind == "CNAME" and name == zone:
        yield f"RRSet of type CNAME with DNS name {name} is not permitted at apex in zone {zone}"
    if any("CNAME" in (kind, each["Type"]) and each["Type"] != kind for each in others):
        yield (
            f"RRSet of type {kind} with DNS name {name} is not permitted because a conflicting RRSet with the same "
            f"DNS name already exists in zone {zone}"
        )
    group = [each for each in others if each["Type"] == kind]
    policy = _policy(record)
    # [M] Records of one name and type have the same policy, or there is one record without a policy.
    # [assumed] A record's policy does not change while its identifier stays.
    if any(_policy(each) != policy for each in [*group, *([same] if same else [])]):
        expected = policy or "simple"
        yield f"{subject} cannot be created as a non-{expected} set exists with the same name and type."
    # [M] All weighted records of a name have the same TTL.
    if policy == "weighted" and any(each.get("TTL") != record.get("TTL") for each in group if "TTL" in each):
        yield f"{subject} cannot be created as weighted sets must contain the same TTL."
    # [M] There is one latency record for each region, and one failover record for each role.
    for member in ("Region", "Failover"):
        if member in record and any(each.get(member) == record[member] for each in group):
            yield f"{subject} cannot be created as a set with the same {member.lower()} {record[member]} exists."
    # [M] A weighted or a latency record has one value.
    if policy in ("weighted", "latency") and len(record.get("ResourceRecords", ())) > 1:
        yield f"{subject} cannot be created as it must contain one value."
    if "HealthCheckId" in record and record["HealthCheckId"] not in health_checks:
        yield f"{subject}: no health check exists with the specified ID {record['HealthCheckId']}."


def _policy(record: Record) -> str | None:
    return next((policy for name, policy in _POLICIES.items() if name in record), None)


def _key(record: Record) -> tuple[str, str, str | None]:
    return record["Name"], record["Type"], record.get("SetIdentifier")


def _words(record: Record) -> str:
    identifier = f", set-identifier='{record['SetIdentifier']}'" if "SetIdentifier" in record else ""
    return f"name='{record['Name']}', type='{record['Type']}'{identifier}"


def _changes(body: bytes) -> Iterator[tuple[str, Record]]:
    """Yield the actions and the records of a request."""
    for change in ElementTree.fromstring(body).iter(f"{{{_NAMESPACE}}}Change"):
        members = _value(change)
        record = members["ResourceRecordSet"]
        record["Name"] = record["Name"].lower().rstrip(".") + "."
        if target := record.get("AliasTarget"):
            target["DNSName"] = target["DNSName"].lower().rstrip(".") + "."
        yield members["Action"], record


def _value(element: ElementTree.Element) -> Any:
    """Return an element's text, or its children by name; the values of ResourceRecords as a list."""
    name = element.tag.rpartition("}")[2]
    if name == "ResourceRecords":
        return [_value(each)["Value"] for each in element]
    if len(element):
        return {child.tag.rpartition("}")[2]: _value(child) for child in element}
    text = element.text or ""
    if name in _NUMBERS:
        return int(text)
    return text == "true" if name in ("EvaluateTargetHealth", "MultiValueAnswer") else text


_MEMBERS = {
    "Name": "name",
    "Type": "type",
    "SetIdentifier": "set_identifier",
    "Weight": "weight",
    "Region": "region",
    "Failover": "failover",
    "GeoLocation": "geo_location",
    "MultiValueAnswer": "multi_value_answer",
    "TTL": "ttl",
    "ResourceRecords": "records",
    "AliasTarget": "alias_target",
    "HealthCheckId": "health_check_id",
}
"""moto's attributes, by Route 53's names."""


def _members(record_set: Any) -> Record:
    """Return moto's record as Route 53's members."""
    values = {name: getattr(record_set, attribute) for name, attribute in _MEMBERS.items()}
    return {name: value for name, value in values.items() if value is not None and value != []}


def _record_set(record: Record) -> Any:
    return RecordSet(record)


_CHANGED = (
    f'<?xml version="1.0"?><ChangeResourceRecordSetsResponse xmlns="{_NAMESPACE}"><ChangeInfo>'
    "<Id>/change/C2682N5HXP0BZ4</Id><Status>INSYNC</Status><SubmittedAt>2026-01-01T00:00:00Z</SubmittedAt>"
    "</ChangeInfo></ChangeResourceRecordSetsResponse>"
).encode()


def _error(error: _RejectedError) -> bytes:
    return (
        f'<?xml version="1.0"?><ErrorResponse xmlns="{_NAMESPACE}"><Error><Type>Sender</Type><Code>{error.code}</Code>'
        f"<Message>{escape(str(error))}</Message></Error><RequestId>local</RequestId></ErrorResponse>"
    ).encode()

"""Rules about the validation records of custom domains."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from pulumi_policy import EnforcementLevel, PolicyResource, Severity

from apprunner_facts import limits, source
from apprunner_facts.tokens import CUSTOM_DOMAIN, RECORD
from apprunner_policies.hosts import known_name, normalize
from apprunner_policies.properties import UnknownValues, is_false, items, member, read_identity
from apprunner_policies.rule import StackRule
from apprunner_policies.stack import Resources, Stack

custom_domain_records_kept = StackRule(
    "custom-domain-records-kept",
    resource_types=[CUSTOM_DOMAIN],
    description="The stack creates the records that validate a custom domain's certificate, and keeps them.",
    remediation_steps=(
        f"Create {limits.VALIDATION_RECORDS} records from certificateValidationRecords, sorted by name, and one more "
        "if the domain has www. Never delete them: AWS renews the certificate only while they exist. The rule does not "
        "see records at another DNS provider; add a waiver there."
    ),
    source=source.CUSTOM_DOMAINS,
    level=EnforcementLevel.ADVISORY,
    severity=Severity.HIGH,
)


@custom_domain_records_kept.check
def _keeps_its_records(association: PolicyResource, stack: Stack) -> Iterator[str]:
    domain = known_name(association, "domainName")
    routed = (domain, f"www.{domain}") if domain else ()
    named_after = [stack.by_urn[urn] for urn in stack.once(_named_after).get(association.urn, ())]
    kept = {each.urn for each in named_after if known_name(each, "name") not in routed}
    by_name = stack.once(_records_by_name)
    kept |= {urn for name in _required_names(association) for urn in by_name.get(name, ())}
    required = limits.VALIDATION_RECORDS
    if len(kept) > required:
        return
    has_www = not is_false(association, "enableWwwSubdomain")
    required += has_www
    if len(kept) < required:
        if not kept:
            read_identity(association, "certificateValidationRecords")
        yield (
            f"the stack must create {required} records from certificateValidationRecords "
            f"({'with' if has_www else 'without'} www), got {len(kept)}. Without them the certificate is not issued, "
            "and later not renewed: they must exist as long as the domain does. Create a route53 Record, with "
            "allowOverwrite, with the name, type and value of each. If they are at another DNS provider or in another "
            "stack, keep them there and waive this rule for this domain."
        )


_NAME_KEYS = ("name", "host", "domain", "label")
"""Parts of the property that holds a record's name: `name`, `recordName`, `host`, `subdomain`, …"""


def _named_after(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the URNs of resources whose name comes from a custom domain association, by that one's URN.

    Records of any provider are among them. A record that routes traffic to the service does not get its name from one.
    """
    by_origin: dict[str, dict[str, None]] = defaultdict(dict)
    for resource in resources.all:
        for key, origins in resource.property_dependencies.items():
            for origin in origins:
                if origin.resource_type == CUSTOM_DOMAIN and any(word in key.lower() for word in _NAME_KEYS):
                    by_origin[origin.urn][resource.urn] = None
    return {urn: list(urns) for urn, urns in by_origin.items()}


def _records_by_name(resources: Resources) -> Mapping[str, Sequence[str]]:
    """Return the URNs of DNS records by the name of the record."""
    by_name: dict[str, list[str]] = defaultdict(list)
    for record in resources.of(RECORD):
        if name := known_name(record, "name"):
            by_name[name].append(record.urn)
    return by_name


def _required_names(association: PolicyResource) -> Iterator[str]:
    """Yield the names of the records that AWS requires, up to the first unknown one."""
    with UnknownValues():
        for record in items(association, "certificateValidationRecords"):
            name = member(record, "name")
            if isinstance(name, str):
                yield normalize(name)


RULES = (custom_domain_records_kept,)

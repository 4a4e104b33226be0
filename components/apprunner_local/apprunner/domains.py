"""Custom domains: association, the certificate's validation records, activation."""

import hashlib

from apprunner_facts.domains import is_nested_wildcard
from apprunner_facts.events import DOMAIN_STATUS_UPDATE
from apprunner_facts.limits import CUSTOM_DOMAINS_PER_SERVICE
from apprunner_local.apprunner.errors import NOT_FOUND, RejectedError, invalid_request
from apprunner_local.apprunner.lifecycle import must_be
from apprunner_local.apprunner.paging import page
from apprunner_local.apprunner.services import find
from apprunner_local.apprunner.state import Domain, Members, Region, Service

_KEPT = 30 * 24 * 3600
"""How long a certificate outlives its association, in seconds."""


def associate(region: Region, parameters: Members) -> Members:
    """AssociateCustomDomain: on a running service; its www subdomain is added by default."""
    # [A22] AssociateCustomDomain: only on a running service.
    # [M] AssociateCustomDomain: the www subdomain is added by default.
    # [assumed] AssociateCustomDomain: a domain of another service is rejected.
    # [D: manage-custom-domains] A service has at most five domains.
    # [R: hashicorp/terraform-provider-aws#22569] A domain that was active within 30 days begins as
    # binding_certificate; Copilot's code has active. World.kept_certificate switches it.
    service = find(region, parameters["ServiceArn"])
    must_be(service, "RUNNING", to="associate a custom domain")
    settle(region)
    name, www = parameters["DomainName"], parameters.get("EnableWWWSubdomain", True)
    _check_name(name, www)
    if any(name in other.domains for other in region.living_services()):
        raise invalid_request(f"Custom domain {name} is already associated with a service.")
    if len(service.domains) >= CUSTOM_DOMAINS_PER_SERVICE:
        raise invalid_request(f"A service can have at most {CUSTOM_DOMAINS_PER_SERVICE} custom domains.")
    last_used, kept = region.certificates.get(name), region.world.kept_certificate
    domain = service.domains[name] = Domain(name, www, region.now())
    if kept and last_used is not None and region.now() - last_used <= _KEPT:
        domain.begins_as, domain.validated = kept, region.now()
    failure, domain.create_seconds = region.world.faults.at_end("AssociateCustomDomain", parameters)
    domain.create_fails = failure is not None
    domain.validation_seconds = region.world.faults.at_validation(parameters)
    return _answer(region, service) | {"CustomDomain": _described(region, domain)}


def disassociate(region: Region, parameters: Members) -> Members:
    """DisassociateCustomDomain: from a running service."""
    # [A22] DisassociateCustomDomain: only on a running service.
    service = find(region, parameters["ServiceArn"])
    must_be(service, "RUNNING", to="disassociate a custom domain")
    settle(region)
    domain = service.domains.get(parameters["DomainName"])
    if domain is None:
        raise RejectedError(NOT_FOUND, f"Custom domain {parameters['DomainName']} is not associated with {service.arn}")
    status = _status(region, domain)
    if status != "deleting":
        if status == "active":
            region.certificates[domain.name] = region.now()
        domain.disassociated = region.now()
        failure, domain.delete_seconds = region.world.faults.at_end("DisassociateCustomDomain", parameters)
        domain.delete_fails = failure is not None
    return _answer(region, service) | {"CustomDomain": _described(region, domain)}


def describe(region: Region, parameters: Members) -> Members:
    """DescribeCustomDomains: the newest first."""
    # [R: recorded responses] DescribeCustomDomains: the newest first.
    # [R: alchemy-run/alchemy] DescribeCustomDomains has a DNS target without any domain.
    # World.dns_target_without_domain switches it.
    service = find(region, parameters["ServiceArn"])
    settle(region)
    some, more = page(region, [_described(region, domain) for domain in reversed(service.domains.values())], parameters)
    return _answer(region, service) | {"CustomDomains": some, **more}


def settle(region: Region) -> None:
    """Delete the domains whose disassociation has ended, and validate the domains whose records exist."""
    for service in region.living_services():
        for domain in tuple(service.domains.values()):
            if domain.disassociated is not None:
                if _is_deleted(region, domain) and not domain.delete_fails:
                    del service.domains[domain.name]
            elif _waits_for_records(region, domain) and all(
                _is_found(region, domain, record) for record in _records(region, domain)
            ):
                domain.validated = region.now()
                # The names of these details are not documented.
                detail = {"DomainName": domain.name, "Status": _status(region, domain)}
                region.world.event(region.name, DOMAIN_STATUS_UPDATE, service.arn, detail)


def _waits_for_records(region: Region, domain: Domain) -> bool:
    return domain.validated is None and _status(region, domain) == "pending_certificate_dns_validation"


def _check_name(name: str, www: bool) -> None:
    """Require a root domain, a subdomain, or a root domain's wildcard without www."""
    # [M] DomainName: a root domain, a subdomain, or a root domain's wildcard without www.
    labels = name.removeprefix("*.").split(".")
    if len(labels) < 2 or not all(labels):
        raise invalid_request(f"DomainName {name} is not valid.")
    if "*" not in name:
        return
    if not name.startswith("*.") or name.count("*") > 1 or is_nested_wildcard(name):
        raise invalid_request(f"DomainName {name} is not valid: a wildcard is the only label before a root domain.")
    if www:
        raise invalid_request(f"EnableWWWSubdomain must be false for the wildcard {name}.")


def _status(region: Region, domain: Domain) -> str:
    """Return a domain's status, in lower case as the live API returns it.

    create_failed and delete_failed follow from CAA records, or names that do not resolve.
    """
    # [P: wait.go] A domain's status is in lower case.
    # [R: hashicorp/terraform-provider-aws#20349] A domain can end in create_failed or delete_failed. A Fault
    # injects it.
    durations, now = region.world.durations, region.now()
    if domain.disassociated is not None:
        return "delete_failed" if domain.delete_fails and _is_deleted(region, domain) else "deleting"
    if domain.begins_as == "active":
        return "active"
    if domain.validated is None:
        seconds = durations.certificate if domain.create_seconds is None else domain.create_seconds
        if now < domain.associated + seconds:
            return "creating"
        if domain.create_fails:
            return "create_failed"
        return "pending_certificate_dns_validation"
    return "active" if now >= domain.validated + durations.binding else "binding_certificate"


def _is_deleted(region: Region, domain: Domain) -> bool:
    default = region.world.durations.disassociation
    seconds = default if domain.delete_seconds is None else domain.delete_seconds
    return domain.disassociated is not None and region.now() >= domain.disassociated + seconds


def _described(region: Region, domain: Domain) -> Members:
    """Return a domain as the API describes it: without records while it is creating or if that failed."""
    # [R: recorded responses] A domain has no validation records while it is creating.
    # [assumed] A domain whose creation failed has no validation records.
    status = _status(region, domain)
    described = {"DomainName": domain.name, "EnableWWWSubdomain": domain.www, "Status": status}
    if status in ("creating", "create_failed"):
        return described
    is_validated = domain.validated is not None
    records = [
        record | {"Status": "SUCCESS" if is_validated or _is_found(region, domain, record) else "PENDING_VALIDATION"}
        for record in _records(region, domain)
    ]
    return described | {"CertificateValidationRecords": records}


def _records(region: Region, domain: Domain) -> list[dict[str, str]]:
    """Return the records that a certificate needs: two, three with www."""
    # [P: custom_domain_association.go; AW: Copilot] A certificate has two validation records, three with www.
    # [R: recorded responses] The form of a domain's validation records.
    # [assumed] The certificates of one domain in two regions share a validation record. World.regional_validation_names
    # switches it off.
    base = domain.name.removeprefix("*.")
    own = "2a57j7" + _hash("certificates", region.account, region.name)[:25]
    names = [base, *([f"www.{base}"] if domain.www else []), f"{own}.{base}"]
    issuer = region.account + (region.name if region.world.regional_validation_names else "")
    return [
        {
            "Name": f"_{_hash(issuer, name)}.{name}.",
            "Type": "CNAME",
            "Value": f"_{_hash(name, issuer)}.{_hash(issuer)[:10]}.acm-validations.aws.",
        }
        for name in names
    ]


def _is_found(region: Region, domain: Domain, record: dict[str, str]) -> bool:
    """Return whether AWS has found a validation record."""
    if region.now() < domain.associated + domain.validation_seconds:
        return False
    value = region.world.records(record["Name"])
    return value is not None and value.rstrip(".").lower() == record["Value"].rstrip(".").lower()


def _hash(*parts: str) -> str:
    return hashlib.sha256(" ".join(parts).encode()).hexdigest()[:32]


def _answer(region: Region, service: Service) -> Members:
    targets = [
        {"VpcIngressConnectionArn": one["VpcIngressConnectionArn"], "DomainName": one["DomainName"]}
        | {member: value for member, value in one["IngressVpcConfiguration"].items() if member == "VpcId"}
        for one in region.available_ingress(service.arn)
    ]
    target = service.url if service.domains or region.world.dns_target_without_domain else ""
    return {"DNSTarget": target, "ServiceArn": service.arn, "VpcDNSTargets": targets}

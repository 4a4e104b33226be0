"""The wait, at the end of `pulumi up`, until custom domains serve requests. It is opt-in."""

from collections.abc import Iterator, Sequence

import pulumi

from pulumi_apprunner.lifecycle import switch
from pulumi_apprunner.lifecycle.calls import DescribedDomain
from pulumi_apprunner.lifecycle.deadlines import Deadline, poll
from pulumi_apprunner.lifecycle.outcomes import Unread, gather_outcomes
from pulumi_apprunner.lifecycle.runs import DomainCase, Run
from pulumi_apprunner.lifecycle.threads import run_in_thread

_ACTIVE = "active"
_FAILED = ("create_failed", "delete_failed")
_FOUND = "SUCCESS"


async def problems_of_domains(run: Run, cases: Sequence[DomainCase], preview: Deadline | None = None) -> list[str]:
    """Return the problems of domains that are not active.

    Args:
        run: The run.
        cases: The domains.
        preview: The deadline of a preview, which does not wait. Default: an update, which waits until each domain's own
            deadline.

    Returns:
        A message for each domain that is not active. A status that could not be read is included too, but in a preview
        only if APPRUNNER_VERIFY requires it.
    """
    results = await gather_outcomes(outcome_of_domain(run, case, preview) for case in cases)
    texts: list[str] = []
    for case, result in zip(cases, results, strict=True):
        if isinstance(result, str):
            texts.append(f"{case.domain.label}: {result}")
        elif isinstance(result, Unread) and (preview is None or switch.is_required()):
            texts.append(f"{case.domain.label}: {_unread(result.reason)}")
    return texts


async def outcome_of_domain(run: Run, case: DomainCase, preview: Deadline | None = None) -> str | None:
    """Return the problem of a domain; None if it is active, or not associated with the service any more.

    Raises:
        LookupFailedError: The domain could not be looked up.
        TimeoutError: AWS did not respond in time.
        WrongAccountError: The credentials are for another account.
    """
    deadline = preview or Deadline(case.domain.minutes * 60)
    calls = run.calls(case.domain.access, case.service_arn)
    described: DescribedDomain | None = None
    try:
        async for message_due in poll(deadline):
            described = await run_in_thread(deadline, calls.custom_domain, case.domain.domain_name)
            if described is None:
                if preview is None:  # also after `pulumi destroy --run-program`, so it is no error
                    pulumi.log.warn(f"{case.domain.label}: {_removed_message(case)}")
                return None
            if described.status == _ACTIVE:
                return None
            if described.status in _FAILED:
                return _failed(case, described)
            if preview is not None:
                return (
                    f"{case.domain.domain_name} is not active yet: {_progress(described)}. `pulumi up` waits for it "
                    f"at its end, for {case.domain.minutes} minutes at most"
                )
            if message_due:
                pulumi.log.info(
                    f"{case.domain.label}: waiting until {case.domain.domain_name} is active ({_progress(described)})"
                )
    except TimeoutError:
        if described is None:
            raise
    assert described is not None
    return _not_active(case, described)


def repair_of_failed_domain(urn: str) -> str:
    """Return how to repair an association whose creation failed."""
    return (
        "Correct the cause (CAA records that do not allow amazon.com, a name that does not resolve), then run "
        f"`pulumi up --refresh --replace '{urn}'`"
    )


def _progress(described: DescribedDomain) -> str:
    found = sum(record.status == _FOUND for record in described.records)
    records = f", AWS has found {found} of {len(described.records)} validation records" if described.records else ""
    return f"status {described.status}{records}"


def _failed(case: DomainCase, described: DescribedDomain) -> str:
    name = case.domain.domain_name
    if described.status == "create_failed":
        return (
            f"{name} must be active, but AWS could not create it (status create_failed).\n"
            f"  What to do: {repair_of_failed_domain(case.urn)}"
        )
    return (
        f"{name} must be active, but AWS could not remove it from {case.service_arn} (status {described.status}).\n"
        "  What to do: look at the domain in the console, and run `pulumi up --refresh`"
    )


def _removed_message(case: DomainCase) -> str:
    return (
        f"{case.domain.domain_name} is not associated with {case.service_arn} any more. If this update did not remove "
        "it, run `pulumi up --refresh` to create it again"
    )


def _not_active(case: DomainCase, described: DescribedDomain) -> str:
    """Return the message about a domain that is not active at the deadline."""
    minutes = f"{case.domain.minutes} minute{'s' if case.domain.minutes > 1 else ''}"
    lines = [
        f"{case.domain.domain_name} must be active within {minutes}, but its status is still {described.status}",
        *_missing_records(case, described),
        *_advice(case, described),
    ]
    return "\n".join(lines)


def _missing_records(case: DomainCase, described: DescribedDomain) -> Iterator[str]:
    """Yield lines about the validation records that AWS has not found, or that the program does not have."""
    missing = [record for record in described.records if record.status != _FOUND]
    if missing:
        yield f"  AWS has not found {len(missing)} of its {len(described.records)} validation records in DNS:"
    for record in missing:
        yield f"    {record.name} CNAME"
        yield f"      {record.value} ({record.status})"
        known = case.records.get(record.name.rstrip(".").lower())
        if known is None:
            yield "      This program has no such record. Run `pulumi up --refresh` to read AWS's records again"
        elif known.rstrip(".").lower() != record.value.rstrip(".").lower():
            yield f'      This program has the value "{known}". Run `pulumi up --refresh` to read it again'


def _advice(case: DomainCase, described: DescribedDomain) -> Iterator[str]:
    if any(record.status != _FOUND for record in described.records):
        yield "  What to do: `dig +short NAME CNAME` must return the value of each record."
        if case.domain.has_zone:
            yield "  - The records are in the hosted zone. The domain's registrar must"
            yield "    delegate to the name servers of that zone."
        else:
            yield "  - Create the records in your DNS, with the names and values above."
        yield "  - A zone with CAA records must allow amazon.com."
        yield "  Then run `pulumi up`, which waits again. AWS needs minutes after it finds the"
        yield "  records, in rare cases a day or two."
    else:
        yield "  What to do: run `pulumi up`, which waits again. AWS needs minutes, in rare"
        yield "  cases a day or two. A zone with CAA records must allow amazon.com."
    yield "  To wait longer or not at all, change wait_until_active_minutes. To skip the wait"
    yield "  for one run, set APPRUNNER_VERIFY=off in the environment."


def _unread(reason: str) -> str:
    """Return the message about a status that could not be read."""
    return (
        f"could not read its status: {reason}. Grant the deployer apprunner:DescribeCustomDomains (docs/lifecycle.md "
        "lists its permissions), or remove wait_until_active_minutes"
    )

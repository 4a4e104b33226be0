"""The environment of the fake: the clock, the rest of AWS, and undocumented behaviour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from apprunner_facts.limits import SCALING_NAMES_QUOTA, SCALING_REVISIONS_QUOTA
from apprunner_local.apprunner.clock import Clock
from apprunner_local.apprunner.faults import Faults, Shows

KeptCertificate = Literal["binding_certificate", "active"] | None
"""The first status of a domain whose certificate still exists; None if no certificate is kept."""


@dataclass
class Durations:
    """How long an operation stays in progress, in seconds. AWS documents none: these are small round numbers."""

    create_service: float = 60
    update_service: float = 60
    start_deployment: float = 60
    pause_service: float = 20
    resume_service: float = 40
    delete_service: float = 30
    certificate: float = 5
    """From AssociateCustomDomain to the certificate's validation records."""
    binding: float = 10
    """From the records' validation to a domain that is active."""
    disassociation: float = 5
    ingress_connection: float = 10
    """A VPC ingress connection's creation, update and deletion each."""
    release: float = 0
    """From the end of the operation with which a service stops to use a connector, a scaling or an observability
    configuration, until AWS allows its deletion. [R: aws/apprunner-roadmap#161, and alchemy-run/alchemy, which retries
    all three deletions for two minutes.] 0: at once."""


@dataclass
class Quotas:
    """The quotas of an account in a region, None for no limit. AWS raises most of them on request.

    Only those of scaling configurations are in AWS's guide (manage-autoscaling); the others are not verified.
    """

    services: int | None = None
    """All that are not deleted, also those whose creation failed [M: Service.Status]."""
    scaling_names: int | None = SCALING_NAMES_QUOTA
    scaling_revisions: int | None = SCALING_REVISIONS_QUOTA
    """The active revisions of one name."""
    observability_names: int | None = None
    observability_revisions: int | None = None
    connectors: int | None = None
    connections: int | None = None
    ingress_connections: int | None = None


def _nothing(region: str, group: str, stream: str, line: str) -> None:
    """Keep no log."""


def _no_event(region: str, detail_type: str, arn: str, detail: dict[str, str]) -> None:
    """Send no event."""


def _no_seed(file: str) -> None:
    """Create nothing."""


@dataclass
class World:
    """The environment of the fake. Its functions are called while the fake handles a call: they must not wait for
    another call of the fake.

    Args:
        clock: The time.
        durations: The durations of operations.
        quotas: The account's quotas.
        faults: The injected faults.
        role_ready: Whether one of App Runner's service principals can assume a role yet: the role's ARN and the
            principal. Default: at once.
        access_error: Why AWS rejects a call of App Runner under a role at a deployment, None if it accepts it: the
            role's ARN, the action and the ARN of the resource. Default: it accepts every call.
        records: The value of the CNAME record of a name (as App Runner returns it, with a dot at the end), None if it
            does not exist. Default: none.
        vpc_of: The VPC of a subnet or a security group: the region and the id; None if it does not exist. Default: all
            are in one VPC.
        key_exists: Whether a KMS key exists, by its ARN. Default: every key.
        image_exists: Whether an image exists, by its identifier. Default: every image.
        log: Takes the service's log: region, group, stream and line. Default: dropped.
        event: Sends an event to EventBridge: region, detail-type, the service's ARN, and the details. Default: dropped.
        seed: Creates what a stack file refers to, by the file's path. Default: nothing.
        shows_after_rollback: Whether DescribeService returns the old or the new settings after a rollback. AWS does not
            document it. Default: old.
        kept_certificate: The status with which a domain begins that was active within 30 days: "binding_certificate",
            as hashicorp/terraform-provider-aws#22569 reports [R], or "active", as in Copilot's code [AW]; None if no
            certificate is kept, so that a new one is issued. Default: None.
        created_in_console: Whether a service that is created without an observability configuration gets one that is
            disabled, as in the console [R: hashicorp/terraform-provider-aws#27733]. Default: no, as in the API
            [P: the acceptance tests of hashicorp/terraform-provider-aws].
        dns_target_without_domain: Whether DescribeCustomDomains returns a DNS target if the service has no domain.
            Default: yes [R: a live test of alchemy-run/alchemy].
        updates_while_paused: Whether a paused service can be updated, and stays paused. Default: no. The message of
            another error allows it [R: aws/apprunner-roadmap#95].
        lower_case_connectors: Whether a connector's status is in lower case [R: alchemy-run/alchemy]. Default: no,
            because pulumi-aws waits for the upper case [P: vpc_connector.go].
        regional_validation_names: Whether each region has validation records of its own for the same domain. Default:
            no, as AWS documents it for the certificates of one account (ACM's guide, dns-validation). It documents
            nothing about App Runner's.
        page_size: The size of a page of a list without MaxResults. Default: everything [M].
    """

    clock: Clock = field(default_factory=Clock)
    durations: Durations = field(default_factory=Durations)
    quotas: Quotas = field(default_factory=Quotas)
    faults: Faults = field(default_factory=Faults)
    role_ready: Callable[[str, str], bool] = lambda arn, principal: True
    access_error: Callable[[str, str, str], str | None] = lambda role, action, resource: None
    records: Callable[[str], str | None] = lambda name: None
    vpc_of: Callable[[str, str], str | None] = lambda region, id: "vpc-0"
    key_exists: Callable[[str], bool] = lambda arn: True
    image_exists: Callable[[str], bool] = lambda identifier: True
    log: Callable[[str, str, str, str], None] = _nothing
    event: Callable[[str, str, str, dict[str, str]], None] = _no_event
    seed: Callable[[str], None] = _no_seed
    shows_after_rollback: Shows = "old"
    kept_certificate: KeptCertificate = None
    created_in_console: bool = False
    dns_target_without_domain: bool = True
    updates_while_paused: bool = False
    lower_case_connectors: bool = False
    regional_validation_names: bool = False
    page_size: int | None = None

"""What the services of a program cost in a month: read from them, their scaling profiles and their schedules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apprunner_facts import sizes, tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.bill import Assumptions, Bill, monthly_bill
from apprunner_facts.declared import ByReference, Declared, UnknownProperty
from apprunner_facts.limits import MIN_SIZE
from apprunner_facts.pauses import Pauses, read_pauses
from apprunner_facts.prices import RATES, US_EAST_1, Rates

_CPU, _MEMORY = "instanceConfiguration.cpu", "instanceConfiguration.memory"
_PROFILE = "autoScalingConfigurationArn"
_AUTOMATIC = "sourceConfiguration.autoDeploymentsEnabled"
_IMAGE_KIND = "sourceConfiguration.imageRepository.imageRepositoryType"
_INITIAL_DEFAULT = ":autoscalingconfiguration/DefaultConfiguration/"
"""Part of the ARN of the profile that an account's services get unless another one was made the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredService:
    """A service of a program, as far as its cost depends on it.

    urn: its URN.
    name: its logical name.
    region: the AWS region; None where it is unknown.
    cpu_units, memory_mb: an instance's size; 1,024 or 2,048 (the provider's defaults) where it is not set, unknown or
        not one of AWS's.
    instances: the minimum of its scaling profile (1-25); 1 where it has none, and where the minimum is unknown. Without
        a profile of its own it has the one that the program makes the account's default in the region.
    automatic_deployments: whether they are on. Where the program does not say so, the provider switches them on, except
        for a public image.
    running_share: the part of all time in which no schedule pauses it (0-1); 1 where that does not follow from its
        schedules.
    unknown: the properties that all this depends on and that are unknown; they make the values above assumptions.
    size_note, minimum_note, deployments_note, pauses_note: a sentence on what is assumed; None where nothing is.
    """

    urn: str
    name: str
    region: str | None
    cpu_units: int
    memory_mb: int
    instances: int
    automatic_deployments: bool
    running_share: float
    unknown: tuple[UnknownProperty, ...]
    size_note: str | None
    minimum_note: str | None
    deployments_note: str | None
    pauses_note: str | None

    @property
    def rates(self) -> Rates:
        """The rates of its region; those of us-east-1 where they are not known."""
        return RATES.get(self.region or "", US_EAST_1)

    def bill(self, assumptions: Assumptions) -> Bill:
        """Return what it costs in a month."""
        return monthly_bill(
            cpu_units=self.cpu_units,
            memory_mb=self.memory_mb,
            instances=self.instances,
            running_share=self.running_share,
            automatic_deployments=self.automatic_deployments,
            assumptions=assumptions,
            rates=self.rates,
        )

    def notes(self, assumptions: Assumptions) -> list[str]:
        """Return in plain sentences what its bill assumes, besides `bill.assumption_lines`."""
        rates = None
        if self.region is not None and self.region not in RATES:
            rates = f"The rates of {self.region} are not known here: those of us-east-1 stand in for them."
        minimum = self.minimum_note if assumptions.instances is None else None
        notes = (rates, self.size_note, minimum, self.deployments_note, self.pauses_note)
        return [note for note in notes if note is not None]


def read_services(resources: Iterable[Declared]) -> list[DeclaredService]:
    """Return the services of a program, in its order.

    resources: the program's resources of the types in `declared.PATHS`; others are ignored.
    """
    by_type: dict[str, list[Declared]] = defaultdict(list)
    for each in resources:
        by_type[each.type].append(each)
    pauses = read_pauses([*by_type[tokens.SERVICE], *by_type[tokens.SCHEDULE]])
    profiles = _Profiles(by_type)
    return [_read(service, profiles, pauses) for service in by_type[tokens.SERVICE]]


def _read(service: Declared, profiles: "_Profiles", pauses: Pauses) -> DeclaredService:
    cpu, memory, size_note = _size(service)
    instances, minimum_note, minimum_unknown = profiles.minimum(service)
    automatic, deployments_note = _automatic_deployments(service)
    share, pauses_note = _running_share(service, pauses)
    return DeclaredService(
        urn=service.urn,
        name=service.name,
        region=_region(service),
        cpu_units=cpu,
        memory_mb=memory,
        instances=instances,
        automatic_deployments=automatic,
        running_share=share,
        unknown=(
            *service.unknown_properties(_CPU, _MEMORY),
            *minimum_unknown,
            *(service.unknown_properties(_AUTOMATIC, _IMAGE_KIND) if deployments_note else ()),
            *pauses.unknown_of(service.urn),
        ),
        size_note=size_note,
        minimum_note=minimum_note,
        deployments_note=deployments_note,
        pauses_note=pauses_note,
    )


def _region(resource: Declared) -> str | None:
    if region := resource.text("region"):
        return region
    try:
        return parse_arn(resource.text("arn") or "").region
    except ValueError:
        return resource.provider_region


def _size(service: Declared) -> tuple[int, int, str | None]:
    """Return CPU units, MB, and a note if one of them is not known or not a size."""
    cpu = sizes.parse_cpu(_spelling(service, _CPU, sizes.DEFAULT_CPU))
    memory = sizes.parse_memory(_spelling(service, _MEMORY, sizes.DEFAULT_MEMORY))
    note = None
    if cpu is None or memory is None:
        note = f"{service.name}: its size is not known or not one of AWS's; 1 vCPU or 2 GB stands in for it."
    return cpu or sizes.DEFAULT_CPU, memory or sizes.DEFAULT_MEMORY, note


def _spelling(resource: Declared, path: str, default: int) -> str:
    """Return the spelling of a number; "" where it is unknown."""
    return "" if path in resource.unknown else sizes.spelling(resource.properties.get(path, default))


def _automatic_deployments(service: Declared) -> tuple[bool, str | None]:
    """Return whether the fee is due, and a note if that is unknown."""
    given = service.properties.get(_AUTOMATIC)
    if _AUTOMATIC in service.unknown:
        return False, f"{service.name}: whether it is deployed automatically is unknown; the fee is not counted."
    if given is not None:
        return given in (True, "true"), None
    if _IMAGE_KIND in service.unknown:
        return True, f"{service.name}: whether it is deployed automatically is unknown; the fee is counted."
    return service.properties.get(_IMAGE_KIND) != "ECR_PUBLIC", None


def _running_share(service: Declared, pauses: Pauses) -> tuple[float, str | None]:
    """Return the part of all time in which a service runs, and a note if its schedules do not tell."""
    try:
        rhythm = pauses.rhythm(service.urn)
    except ValueError as error:
        return 1.0, f"{service.name}: its schedules are not counted: {error}."
    return (1.0 if rhythm is None else rhythm.running_share), None


class _Profiles:
    """The scaling profiles of a program."""

    def __init__(self, by_type: Mapping[str, Sequence[Declared]]) -> None:
        self._made = ByReference(by_type.get(tokens.AUTO_SCALING, ()))
        self._defaults: dict[str | None, list[Declared]] = defaultdict(list)
        for each in by_type.get(tokens.DEFAULT_AUTO_SCALING, ()):
            self._defaults[_region(each)].append(each)

    def minimum(self, service: Declared) -> tuple[int, str | None, Sequence[UnknownProperty]]:
        """Return the minimum of a service's profile, a note if that is assumed, and what is unknown."""
        namer, profile = service, self._named_by(service)
        if profile is None and not self._names_one(service):
            namer = self._default(service)
            profile = self._named_by(namer) if namer else None
        if namer is None:
            return MIN_SIZE.default, None, ()
        unknown = namer.unknown_properties(_PROFILE)
        if profile is not None:
            text = _spelling(profile, "minSize", MIN_SIZE.default)
            if text.isdecimal() and int(text) in MIN_SIZE:
                return int(text), None, ()
            unknown = profile.unknown_properties("minSize")
        note = (
            f"{service.name}: its scaling profile is not part of this program, or its numbers are not known; "
            "its minimum is taken to be 1 instance."
        )
        return MIN_SIZE.default, note, unknown

    def _named_by(self, resource: Declared) -> Declared | None:
        return self._made.named(resource, _PROFILE, resource.text(_PROFILE))

    @staticmethod
    def _names_one(service: Declared) -> bool:
        """Return whether a service names a profile, other than the default that AWS shows for one that names none."""
        arn = service.text(_PROFILE)
        return _PROFILE in service.unknown or (arn is not None and _INITIAL_DEFAULT not in arn)

    def _default(self, service: Declared) -> Declared | None:
        """Return what makes a profile the account's default in a service's region."""
        found = self._defaults.get(_region(service), [])
        return found[0] if len(found) == 1 else None

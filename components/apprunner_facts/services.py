"""The monthly cost of a program's services, from the services, their scaling profiles and their schedules."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from apprunner_facts import sizes, tokens
from apprunner_facts.arns import parse_arn
from apprunner_facts.bill import Assumptions, Bill, monthly_bill
from apprunner_facts.declared import DeclaredResource, ResourceLookup, UnknownProperty
from apprunner_facts.limits import MAX_CONCURRENCY, MAX_SIZE, MIN_SIZE, Range
from apprunner_facts.load import Scaling
from apprunner_facts.pauses import Pauses, read_pauses
from apprunner_facts.prices import Rates, default_rates_note, rates_or_default

_CPU, _MEMORY = "instanceConfiguration.cpu", "instanceConfiguration.memory"
_PROFILE = "autoScalingConfigurationArn"
_AUTOMATIC = "sourceConfiguration.autoDeploymentsEnabled"
_IMAGE_KIND = "sourceConfiguration.imageRepository.imageRepositoryType"
_INITIAL_DEFAULT = ":autoscalingconfiguration/DefaultConfiguration/"
"""Part of the ARN of AWS's default scaling profile, which applies unless the account has another default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredService:
    """The values of a program's service on which its cost depends.

    Args:
        urn: Its URN.
        name: Its logical name.
        region: Its AWS region, or None if unknown.
        cpu_units: CPU units of an instance; 1,024 (the provider's default) if unset, unknown or invalid.
        memory_mb: Memory of an instance in MB; 2,048 (the provider's default) if unset, unknown or invalid.
        instances: The minimum of its scaling profile (1 to 25); 1 without a profile or if the minimum is unknown. If
            the service sets no profile, the default profile that the program sets for the region applies.
        scaling: Its scaling profile, with `instances` as the minimum. An unset or unknown maximum or concurrency has
            App Runner's default.
        profile: The URN of its scaling profile in the program; None if that is not in the program or unknown.
        has_account_default: Whether neither the service nor the program sets a profile for it, so that the account's
            default profile applies.
        automatic_deployments: Whether they are on. If unset, the provider enables them, except for public images.
        running_share: The share of all time in which no schedule pauses it (0 to 1); 1 if its schedules do not
            determine it.
        unknown: The unknown properties on which these values depend. If there are any, these values are assumptions.
        size_note: A sentence on the assumed size, or None.
        minimum_note: A sentence on the assumed minimum, or None.
        deployments_note: A sentence on the assumed fee for automatic deployments, or None.
        pauses_note: A sentence on ignored schedules, or None.
    """

    urn: str
    name: str
    region: str | None
    cpu_units: int
    memory_mb: int
    instances: int
    scaling: Scaling
    profile: str | None
    has_account_default: bool
    automatic_deployments: bool
    running_share: float
    unknown: tuple[UnknownProperty, ...]
    size_note: str | None
    minimum_note: str | None
    deployments_note: str | None
    pauses_note: str | None

    @property
    def rates(self) -> Rates:
        """The prices of its region; those of us-east-1 if they are unknown."""
        return rates_or_default(self.region)

    def bill(self, assumptions: Assumptions) -> Bill:
        """Return its monthly cost."""
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
        """Return sentences on what its bill assumes in addition to `bill.assumption_lines`."""
        rates = None if self.region is None else default_rates_note(self.region)
        minimum = self.minimum_note if assumptions.instances is None else None
        notes = (rates, self.size_note, minimum, self.deployments_note, self.pauses_note)
        return [note for note in notes if note is not None]


def read_services(resources: Iterable[DeclaredResource]) -> list[DeclaredService]:
    """Return a program's services, in the order of its resources.

    Args:
        resources: The program's resources of the types in `declared.PATHS`; others are ignored.
    """
    by_type: dict[str, list[DeclaredResource]] = defaultdict(list)
    for each in resources:
        by_type[each.type].append(each)
    pauses = read_pauses([*by_type[tokens.SERVICE], *by_type[tokens.SCHEDULE]])
    profiles = _Profiles(by_type)
    return [_read(service, profiles, pauses) for service in by_type[tokens.SERVICE]]


def _read(service: DeclaredResource, profiles: "_Profiles", pauses: Pauses) -> DeclaredService:
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
        scaling=profiles.scaling(service, instances),
        profile=profiles.urn(service),
        has_account_default=profiles.is_account_default(service),
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


def _region(resource: DeclaredResource) -> str | None:
    if region := resource.text("region"):
        return region
    try:
        return parse_arn(resource.text("arn") or "").region
    except ValueError:
        return resource.provider_region


def _size(service: DeclaredResource) -> tuple[int, int, str | None]:
    """Return CPU units, MB, and a note if one of them is unknown or invalid."""
    cpu = sizes.parse_cpu(_provider_text(service, _CPU, sizes.DEFAULT_CPU))
    memory = sizes.parse_memory(_provider_text(service, _MEMORY, sizes.DEFAULT_MEMORY))
    note = None
    if cpu is None or memory is None:
        note = (
            f"{service.name}: the size is unknown or invalid; the estimate uses "
            f"{sizes.format_cpu(cpu or sizes.DEFAULT_CPU)} and {sizes.format_memory(memory or sizes.DEFAULT_MEMORY)}."
        )
    return cpu or sizes.DEFAULT_CPU, memory or sizes.DEFAULT_MEMORY, note


def _provider_text(resource: DeclaredResource, path: str, default: int) -> str:
    """Return a number or size as the provider's text; "" if it is unknown."""
    return "" if path in resource.unknown else sizes.provider_text(resource.properties.get(path, default))


def _automatic_deployments(service: DeclaredResource) -> tuple[bool, str | None]:
    """Return whether the fee is due, and a note if that is unknown."""
    value = service.properties.get(_AUTOMATIC)
    if _AUTOMATIC in service.unknown:
        return (
            False,
            f"{service.name}: autoDeploymentsEnabled is unknown; its fee is not included.",
        )
    if value is not None:
        return value in (True, "true"), None
    if _IMAGE_KIND in service.unknown:
        return (
            True,
            f"{service.name}: imageRepositoryType is unknown; the fee for automatic deployments is included.",
        )
    return service.properties.get(_IMAGE_KIND) != "ECR_PUBLIC", None


def _running_share(service: DeclaredResource, pauses: Pauses) -> tuple[float, str | None]:
    """Return the share of all time in which a service runs, and a note if its schedules do not determine it."""
    try:
        rhythm = pauses.rhythm(service.urn)
    except ValueError as error:
        return 1.0, f"{service.name}: the estimate ignores its schedules: {error}."
    return (1.0 if rhythm is None else rhythm.running_share), None


class _Profiles:
    """The scaling profiles of a program."""

    def __init__(self, by_type: Mapping[str, Sequence[DeclaredResource]]) -> None:
        self._profiles = ResourceLookup(by_type.get(tokens.AUTO_SCALING, ()))
        self._defaults: dict[str | None, list[DeclaredResource]] = defaultdict(list)
        for each in by_type.get(tokens.DEFAULT_AUTO_SCALING, ()):
            self._defaults[_region(each)].append(each)

    def minimum(self, service: DeclaredResource) -> tuple[int, str | None, Sequence[UnknownProperty]]:
        """Return the minimum of a service's profile, a note if that is assumed, and what is unknown."""
        resource, profile = self._find(service)
        if resource is None:
            return MIN_SIZE.default, None, ()
        unknown = resource.unknown_properties(_PROFILE)
        if profile is not None:
            text = _provider_text(profile, "minSize", MIN_SIZE.default)
            if text.isdecimal() and int(text) in MIN_SIZE:
                return int(text), None, ()
            unknown = profile.unknown_properties("minSize")
        note = (
            f"{service.name}: its scaling profile is not in this program, or its minimum is unknown; "
            f"the estimate uses {MIN_SIZE.default} instance."
        )
        return MIN_SIZE.default, note, unknown

    def scaling(self, service: DeclaredResource, instances: int) -> Scaling:
        """Return a service's scaling profile with a minimum; App Runner's defaults for what is unknown."""
        _, profile = self._find(service)
        if profile is None:
            return Scaling(min_size=instances, max_size=max(instances, MAX_SIZE.default))

        def read(path: str, limit: Range) -> int:
            text = _provider_text(profile, path, limit.default)
            return int(text) if text.isdecimal() and int(text) in limit else limit.default

        return Scaling(
            min_size=instances,
            max_size=max(instances, read("maxSize", MAX_SIZE)),
            max_concurrency=read("maxConcurrency", MAX_CONCURRENCY),
        )

    def urn(self, service: DeclaredResource) -> str | None:
        """Return the URN of a service's profile, None if the program does not contain it."""
        _, profile = self._find(service)
        return profile and profile.urn

    def is_account_default(self, service: DeclaredResource) -> bool:
        """Return whether the account's default profile applies to a service."""
        if self._sets_profile(service) or self._profile_of(service) is not None:
            return False
        defaults = self._defaults.get(_region(service), [])
        return all(_INITIAL_DEFAULT in (each.text(_PROFILE) or "") for each in defaults)

    def _find(self, service: DeclaredResource) -> tuple[DeclaredResource | None, DeclaredResource | None]:
        """Return the resource that sets a service's profile (it or the default of its region), and the profile.

        Both are None if the program sets none; the profile is None if the program does not contain it.
        """
        profile = self._profile_of(service)
        if profile is not None or self._sets_profile(service):
            return service, profile
        default = self._default(service)
        return default, self._profile_of(default) if default else None

    def _profile_of(self, resource: DeclaredResource) -> DeclaredResource | None:
        return self._profiles.find(resource, _PROFILE, resource.text(_PROFILE))

    @staticmethod
    def _sets_profile(service: DeclaredResource) -> bool:
        """Return whether a service sets a profile. AWS's own default, which it returns otherwise, does not count."""
        arn = service.text(_PROFILE)
        return _PROFILE in service.unknown or (arn is not None and _INITIAL_DEFAULT not in arn)

    def _default(self, service: DeclaredResource) -> DeclaredResource | None:
        """Return the resource that sets the account's default profile in a service's region."""
        defaults = self._defaults.get(_region(service), [])
        return defaults[0] if len(defaults) == 1 else None

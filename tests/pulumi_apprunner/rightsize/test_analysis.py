"""Proposals from shapes of usage."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from apprunner_facts.load import Scaling
from apprunner_facts.prices import US_EAST_1
from pulumi_apprunner.rightsize.analysis import Advice, Proposal, RunningService, advise
from usage_shapes import END, daily, idle, spiky, steady, usage

SERVICE = RunningService(
    name="api", cpu_units=1024, memory_mb=4096, scaling=Scaling(min_size=1, max_size=4), rates=US_EAST_1
)


def of(advice: Advice, subject: str) -> Proposal:
    (proposal,) = [each for each in advice.proposals if each.subject == subject]
    return proposal


def subjects(advice: Advice) -> list[str]:
    return [each.subject for each in advice.proposals]


def test_a_steady_service_that_fits_its_size_gets_no_proposal() -> None:
    fitting = replace(SERVICE, memory_mb=2048)
    advice = advise(fitting, usage(steady, cpu=lambda _: 60, memory=lambda _: 70))
    assert (advice.proposals, advice.findings) == ([], [])
    assert advice.monthly_usd == advice.proposed_usd == pytest.approx(730 * (2 * 0.007 + 0.064))


def test_a_size_is_the_cheapest_with_a_quarter_more_memory_than_the_highest_usage() -> None:
    proposal = of(advise(SERVICE, usage(steady, memory=lambda _: 39)), "size")  # 1.56 GB
    assert (proposal.current, proposal.proposed) == ("1 vCPU, 4 GB", "1 vCPU, 2 GB")
    assert proposal.reason == "memory reaches 39%, CPU 30% at the 99th percentile"
    assert proposal.monthly_saving == pytest.approx(730 * 2 * 0.007)
    assert proposal.settings == {"size": {"cpu": "1 vCPU", "memory": "2 GB"}}


def test_a_single_high_memory_usage_counts() -> None:
    peak = END.replace(day=20, hour=3)
    measured = usage(steady, memory=lambda moment: 75 if moment == peak else 20)
    assert "size" not in subjects(advise(SERVICE, measured))


def test_a_service_that_uses_little_cpu_gets_a_fraction_of_a_vcpu() -> None:
    measured = usage(steady, cpu=lambda _: 10, memory=lambda _: 10)
    assert of(advise(SERVICE, measured), "size").proposed == "0.25 vCPU, 0.5 GB"


@pytest.mark.parametrize(
    ("cpu", "memory", "proposed"), [(95, 30, "2 vCPU, 4 GB"), (30, 95, "2 vCPU, 6 GB"), (90, 90, "2 vCPU, 6 GB")]
)
def test_a_size_that_is_too_small_gets_a_larger_one_that_costs_more(cpu: float, memory: float, proposed: str) -> None:
    proposal = of(advise(SERVICE, usage(steady, cpu=lambda _: cpu, memory=lambda _: memory)), "size")
    assert proposal.proposed == proposed
    assert proposal.monthly_saving < 0


def test_a_size_with_little_reserve_is_a_finding_only() -> None:
    advice = advise(SERVICE, usage(steady, cpu=lambda _: 80))
    assert advice.proposals == []
    assert advice.findings == ["1 vCPU, 4 GB has little reserve: memory reaches 40%, CPU 80% at the 99th percentile."]


def test_a_usage_that_no_size_fits_is_a_finding() -> None:
    largest = replace(SERVICE, cpu_units=4096, memory_mb=12288)
    advice = advise(largest, usage(steady, memory=lambda _: 97))
    assert advice.proposals == []
    assert advice.findings[0].startswith("No size is large enough: memory reaches 97%, CPU 30% of 4 vCPU, 12 GB.")


def leaking(moment: datetime) -> float:
    return 20 + (moment - (END.replace(day=9))).total_seconds() / 86400 * 5


def test_a_leak_is_a_finding_and_no_size_is_proposed() -> None:
    advice = advise(SERVICE, usage(steady, memory=leaking))
    assert advice.proposals == []
    assert advice.findings[0].startswith("Memory grows by 5.0 percentage points a day, which looks like a leak.")
    assert "It is full in about 3 days" in advice.findings[0]


def test_a_leak_is_found_after_a_restart() -> None:
    def restarted(moment: datetime) -> float:
        return leaking(moment) if moment < END.replace(day=17) else leaking(moment) - 40

    assert "looks like a leak" in advise(SERVICE, usage(steady, memory=restarted)).findings[0]


@pytest.mark.parametrize(
    "memory",
    [
        lambda moment: 40 + 20 * (moment.hour > 12),  # a daily rhythm
        lambda moment: 30 + min(30, (moment - END.replace(day=9)).total_seconds() / 3600 * 10),  # a cache that fills
        lambda moment: 30 + (moment - END.replace(day=9)).total_seconds() / 86400 * 0.3,  # slow
    ],
)
def test_other_growth_is_no_leak(memory: Any) -> None:
    assert advise(SERVICE, usage(steady, memory=memory)).findings == []


def test_a_service_with_a_daily_rhythm_gets_a_pause() -> None:
    advice = advise(SERVICE, usage(daily))
    proposal = of(advice, "pause")
    assert proposal.settings == {
        "pause": {"timezone": "UTC", "running": [{"days": "Mon-Fri", "start": "06:00", "end": "20:00"}]}
    }
    assert proposal.proposed == "runs Mon-Fri 06:00 to 20:00 (UTC)"
    assert proposal.monthly_saving == pytest.approx(730 * 4 * 0.007 * (1 - 70 / 168))
    assert proposal.confidence == "high"


def test_a_pause_is_in_the_given_time_zone() -> None:
    proposal = of(advise(SERVICE, usage(daily), "America/New_York"), "pause")
    assert proposal.settings["pause"]["running"] == [{"days": "Mon-Fri", "start": "01:00", "end": "15:00"}]


def test_a_pause_leaves_the_hours_of_a_single_request() -> None:
    def night(moment: datetime) -> float:
        return daily(moment) or (1 if moment == END.replace(day=19, hour=2) else 0)  # Thursday

    proposal = of(advise(SERVICE, usage(night)), "pause")
    assert proposal.settings["pause"]["running"] == [
        {"days": "Mon-Wed,Fri", "start": "06:00", "end": "20:00"},
        {"days": "Thu", "start": "01:00", "end": "20:00"},
    ]


@pytest.mark.parametrize(
    ("service", "measured"),
    [
        (SERVICE, usage(steady)),
        (SERVICE, usage(daily, days=7)),
        (replace(SERVICE, running_share=0.5), usage(daily)),
        (SERVICE, usage(lambda moment: 0 if 1 <= moment.hour < 4 else 5)),
    ],
    ids=["always busy", "one week of data", "paused already", "a short night"],
)
def test_no_pause_is_proposed(service: RunningService, measured: Any) -> None:
    assert "pause" not in subjects(advise(service, measured))


def test_a_new_service_gets_no_pause_on_days_without_data() -> None:
    new = usage(steady, created=END - timedelta(days=3), cpu=lambda _: 60, memory=lambda _: 70)
    assert advise(replace(SERVICE, memory_mb=2048), new).proposals == []


def test_the_cost_of_a_new_service_is_that_of_its_measured_time() -> None:
    new, old = usage(steady, created=END - timedelta(days=3)), usage(steady)
    assert advise(SERVICE, new).monthly_usd == pytest.approx(advise(SERVICE, old).monthly_usd)


def test_a_pause_in_production_is_a_finding_only() -> None:
    advice = advise(replace(SERVICE, is_production=True, scaling=Scaling(min_size=2)), usage(daily))
    assert "pause" not in subjects(advice)
    assert "No requests in about 98 hours of every week. A pause is not proposed in production." in advice.findings


def test_an_idle_service_is_a_finding() -> None:
    advice = advise(SERVICE, usage(idle))
    assert advice.findings[-1].startswith("No requests in 14 days. If nobody needs the service, pause or delete it.")
    assert "pause" not in subjects(advice)


def test_a_minimum_is_the_median_of_active_instances() -> None:
    many = replace(SERVICE, memory_mb=2048, scaling=Scaling(min_size=5, max_size=10))
    proposal = of(advise(many, usage(steady, active=lambda _: 2)), "scaling")
    assert (proposal.current, proposal.proposed) == ("5 to 10 instances", "2 to 10 instances")
    assert proposal.monthly_saving == pytest.approx(3 * 730 * 2 * 0.007)
    assert proposal.settings == {"scaling": {"minSize": 2, "maxSize": 10}}


def test_a_minimum_in_production_is_two_or_more() -> None:
    many = replace(SERVICE, is_production=True, scaling=Scaling(min_size=5))
    assert of(advise(many, usage(steady)), "scaling").proposed == "2 to 25 instances"
    single = advise(replace(SERVICE, is_production=True), usage(steady))
    assert "scaling" not in subjects(single)
    assert "min_size is 1. In production, 2 or more keep the service available if one fails." in single.findings


def test_spikes_that_reach_the_maximum_raise_it() -> None:
    measured = usage(spiky, active=lambda moment: 4 if spiky(moment) > 6 else 1, cpu=lambda _: 60, memory=lambda _: 70)
    proposal = of(advise(SERVICE, measured), "scaling")
    assert proposal.proposed == "1 to 6 instances"
    assert proposal.reason == "1 active instances at the median, 4 at most"


QUOTA = "A maximum above 25 requires a higher quota, which AWS Support sets on request."


@pytest.mark.parametrize(
    ("maximum", "proposed"), [(10, "1 to 15 instances"), (20, "1 to 25 instances"), (25, None), (40, None)]
)
def test_a_maximum_above_the_default_quota_is_not_proposed(maximum: int, proposed: str | None) -> None:
    scaling = Scaling(min_size=1, max_size=maximum)
    measured = usage(
        spiky, active=lambda moment: maximum if spiky(moment) > 6 else 1, cpu=lambda _: 60, memory=lambda _: 70
    )
    advice = advise(replace(SERVICE, scaling=scaling), measured)
    assert [each.proposed for each in advice.proposals] == ([proposed] if proposed else [])
    findings = [] if maximum == 10 else [f"Active instances reached max_size, {maximum}. {QUOTA}"]
    assert list(advice.findings) == findings


def test_all_proposals_together_have_one_cost() -> None:
    advice = advise(SERVICE, usage(daily, cpu=lambda _: 10, memory=lambda _: 10))
    assert subjects(advice) == ["size", "pause"]
    assert advice.monthly_usd is not None
    assert advice.proposed_usd is not None
    assert advice.proposed_usd < advice.monthly_usd - max(each.monthly_saving for each in advice.proposals)


@pytest.mark.parametrize(("days", "confidence"), [(3, "low"), (8, "medium"), (14, "high")])
def test_the_confidence_follows_from_the_days_with_data(days: float, confidence: str) -> None:
    measured = usage(steady, days=days, cpu=lambda _: 10, memory=lambda _: 10)
    assert of(advise(SERVICE, measured), "size").confidence == confidence


def test_without_enough_data_there_is_no_proposal() -> None:
    advice = advise(SERVICE, usage(steady, days=1))
    assert (advice.proposals, advice.monthly_usd) == ((), None)
    assert advice.findings[0].startswith("Not enough data: 1.0 days with a memory utilization, 2 are required.")


def test_missing_metrics_are_findings() -> None:
    measured = replace(usage(steady), cpu={}, active_instances={})
    advice = advise(SERVICE, measured)
    assert advice.proposals == []
    assert advice.findings == [
        "There is no CPU utilization. A size is not proposed.",
        "There is no number of active instances. A scaling profile is not proposed.",
    ]

"""The geometry of a chart of costs by requests per second, with logarithmic axes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from apprunner_facts.alternatives import Option

WIDTH, HEIGHT = 760, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 196, 16, 48
_LABEL_HEIGHT = 16
_LOWEST_COST = 0.01
"""US dollars. A logarithmic axis has no zero."""


@dataclass(frozen=True)
class Tick:
    """A line of the grid: its position in pixels and its label."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """The costs of one option: the points of its line, and where its label is."""

    option: Option
    points: str
    end: tuple[float, float]
    label_y: float


@dataclass(frozen=True)
class Chart:
    """A chart in pixels.

    Args:
        lines: The options.
        columns: Grid lines at rates of requests.
        rows: Grid lines at costs.
        marker: The position of the described load.
    """

    lines: Sequence[Line]
    columns: Sequence[Tick]
    rows: Sequence[Tick]
    marker: float
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    top: float = _TOP
    bottom: float = HEIGHT - _BOTTOM


def draw(curve: Mapping[Option, Sequence[tuple[float, float]]], rate: float) -> Chart:
    """Return the chart of a curve.

    Args:
        curve: Pairs of requests per second and US dollars, ascending, for each option.
        rate: The requests per second of the described load.
    """
    rates = [x for points in curve.values() for x, _ in points]
    curve = {option: [(x, max(y, _LOWEST_COST)) for x, y in points] for option, points in curve.items()}
    costs = [y for points in curve.values() for _, y in points]
    columns, rows = _Axis(min(rates), max(rates), _LEFT, WIDTH - _RIGHT), _Axis.whole_decades(min(costs), max(costs))
    ends = {option: (columns.at(points[-1][0]), rows.at(points[-1][1])) for option, points in curve.items()}
    labels = _spread({option: y for option, (_, y) in ends.items()})
    return Chart(
        lines=[
            Line(
                option,
                " ".join(f"{columns.at(x):.1f},{rows.at(y):.1f}" for x, y in points),
                ends[option],
                labels[option],
            )
            for option, points in curve.items()
        ],
        columns=columns.ticks(""),
        rows=rows.ticks("$"),
        marker=columns.at(rate),
    )


@dataclass(frozen=True)
class _Axis:
    """A logarithmic axis from a low value at one pixel to a high value at another."""

    low: float
    high: float
    first: float
    last: float

    @classmethod
    def whole_decades(cls, low: float, high: float) -> "_Axis":
        """Return a vertical axis that begins and ends at a power of ten, and has at least one decade."""
        first = floor(log10(low))
        return cls(10**first, 10 ** max(ceil(log10(high)), first + 1), HEIGHT - _BOTTOM, _TOP)

    def at(self, value: float) -> float:
        share = log10(value / self.low) / log10(self.high / self.low)
        return self.first + share * (self.last - self.first)

    def ticks(self, unit: str) -> list[Tick]:
        powers = range(ceil(log10(self.low) - 1e-9), floor(log10(self.high) + 1e-9) + 1)
        return [Tick(self.at(10.0**power), f"{unit}{10.0**power:,.15g}") for power in powers]


def _spread(positions: Mapping[Option, float]) -> dict[Option, float]:
    """Return positions of labels that do not overlap, within the chart, in the order of their lines."""
    ordered = sorted(positions, key=lambda option: positions[option])
    result: dict[Option, float] = {}
    lowest = float(_TOP)
    for option in ordered:
        result[option] = lowest = max(positions[option], lowest)
        lowest += _LABEL_HEIGHT
    highest = float(HEIGHT - _BOTTOM)
    for option in reversed(ordered):
        result[option] = highest = min(result[option], highest)
        highest -= _LABEL_HEIGHT
    return result

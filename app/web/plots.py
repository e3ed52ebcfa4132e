"""Bars over weeks as SVG geometry: a template draws them, without a script and without a style."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 360, 190
LEFT, RIGHT, TOP, BOTTOM = 30, 356, 10, 160
GAP = 0.3
"""Share of a week's room that stays free."""
LABELLED = 4
"""Every so many weeks one has its name, counted from the last."""


@dataclass(frozen=True)
class Part:
    """One part of a bar: the shade of its series, its place, and what it says."""

    shade: int
    x: float
    y: float
    width: float
    height: float
    words: str


@dataclass(frozen=True)
class Mark:
    """A line of the scale or the name of a week, with its place."""

    at: float
    words: str


@dataclass(frozen=True)
class Plot:
    """A stacked bar a week."""

    title: str
    description: str
    series: tuple[str, ...]
    shades: tuple[int, ...]
    weeks: tuple[str, ...]
    rows: tuple[tuple[int, ...], ...]
    """For each week a number a series."""
    parts: tuple[Part, ...]
    scale: tuple[Mark, ...]
    names: tuple[Mark, ...]


def plot(
    title: str,
    series: Sequence[str],
    weeks: Sequence[str],
    rows: Sequence[Sequence[int]],
    shades: Sequence[int] = (0, 1, 2),
) -> Plot:
    """The geometry. `rows` has for each week a number a series, `shades` the class `s<number>` of each."""
    most = top_of(max((sum(row) for row in rows), default=0))
    step = (RIGHT - LEFT) / max(1, len(weeks))
    per = (BOTTOM - TOP) / most
    parts = []
    for index, (week, row) in enumerate(zip(weeks, rows, strict=True)):
        y = float(BOTTOM)
        for number, value in enumerate(row):
            height = value * per
            y -= height
            if value:
                x, words = LEFT + step * (index + GAP / 2), f"{week}: {series[number]} {value}"
                parts.append(Part(shades[number], _r(x), _r(y), _r(step * (1 - GAP)), _r(height), words))
    last = len(weeks) - 1
    names = [
        Mark(_r(LEFT + step * (index + 0.5)), week.partition("-")[2])
        for index, week in enumerate(weeks)
        if (last - index) % LABELLED == 0
    ]
    scale = [Mark(_r(BOTTOM - value * per), str(value)) for value in sorted({0, most // 2, most})]
    return Plot(
        title=title,
        description=_described(series, weeks, rows),
        series=tuple(series),
        shades=tuple(shades[: len(series)]),
        weeks=tuple(weeks),
        rows=tuple(tuple(row) for row in rows),
        parts=tuple(parts),
        scale=tuple(scale),
        names=tuple(names),
    )


def top_of(most: int) -> int:
    """A round number that is not less, and even, so that its half is whole."""
    if most <= 2:  # the smallest scale
        return 2
    power = int(10 ** math.floor(math.log10(most)))
    return next(value for value in (power, 2 * power, 4 * power, 6 * power, 10 * power) if value >= most)


def _described(series: Sequence[str], weeks: Sequence[str], rows: Sequence[Sequence[int]]) -> str:
    if not rows:
        return "There is nothing to show."
    said = ", ".join(f"{name} {value}" for name, value in zip(series, rows[-1], strict=True))
    return f"Bars for {len(weeks)} weeks up to {weeks[-1]}, where it is: {said}. The table has all numbers."


def _r(value: float) -> float:
    return round(value, 1)

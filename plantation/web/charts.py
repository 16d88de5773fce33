"""Charts drawn on the server: the geometry of bars and lines in whole units of an SVG; templates/macros/charts.html
writes them down with a title, a description and the same figures as a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 84, 8, 14, 32


@dataclass(frozen=True, slots=True)
class Tick:
    """A line across the chart: where it is and what it stands for."""

    y: float
    value: int


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar, or one part of a stacked bar; `series` counts from 0."""

    x: float
    y: float
    width: float
    height: float
    index: int
    series: int


@dataclass(frozen=True, slots=True)
class Chart:
    """What the templates need: `labels` are (x, index) of those labels that fit beside each other."""

    width: int
    height: int
    left: int
    right: int
    base: float
    ticks: tuple[Tick, ...]
    labels: tuple[tuple[float, int], ...]
    rects: tuple[Rect, ...] = ()
    lines: tuple[str, ...] = ()
    dots: tuple[tuple[float, float, int, int], ...] = ()


def install(app: Flask) -> None:
    """What templates/macros/charts.html calls."""
    filters = app.jinja_env.filters
    app.jinja_env.globals.update(
        chart_bars=bars,
        chart_lines=lines,
        stacks_of=stacks_of,
        columns_of=lambda stacks: [list(column) for column in zip(*stacks, strict=True)],
        filter_named=lambda name: filters[name],
        apply_filter=lambda name, value: filters[name](value),
    )


def stacks_of(rows: Sequence[Sequence[Any]]) -> list[list[Any]]:
    """The figures of rows that are (label, figure) or (label, [figure, …]).

    >>> stacks_of([("Mon", 3), ("Tue", [1, 2])])
    [[3], [1, 2]]
    """
    return [list(row[1]) if isinstance(row[1], list | tuple) else [row[1]] for row in rows]


def nice_ceiling(value: int) -> tuple[int, int]:
    """The top of a scale that holds `value`, and its step: 1, 2 or 5 times a power of ten, at most 5 steps.

    >>> nice_ceiling(750_000), nice_ceiling(7), nice_ceiling(0)
    ((800000, 200000), (8, 2), (1, 1))
    """
    if value <= 0:
        return 1, 1
    power = 1
    while True:
        for factor in (1, 2, 5):
            step = factor * power
            if step * 5 >= value:
                return -(-value // step) * step, step
        power *= 10


def _frame(count: int, highest: int, most_labels: int) -> tuple[float, int, tuple[Tick, ...], tuple[tuple[float, int], ...]]:
    top, step = nice_ceiling(highest)
    plot = HEIGHT - TOP - BOTTOM
    ticks = tuple(Tick(_round(TOP + plot - plot * value / top), value) for value in range(0, top + 1, step))
    slot = (WIDTH - LEFT - RIGHT) / max(1, count)
    every = -(-count // most_labels) if count else 1
    labels = tuple((_round(LEFT + slot * (index + 0.5)), index) for index in range(0, count, every))
    return slot, top, ticks, labels


def bars(stacks: Sequence[Sequence[int]], *, most_labels: int = 8) -> Chart:
    """Bars of one or more parts each (stacked); negative parts count as nothing.

    >>> chart = bars([[3, 1], [4, 0]])
    >>> len(chart.rects), chart.ticks[-1].value
    (3, 4)
    >>> bars([]).rects
    ()
    """
    slot, top, ticks, labels = _frame(len(stacks), max((sum(max(0, v) for v in stack) for stack in stacks), default=0), most_labels)
    plot = HEIGHT - TOP - BOTTOM
    width = min(slot * 0.72, 56)
    rects = []
    for index, stack in enumerate(stacks):
        y = float(TOP + plot)
        for series, value in enumerate(stack):
            height = plot * max(0, value) / top
            y -= height
            if value > 0:
                x = LEFT + slot * index + (slot - width) / 2
                rects.append(Rect(_round(x), _round(y), _round(width), _round(max(height, 0.5)), index, series))
    return Chart(WIDTH, HEIGHT, LEFT, RIGHT, TOP + plot, ticks, labels, rects=tuple(rects))


def lines(series: Sequence[Sequence[int | None]], *, most_labels: int = 8) -> Chart:
    """Lines over the same steps; None leaves a gap.

    >>> lines([[0, 5, None, 5]]).lines[0]
    'M152.5 208L289.5 14M563.5 14'
    """
    count = max((len(each) for each in series), default=0)
    highest = max((value for each in series for value in each if value is not None), default=0)
    slot, top, ticks, labels = _frame(count, highest, most_labels)
    plot = HEIGHT - TOP - BOTTOM
    paths, dots = [], []
    for number, each in enumerate(series):
        path, pen_down = [], False
        for index, value in enumerate(each):
            if value is None:
                pen_down = False
                continue
            x, y = _round(LEFT + slot * (index + 0.5)), _round(TOP + plot - plot * max(0, value) / top)
            path.append(f"{'L' if pen_down else 'M'}{x:g} {y:g}")
            dots.append((x, y, index, number))
            pen_down = True
        paths.append("".join(path))
    return Chart(WIDTH, HEIGHT, LEFT, RIGHT, TOP + plot, ticks, labels, lines=tuple(paths), dots=tuple(dots))


def _round(value: float) -> float:
    return round(value, 1)

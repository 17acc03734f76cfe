"""A chart as a picture (PNG), to be read on a phone 360 pixels wide: large words, at their lines' ends and
outside the plot, no legend; what is unusual is a diamond, orange and told in words, never by colour alone."""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from textwrap import wrap
from typing import TYPE_CHECKING

from bot.core.chart import Chart
from bot.core.refused import Problem
from bot.core.register.trend_words import number, point_words

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

CONTENT_TYPE = "image/png"
ENDING = ".png"
NO_LIBRARY = "a picture needs matplotlib: install irmer-bot[charts]; the words and the table say the same"
WIDE, DPI = 6.0, 120  # inches, 720 pixels: halved on a phone
TEXT, SMALL, HEAD = 14.0, 13.0, 17.0  # points
# The NHS's blue and an orange that differ in lightness as well; both 4.5 to 1 on white and more.
BLUE, ORANGE, GREY, DARK = "#005EB8", "#B85500", "#5B6770", "#212B32"
HEAD_WIDTH, NOTE_WIDTH, LABEL_WIDTH = 40, 54, 17  # characters a line
MOST_LABELS = 5
LINE, ROUNDS = 0.075, 60  # of a label beside the axis: its share of that; how often two that touch are moved


class NoCharts(Problem):
    """The library that draws is not installed."""


def picture(chart: Chart) -> bytes:
    """Raises NoCharts."""
    figure = drawn(chart)
    out = BytesIO()
    figure.savefig(out, format="png", dpi=DPI, metadata={"Software": None})
    return _few_colours(out.getvalue())


def drawn(chart: Chart) -> Figure:
    """Raises NoCharts."""
    try:
        from matplotlib.figure import Figure  # 0.35 s, and an extra that may be missing
    except ImportError:
        raise NoCharts(NO_LIBRARY) from None
    head, sub = wrap(chart.title, HEAD_WIDTH), wrap(chart.subtitle, NOTE_WIDTH)
    notes = [line for note in chart.notes for line in wrap(note, NOTE_WIDTH)]
    above = 0.15 + 0.30 * len(head) + 0.25 * len(sub) + 0.15  # inches
    below = (0.25 if chart.bars else 0.75) + 0.24 * len(notes)
    tall = above + below + (0.46 * len(chart.labels) if chart.bars else 3.4)
    figure = Figure(figsize=(WIDE, tall), dpi=DPI, facecolor="white")
    beside = 0.025 * max(len(number(value)) for value in chart.values)  # what stands at a bar's end
    place = (0.36, 0.61 - beside) if chart.bars else (0.11, 0.60)
    axes = figure.add_axes((place[0], below / tall, place[1], 1 - (above + below) / tall))
    y = tall - 0.15
    for lines, size, step, weight in ((head, HEAD, 0.30, "bold"), (sub, SMALL, 0.25, "normal")):
        for line in lines:
            figure.text(0.03, y / tall, line, size=size, weight=weight, color=DARK, va="top")
            y -= step
    for at, line in enumerate(reversed(notes)):
        figure.text(0.03, (0.08 + 0.24 * at) / tall, line, size=SMALL, color=GREY, va="bottom")
    (_bars if chart.bars else _points)(axes, chart)
    for side in ("top", "right", *(("bottom", "left") if chart.bars else ())):
        axes.spines[side].set_visible(False)
    return figure


def _points(axes: Axes, chart: Chart) -> None:
    from matplotlib.ticker import MaxNLocator  # 0 ms: matplotlib is there, since there are axes

    at = range(len(chart.values))
    axes.plot(at, chart.values, color=BLUE, linewidth=1.8, marker="o", markersize=5, zorder=3)
    marked = sorted(chart.unusual)
    axes.plot(
        marked, [chart.values[one] for one in marked], linestyle="", marker="D", markersize=11,
        color=ORANGE, zorder=4,
    )  # fmt: skip
    top = max((*chart.values, *(level.value for level in chart.levels), 1.0)) * 1.08
    axes.set_ylim(0, top)
    axes.set_xlim(-0.5, len(chart.values) - 0.5)
    for level in chart.levels:
        style = {"mean": "-", "limit": "--", "target": ":"}[level.kind]
        colour = DARK if level.kind == "target" else GREY
        axes.axhline(level.value, color=colour, linestyle=style, linewidth=1.6)
    labels = ["\n".join(wrap(level.label, LABEL_WIDTH)) for level in chart.levels]
    tall = [LINE * (1 + label.count("\n")) for label in labels]
    places = _apart([level.value / top for level in chart.levels], tall)
    for label, place in zip(labels, places, strict=True):
        axes.text(
            1.02, place, label, transform=axes.transAxes, size=SMALL, color=DARK, va="center",
            linespacing=1.05,
        )  # fmt: skip
    _below(axes, chart)
    axes.tick_params(labelsize=SMALL, colors=DARK, length=4)
    axes.yaxis.set_major_locator(MaxNLocator(6, integer=True))
    axes.set_yticks([one for one in axes.get_yticks() if 0 <= one <= top])


def _apart(values: list[float], tall: list[float]) -> list[float]:
    """Places for labels so that none lies over another: each as near to its own value as to the other's. All
    are shares of the axis."""
    order, places = sorted(range(len(values)), key=values.__getitem__), list(values)
    for _ in range(ROUNDS):
        for low, high in pairwise(order):
            lacking = (tall[low] + tall[high]) / 2 - (places[high] - places[low])
            if lacking > 0:
                places[low], places[high] = places[low] - lacking / 2, places[high] + lacking / 2
        places = [min(max(place, 0), 1) for place in places]
    return places


def _below(axes: Axes, chart: Chart) -> None:
    """A few of the labels, on two lines: `Mar` over `2026`."""
    count = len(chart.labels)
    step = -(-(count - 1) // (MOST_LABELS - 1)) if count > MOST_LABELS else 1
    shown = list(range(count - 1, -1, -step))[::-1]
    axes.set_xticks(shown, [_short(chart.labels[one]) for one in shown])


def _short(label: str) -> str:
    words = point_words(label).split(" ")
    if len(words) == 2:
        year, month = (words[0], words[1]) if words[0].isdecimal() else (words[1], words[0][:3])
        return f"{month}\n{year}"
    return label.replace("-", "-\n", 1)


def _bars(axes: Axes, chart: Chart) -> None:
    at = range(len(chart.values))
    axes.barh(at, chart.values, color=BLUE, height=0.62)
    axes.invert_yaxis()
    axes.set_xlim(0, max((*chart.values, 1.0)))
    for one, value in enumerate(chart.values):
        axes.annotate(
            number(value), (value, one), xytext=(6, 0), textcoords="offset points", size=TEXT, color=DARK,
            va="center",
        )  # fmt: skip
    axes.set_yticks(at, ["\n".join(_two_lines(label)) for label in chart.labels])
    axes.set_xticks([])
    axes.tick_params(axis="y", labelsize=SMALL, colors=DARK, length=0)


def _two_lines(label: str) -> list[str]:
    """The table beside it has the whole of it."""
    lines = wrap(label, 20)
    return lines if len(lines) < 3 else [lines[0], f"{lines[1][:18]}…"]


def _few_colours(png: bytes) -> bytes:
    """With 64 colours, which is what there is beside the edges: a quarter of the size."""
    from PIL import Image  # 20 ms, and it comes with matplotlib

    out = BytesIO()
    Image.open(BytesIO(png)).convert("RGB").quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()

"""Every kind of chart, drawn: no words over others, none outside, legible on a phone, and few bytes."""

import random
import sys
from io import BytesIO
from itertools import combinations

import pytest

from bot.chart_pictures import BLUE, DARK, GREY, ORANGE, NoCharts, drawn, picture
from bot.core.chart import Chart, Level
from bot.core.register.trend_words import BASE, finding, number
from bot.core.register.trends import run_of
from bot.teams.picture import MOST_BYTES

LONG = "wrong radiopharmaceutical for an examination with a long name"


def run_chart(seed: int, kind: str) -> Chart:
    """By chance, small and large numbers, few and many points, all that can be marked."""
    drawn_by = random.Random(seed)
    count = drawn_by.choice([8, 12, 20, 24, 36])
    scale = drawn_by.choice([1, 4, 30, 900])
    values = [float(drawn_by.randint(0, 3 * scale)) for _ in range(count)]
    values[drawn_by.randrange(count)] *= drawn_by.choice([1, 4])
    labels = [f"{2023 + at // 12}-{at % 12 + 1:02}" for at in range(count)]
    if kind == "quarter":
        labels = [f"{2018 + at // 4}-Q{at % 4 + 1}" for at in range(count)]
    if kind == "days":
        labels = [f"C26-{at:04}" for at in range(1, count + 1)]
    run = run_of(labels, values)
    limits = run.limits
    assert limits is not None
    levels = [Level(limits.high, f"upper limit {number(limits.high)}", "limit"),
              Level(limits.mean, f"mean {number(limits.mean)}")]  # fmt: skip
    levels += [Level(limits.low, f"lower limit {number(limits.low)}", "limit")] if limits.low else []
    levels += [Level(14, "day 14", "target")] if kind == "days" else []
    title = finding(run, "Incidents, ct, last 3 years, site “Main Hospital North Wing”")
    subtitle = f"by {kind}, limits 0 to {number(limits.high)} (from the first 12 {kind}s; trial limits)"
    return Chart(title, subtitle, run.labels, run.values, "words", "x", levels=tuple(levels),
                 unusual=run.unusual, notes=(BASE,))  # fmt: skip


def bar_chart(count: int) -> Chart:
    labels = ["set-up", LONG, "not known", "wrong side", *(f"machine number {n}" for n in range(20))][:count]
    values = tuple(float(10 ** (n % 5)) for n in range(count))
    return Chart(f"Incidents by cause: most {LONG}", "all that are kept", tuple(labels), values, "words", "x",
                 bars=True)  # fmt: skip


CHARTS = {
    **{f"{kind} {seed}": run_chart(seed, kind) for kind in ("month", "quarter", "days") for seed in range(6)},
    **{f"{count} bars": bar_chart(count) for count in (1, 4, 13)},
}


def texts_of(figure):
    """Those that are seen."""
    return [one for one in figure.findobj(lambda one: hasattr(one, "get_text"))
            if one.get_visible() and one.get_text().strip()]  # fmt: skip


@pytest.mark.parametrize("name", CHARTS)
def test_no_words_lie_over_others_or_leave_the_picture(name: str) -> None:
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # takes 0.4 s: only where a chart is drawn

    figure = drawn(CHARTS[name])
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = texts_of(figure)
    boxes = [(one.get_text(), one.get_window_extent(canvas.get_renderer())) for one in texts]
    assert len(boxes) > 4
    for text, box in boxes:
        assert min(box.x0, box.y0) >= 0, text
        assert box.x1 <= figure.bbox.width, text
        assert box.y1 <= figure.bbox.height, text
    for (one, here), (other, there) in combinations(boxes, 2):
        assert not here.overlaps(there), (one, other)


def test_a_levels_label_is_nearer_to_its_own_line_than_to_another() -> None:
    levels = (Level(14, "day 14", "target"), Level(186.2, "upper limit 186.2", "limit"),
              Level(156.6, "mean 156.6"), Level(127, "lower limit 127", "limit"))  # fmt: skip
    values = tuple(float(276 - 20 * at) for at in range(13))
    labels = tuple(f"C26-{at:04}" for at in range(13))
    axes = drawn(Chart("Days", "each case", labels, values, "words", "x", levels=levels)).axes[0]
    at = {text.get_text(): text.get_position()[1] * axes.get_ylim()[1] for text in axes.texts}
    for level in levels:
        assert min(levels, key=lambda one: abs(one.value - at[level.label])) is level, at


@pytest.mark.parametrize("name", ["month 1", "13 bars"])
def test_it_is_legible_on_a_phone_and_small_enough_to_stand_in_a_message(name: str) -> None:
    from PIL import Image  # comes with what draws, as above

    figure = drawn(CHARTS[name])
    halved = 360 / figure.bbox.width
    sizes = [one.get_size() for one in texts_of(figure)]
    assert min(sizes) * figure.dpi / 72 * halved >= 10  # pixels of a letter's height on a phone
    made = picture(CHARTS[name])
    assert len(made) < MOST_BYTES
    with Image.open(BytesIO(made)) as shown:
        assert shown.width == 720
        assert "Software" not in shown.info


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_its_colours_stand_out_from_white_and_what_is_unusual_has_a_form_of_its_own() -> None:
    for colour in (BLUE, ORANGE, GREY, DARK):
        assert 1.05 / (luminance(colour) + 0.05) >= 4.5, colour
    chart = CHARTS["month 0"]
    figure = drawn(Chart(**{**chart.__dict__, "unusual": frozenset({2, 3})}))
    marks = [line.get_marker() for line in figure.axes[0].get_lines() if line.get_marker() != "None"]
    assert marks == ["o", "D"]


def test_without_the_library_a_word_says_what_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NoCharts, match=r"install irmer-bot\[charts\]"):
        picture(CHARTS["4 bars"])

"""How well and how fast does the reader read? `python -m bench.reader`.

Precision and recall per fact over the corpus of the tests and over sentences composed of parts, what each set
of the corpus comes to, the time a message takes, the days that dateparser's search makes of the same
sentences, and what dateparser makes of days written alone. A fact is found when it is right or asked; certain
when it is right without asking. Precision is over the certain.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from itertools import product

from dateparser.date import DateDataParser
from dateparser.search import search_dates

from bot.core.days.in_text import moments
from bot.core.days.until import read_until
from bot.core.days.written import leading_day, read_day
from bot.core.reader import read
from bot.core.refused import Refused
from bot.core.settings.definitions import read_setting
from bot.core.settings.setting_kinds import Asker
from storage.model import Destination
from tests.core.days.table import NOW as TYPED_AT
from tests.core.days.table import ROWS as TYPED
from tests.core.reader.composed import sentences
from tests.core.reader.corpus import NOW, Outcome, Row, outcomes, rows
from tests.core.reader.messages import WRITTEN_APART, judged, messages

HOSTILE = (
    "1 ", "(", "?", " ", "\n", "not ", "12 mSv instead of ", "CT ", "2 patients ", "may ", "☢️🏥", "1.",
    "12% of the intended dose ", "x-ray film ", "radiopharmacuetical latteralty pregant ", "5 of 6 ",
    "planned 60 Gy in 30 fractions, delivered 66 Gy. ", "1/2 ", "4/12 ", "a/b ", "2 images plus ", "1.1 ",
)  # fmt: skip
HOSTILE_DAYS = (
    "-", ",", " ", "'", "3/", "3/11 ", "2026-", "2026-11-03", "10.30 on ", "14:05 at ", "at ", "on the ",
    "last ", "a week ", "half ", "may 3 ", "friday 3pm ", "3 december or ", "sat-", "24 dec - 2 jan,",
    "yesterday ",
)  # fmt: skip
COLUMNS = ("facts", "right", "asked", "missed", "wrong", "precision", "certain", "found")
DATES = frozenset({"occurred_on", "discovered_on"})


def line(name: str, found: Counter[str]) -> str:
    stated = found["right"] + found["asked"] + found["missed"]
    sure = found["right"] + found["wrong"]
    shares = (
        f"{100 * part / of:9.1f}%" if of else f"{'-':>10}"
        for part, of in ((found["right"], sure), (found["right"], stated), (stated - found["missed"], stated))
    )
    numbers = "".join(
        f"{count:8}" for count in (stated, *(found[how] for how in ("right", "asked", "missed", "wrong")))
    )
    return f"{name:28}{numbers}{''.join(shares)}"


def table(title: str, groups: Iterable[tuple[str, Counter[str]]]) -> None:
    print(
        f"\n{title:28}"
        + "".join(f"{name:>8}" for name in COLUMNS[:5])
        + "".join(f"{name:>10}" for name in COLUMNS[5:])
    )
    for name, found in groups:
        print(line(name, found))


def grouped(found: Iterable[Outcome], by: str) -> list[tuple[str, Counter[str]]]:
    groups: dict[str, Counter[str]] = defaultdict(Counter)
    for one in found:
        groups[one.fact if by == "fact" else one.row.set][one.how] += 1
        groups["all"][one.how] += 1
    return sorted(groups.items(), key=lambda item: (item[0] == "all", item[0]))


def as_rows(seed: int, count: int) -> list[Row]:
    made = sentences(seed, count)
    return [Row(s.text, s.facts, frozenset(s.to_confirm), "composed", "composed") for s in made]


def days(texts: tuple[Row, ...]) -> None:
    """Of each sentence's days, how many each finds, and how many it finds where there are none."""
    counts: dict[str, Counter[str]] = {
        "our grammar": Counter(),
        "dateparser.search": Counter(),
    }
    naive = NOW.replace(tzinfo=None)
    settings = {"PREFER_DATES_FROM": "past", "DATE_ORDER": "DMY", "RELATIVE_BASE": naive}
    for row in texts:
        wanted = {str(value)[:10] for name, value in row.facts.items() if name in DATES}
        ours = read(row.text, NOW).facts
        found = search_dates(row.text, languages=["en"], settings=settings) or []
        answers = (
            {str(value)[:10] for name, value in ours.items() if name in DATES},
            {moment.date().isoformat() for _, moment in found},
        )
        # A day that may only be asked is not held against either.
        unsure = bool(row.to_confirm & DATES)
        for (_, tally), got in zip(counts.items(), answers, strict=True):
            tally["days"] += len(wanted)
            tally["found"] += len(wanted & got)
            tally["made up"] += 0 if unsure else len(got - wanted)
    print(f"\n{'days in the corpus':30}{'days':>8}{'found':>8}{'made up':>9}{'of those found':>16}")
    for name, tally in counts.items():
        total = tally["found"] + tally["made up"]
        share = 100 * tally["made up"] / total
        print(f"{name:30}{tally['days']:8}{tally['found']:8}{tally['made up']:9}{share:15.1f}%")


def typed_days() -> None:
    """What dateparser makes of the days of the tests' table, each written alone."""
    head = f"dateparser, {len(TYPED)} days as typed"
    print(f"\n{head:30}{'same':>8}{'other':>8}{'none':>8}{'guessed where we ask':>22}")
    for way, column in (("past", 1), ("future", 2)):
        settings = {
            "PREFER_DATES_FROM": way,
            "DATE_ORDER": "DMY",
            "RELATIVE_BASE": TYPED_AT.replace(tzinfo=None),
        }
        parser = DateDataParser(languages=["en"], settings=settings)
        tally: Counter[str] = Counter()
        for row in TYPED:
            found = parser.get_date_data(row[0]).date_obj if row[0] else None
            if row[column].startswith("!"):
                tally["guessed" if found else "asked"] += 1
            else:
                tally["none" if not found else "same" if f"{found:%F}" == row[column][:10] else "other"] += 1
        print(f"{way:30}{tally['same']:8}{tally['other']:8}{tally['none']:8}{tally['guessed']:22}")


def seconds(texts: Iterable[str], now: datetime, passes: int) -> list[float]:
    best = []
    for text in texts:
        took = []
        for _ in range(passes):
            start = time.perf_counter()
            read(text, now)
            took.append(time.perf_counter() - start)
        best.append(statistics.median(took))
    return best


def hostile_days(passes: int) -> None:
    """Of an answer, a reason after a day, a snooze, a setting and a text."""
    here = Asker("u1", Destination("typed", "c1"))
    doors: dict[str, Callable[[str], object]] = {
        "an answer": lambda text: read_day(text, NOW),
        "a day and why": lambda text: leading_day(f"yesterday {text}", NOW),
        "a snooze": lambda text: read_until(f"tomorrow {text}", NOW, NOW.time()),
        "quiet days": lambda text: read_setting("quiet_days", text, here),
        "a text": lambda text: moments(text, NOW),
    }
    worst = []
    for piece, (name, door) in product(HOSTILE_DAYS, doors.items()):
        took = []
        for _ in range(passes):
            start = time.perf_counter()
            with suppress(Refused):
                door((piece * 40_000)[:40_000])
            took.append(time.perf_counter() - start)
        worst.append((min(took), name, piece))
    slowest, name, piece = max(worst)
    print(f"40,000 hostile characters as days: {1e3 * slowest:.0f} ms at worst, {name} of {piece!r}")


def main(composed: int, passes: int) -> None:
    corpus = [one for row in rows() for one in outcomes(row)]
    table(f"corpus, {len(rows())} sentences", grouped(corpus, "fact"))
    table("by set", grouped(corpus, "set"))
    made = [one for row in as_rows(1, composed) for one in outcomes(row) if one.fact != "exposure"]
    table(f"composed, {composed} sentences", grouped(made, "fact"))
    told = []
    for name in WRITTEN_APART:
        hows = (one.how for message in messages(name) for one in judged(message))
        told.append((f"{name}, {len(messages(name))}", Counter(hows)))
    table("written without the reader", told)
    days(rows())
    typed_days()
    took = sorted(seconds((row.text for row in rows()), NOW, passes))
    late = took[int(0.99 * len(took))]
    print(f"\na message: median {1e3 * statistics.median(took):.1f} ms, 99th percentile {1e3 * late:.1f} ms")
    worst, piece = max(
        zip(seconds(((piece * 40_000)[:40_000] for piece in HOSTILE), NOW, passes), HOSTILE, strict=True)
    )
    print(f"40,000 hostile characters: {1e3 * worst:.0f} ms at worst, of {piece!r}")
    hostile_days(passes)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--composed", type=int, default=1000)
    options.add_argument("--passes", type=int, default=3)
    given = options.parse_args()
    main(given.composed, given.passes)

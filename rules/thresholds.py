"""Looks up the criteria by code, by word, or by intended dose. It imports little, so that it starts fast."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from rules.conditions import RatioWithin, Within
from rules.edition import LIVE_TABLE, Criterion, Edition
from rules.editions import edition_for
from rules.spans import EXACT, INFINITY, Bound, Span, exactly, plain
from rules.topics import ALL_WORDS, COURSE, DOSES, TOPICS, Topic

if TYPE_CHECKING:
    from rules.quantities import Found

# The codes that a quantity can be about, by its unit.
CODES_OF = {
    "Sv": frozenset(DOSES.split()),
    "Gy": frozenset({"5"}),
    "Bq": frozenset({"10.1", "10.2"}),
    "": frozenset(("2.2", "2.4", *COURSE.split(), "10.1", "10.2")) - {"9.1"},
}
MAX_LENGTH = 200


class Entry(NamedTuple):
    """A criterion, or what goes with one: then `code` is empty. `where` says where in the guidance."""

    code: str
    title: str
    sentence: str
    where: str


class LookUp(NamedTuple):
    """What was found, in the order of the table. `notes` come first, and never repeat what was typed."""

    matches: tuple[Entry, ...]
    notes: tuple[str, ...]


def look_up(words: str) -> LookUp:
    """The criteria that these words are about, and all of them where nothing is given. It never raises."""
    edition = edition_for(None)
    words = words[:MAX_LENGTH]
    if not words.strip(" ?!."):
        return LookUp(tuple(map(_row, edition.criteria)), ())
    text, quantities = _quantities(words)
    text, topics = _topics(text)
    typed = dict.fromkeys(_typed(text))
    if not topics and not typed and not quantities:
        text, topics = _topics(_nearest(text))
        notes = ["Nothing stands under these words. This is the nearest."] if topics else []
    else:
        notes = []
    about = _about(topics)
    matches = [_row(c) for code in typed for c in _by_code(code, edition, notes)]
    matches += _by_quantities(quantities, about, edition, notes, total=bool(_TOTAL.search(words)))
    if not matches:
        matches = [_row(edition.by_code[code]) for code in about]
    order = [criterion.code for criterion in edition.criteria]
    matches = sorted(dict.fromkeys(matches), key=lambda match: order.index(match.code))
    notes += [topic.note for topic in topics if topic.note]
    notes += [_newer(c) for c in edition.criteria if c.newer and c.code in {match.code for match in matches}]
    return LookUp((*matches, *_asides(topics, edition)), tuple(dict.fromkeys(notes)))


def _row(criterion: Criterion) -> Entry:
    return Entry(criterion.code, criterion.category, criterion.words, criterion.where)


def _newer(criterion: Criterion) -> str:
    return f"A later wording of code {criterion.code} is known to cover {criterion.newer}: {LIVE_TABLE}."


# ------------------------------------------------------------------------------------------------ by word
# With the gap that a phrase begins and ends at; after a stem, marked *, anything may follow.
_STEMS = tuple(
    (f" {phrase.removesuffix('*')}" if phrase.endswith("*") else f" {phrase} ", topic)
    for phrase, topic in ALL_WORDS
)


def _topics(text: str) -> tuple[str, list[Topic]]:
    """The topics in a text, the longest phrase first, and what is left of the text."""
    plainly = re.sub(r"[^\w.]|_|[.](?!\d)", " ", text.lower())
    left = f" {' '.join(plainly.split())} "
    found: list[Topic] = []
    for stem, topic in _STEMS:
        while (at := left.find(stem)) >= 0:
            left = f"{left[:at]} {left[left.index(' ', at + len(stem) - 1) :]}"
            found.append(topic)
    return left, [topic for topic in TOPICS if topic in found]


def _about(topics: list[Topic]) -> frozenset[str]:
    """The codes that all topics share; else those of the topics that are about few."""
    sets = [frozenset(topic.codes.split()) for topic in topics if topic.codes]
    if not sets:
        return frozenset()
    few = [codes for codes in sets if len(codes) <= 3] or sets
    return frozenset.intersection(*sets) or frozenset.intersection(*few) or frozenset.union(*few)


def _nearest(text: str) -> str:
    """The known words that are nearest to those in a text."""
    from difflib import get_close_matches  # 1 ms, for words that nothing is known of

    known = [phrase.removesuffix("*") for phrase, _ in ALL_WORDS if len(phrase) > 4]
    near = (get_close_matches(word, known, 1, 0.75) for word in text.split() if len(word) > 3)
    return " ".join(word for words in near for word in words)


def _asides(topics: list[Topic], edition: Edition) -> Iterator[Entry]:
    names = dict.fromkeys(name for topic in topics for name in topic.asides.split())
    if names:
        from rules.asides import aside  # 4 ms, dates and time zones among them

        for name in names:
            yield from (Entry("", *texts) for texts in aside(name, edition))


# ------------------------------------------------------------------------------------------------ by code
_CODE = re.compile(r"(?<![\w.])([mevc]?)(\d{1,2}\.\d[a-c]?|\d{1,2}(?=\s))(?![\w.])")
_ONLY_CODES = re.compile(
    r"\s*(?:(?:codes?|criteri(?:on|a)|rows?|number|and|or|to|[mevc]?\d{1,2}|[mevc])\s+)+"
)


def _typed(text: str) -> Iterator[str]:
    """The codes in a text. A whole number or a letter is one only where nothing else stands beside it."""
    alone = bool(_ONLY_CODES.fullmatch(re.sub(_CODE, " ", text) + " "))
    for letter, code in _CODE.findall(text):
        if "." in code or alone or not text.replace(code, "", 1).strip(" mevc"):
            yield from filter(None, (letter.upper(), code))
    if alone:
        yield from (word.upper() for word in text.split() if word in "mevc")


def _by_code(code: str, edition: Edition, notes: list[str]) -> list[Criterion]:
    """The rows of a code, of those that begin with it, and of what it stood for before."""
    former = {old: new for old, new in edition.old_codes.items() if old == code or old.startswith(f"{code}.")}
    found = [c for c in edition.criteria if c.code == code or _begins(c.code, code)]
    for old, new in former.items():
        month = f"{edition.published:%B %Y}"
        names = " and ".join(f"{now} ({edition.by_code[now].category.lower()})" for now in new)
        today = "It is another row now" if old in edition.by_code else "There is no such code now"
        notes.append(f"Until {month} code {old} stood for what is now {names}. {today}: which is meant?")
        found += [edition.by_code[now] for now in new]
    number = code.split(".")[0]
    if code in former and code not in edition.by_code:
        found += [c for c in edition.criteria if c.code == number or _begins(c.code, number)]
    if not found:
        notes.append(f"There is no code {code}. If it is a dose, write its unit: {code.rstrip('abc')} mSv.")
        found = [c for c in edition.criteria if _begins(c.code, number)]
    return found


def _begins(code: str, start: str) -> bool:
    rest = code.removeprefix(start)
    return bool(rest) and rest != code and not rest[0].isdigit()


# -------------------------------------------------------------------------------------------- by quantity
_TOTAL = re.compile(r"\b(total|in all|received|got|gave)\b", re.I)


def _quantities(words: str) -> tuple[str, list[Found]]:
    """The quantities in a text, and the text without them."""
    if not re.search(r"\d", words) or not re.search(
        r"sv|sievert|gy|gray|bq|becquerel|%|times|fold", words, re.I
    ):
        return words, []
    from rules.quantities import find  # 10 ms, and most look-ups hold no dose

    found = list(find(words))
    for quantity in reversed(found):
        words = f"{words[: quantity.start]} {words[quantity.end :]}"
    return words, found


def _by_quantities(
    quantities: list[Found], about: frozenset[str], edition: Edition, notes: list[str], *, total: bool
) -> list[Entry]:
    notes += [f"{found.refusal[:1].upper()}{found.refusal[1:]}." for found in quantities if found.refusal]
    matches: list[Entry] = []
    for found in quantities:
        codes = CODES_OF.get(found.base, CODES_OF[""])
        if found.span is None or (about and not about & codes):
            continue
        asked = [edition.by_code[code] for code in sorted(codes)]
        if found.base == "Sv" and total and len(quantities) == 1:
            notes.append("What a total is held against depends on the dose that was intended.")
            here = [_row(edition.by_code["1"]), *map(_row, asked)]
        elif found.base == "Sv":
            notes.append(_AS_INTENDED[len(quantities) > 1])
            here = [_row(edition.by_code["1"])] if found.span.is_zero else _by_dose(found.span, edition)
        elif found.base == "Bq":
            here = [_by_activity(criterion, found.span) for criterion in asked]
        else:
            here = [_row(criterion) for criterion in asked]
        matches += [match for match in here if match.code in about] or here
    return matches


_AS_INTENDED = (
    "The dose is read as the intended one. If no exposure was intended, it is accidental: code 1.",
    "Each dose is read as an intended one. For an incident, check what happened instead.",
)


def _by_dose(intended: Span, edition: Edition) -> list[Entry]:
    """From which total on an intended dose is notifiable, by the rows in whose bands it lies."""
    found = []
    for code, band in edition.bands.items():
        if part := intended & band:
            criterion = edition.by_code[code]
            adult, child = (_from(criterion, part, group) for group in ("adult", "child"))
            line = f"With {part.words('mSv')} intended, notify from {adult} in all"
            line += f", for a child from {child}." if child != adult else "."
            found.append(Entry(code, criterion.category, line, criterion.where))
    return found


def _from(criterion: Criterion, intended: Span, age_group: str) -> str:
    """The total from which a row is met, taken from its condition: `25 mSv`, `15 mSv, 10 times that,`."""
    rest = criterion.when.without({"intended_dose": intended, "age_group": frozenset({age_group})})
    assert not isinstance(rest, bool)
    atoms = list(rest.atoms())
    limits = [atom.limit for atom in atoms if isinstance(atom, Within)]
    if limits:
        return f"{plain(min(limits))} mSv"
    (atom,) = (atom for atom in atoms if isinstance(atom, RatioWithin))
    if not intended.positive or intended.high.value == INFINITY:
        return f"{plain(atom.limit)} times what was intended"
    reach = _times(intended, atom).words("mSv")
    return f"{reach} ({plain(atom.limit)} times)"


def _times(span: Span, atom: RatioWithin) -> Span:
    low, high = (Bound(EXACT.multiply(bound.value, atom.limit)) for bound in span)
    return Span(low, high)


def _by_activity(criterion: Criterion, prescribed: Span) -> Entry:
    """Outside which activities a prescribed one is notifiable."""
    if not prescribed.exact or prescribed.is_zero:
        return _row(criterion)
    limits = [_times(prescribed, a) for a in criterion.when.atoms() if isinstance(a, RatioWithin)]
    below, over = (limit.words("MBq") for limit in sorted(limits))
    given = exactly(prescribed.low.value).words("MBq")
    line = f"With {given} prescribed, notify where less than {below} or more than {over} was delivered."
    return Entry(criterion.code, criterion.category, line, criterion.where)

"""Looks up the criteria by code, by word, or by intended dose. It imports little, so that it starts fast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from rules.edition_model import LIVE_TABLE, Criterion, Edition
from rules.editions import edition_for
from rules.threshold_rows import Entry, row_of
from rules.topics import ALL_WORDS, TOPICS, Topic

if TYPE_CHECKING:
    from rules.quantities import Found

MAX_LENGTH = 200


class LookUp(NamedTuple):
    """What was found, in the order of the table. `notes` have to be known before a row is used, `remarks` go
    with the rows; neither repeats what was typed. `notifies`: one of the rows makes an incident notifiable.
    `first` is the figure to read first where there are several, by its row."""

    matches: tuple[Entry, ...]
    notes: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    notifies: bool = False
    first: Entry | None = None


def look_up(words: str) -> LookUp:
    """The criteria that these words are about, and all of them where nothing is given. It never raises."""
    edition = edition_for(None)
    words = words[:MAX_LENGTH]
    if remembered := _PLAIN.get(words):
        return remembered
    if not words.strip(" ?!."):
        return LookUp(tuple(row_of(row) for row in edition.criteria), (), notifies=True)
    text, quantities = _quantities(words)
    text, topics = _topics(text)
    typed = dict.fromkeys(_typed(text))
    near = False
    if not topics and not typed and not quantities:
        text, topics = _topics(_nearest(text))
        near = bool(topics)
    if not typed and not quantities:
        found = _by_topics(tuple(topics), near)
        if topics and not near and _is_plain(words, text):
            if len(_PLAIN) >= MOST_PLAIN:
                _PLAIN.clear()
            _PLAIN[words] = found
        return found
    return _found(topics, near, tuple(typed), quantities, total=bool(_TOTAL.search(words)))


# What was found under words that are plainly words of the field, and nobody's own: no others are held.
_PLAIN: dict[str, LookUp] = {}
MOST_PLAIN, LONGEST_PLAIN = 256, 40


def _is_plain(words: str, left: str) -> bool:
    """Was nothing `left` of them, and does no number stand in them?"""
    return len(words) <= LONGEST_PLAIN and not left.strip() and not re.search(r"\d", words)


@lru_cache(maxsize=256)  # nothing typed is held by it
def _by_topics(topics: tuple[Topic, ...], near: bool) -> LookUp:
    return _found(topics, near)


def _found(
    topics: Sequence[Topic],
    near: bool,
    typed: Sequence[str] = (),
    quantities: Sequence[Found] = (),
    *,
    total: bool = False,
) -> LookUp:
    edition = edition_for(None)
    notes = ["Nothing was found under these words. This is the nearest."] if near else []
    about, child = _about(topics), any(topic.whose == "child" for topic in topics)
    matches = [row_of(c, child=child) for code in typed for c in _by_code(code, edition, notes)]
    quantities = [q for q in quantities if q.base != "Gy" or "5" in about or not _measured(topics)]
    if quantities:
        from rules.threshold_doses import by_quantities  # 1 ms, and most look-ups hold no dose

        matches += by_quantities(quantities, about, edition, notes, total=total, child=child)
    remarks = [topic.note for topic in topics if topic.note]
    first = None
    if not matches:
        matches = [row_of(edition.by_code[code], child=child) for code in about]
        if any(topic.typical for topic in topics):
            from rules.typical import by_examination  # 1 ms, for the look-ups that name an examination

            matches, first, said = by_examination(topics, matches, edition, child=child)
            remarks += said
    order = [criterion.code for criterion in edition.criteria]
    matches = sorted(dict.fromkeys(matches), key=lambda match: order.index(match.code))
    found = [edition.by_code[match.code] for match in matches]
    notes += [_newer(criterion) for criterion in dict.fromkeys(found) if criterion.newer]
    return LookUp(
        (*matches, *_asides(topics, edition)),
        tuple(dict.fromkeys(notes)),
        tuple(dict.fromkeys(remarks)),
        any(criterion.notifies for criterion in found),
        first,
    )


def _newer(criterion: Criterion) -> str:
    return f"A later wording of code {criterion.code} is known to cover {criterion.newer}: {LIVE_TABLE}."


# ------------------------------------------------------------------------------------------------ by word
# With the gap that a phrase begins and ends at; after a stem, marked *, anything may follow.
_STEMS = tuple(
    (f" {phrase.removesuffix('*')}" if phrase.endswith("*") else f" {phrase} ", topic)
    for phrase, topic in ALL_WORDS
)
# Their places by the two letters that they begin with: of five hundred a few words need a handful.
_PLACES: dict[str, list[int]] = {}
for _place, (_stem, _) in enumerate(_STEMS):
    _PLACES.setdefault(_stem[1:3], []).append(_place)


def _topics(text: str) -> tuple[str, list[Topic]]:
    """The topics in a text, the longest phrase first, and what is left of the text."""
    plainly = re.sub(r"[^\w.]|_|[.](?!\d)", " ", text.lower())
    left = f" {' '.join(plainly.split())} "
    found: list[Topic] = []
    beginnings = {left[at : at + 2] for at in range(1, len(left)) if left[at - 1] == " "}
    for place in sorted(place for two in beginnings for place in _PLACES.get(two, ())):
        stem, topic = _STEMS[place]
        while (at := left.find(stem)) >= 0:
            left = f"{left[:at]} {left[left.index(' ', at + len(stem) - 1) :]}"
            found.append(topic)
    return left, [topic for topic in TOPICS if topic in found]


def _about(topics: Sequence[Topic]) -> frozenset[str]:
    """The codes that all topics share; else those of the topics that are about few."""
    whose = [topic for topic in topics if topic.whose]
    about = [topic for topic in topics if topic.codes and topic not in whose] or whose
    sets = [frozenset(topic.codes.split()) for topic in about]
    if not sets:
        return frozenset()
    few = [codes for codes in sets if len(codes) <= 3] or sets
    return frozenset.intersection(*sets) or frozenset.intersection(*few) or frozenset.union(*few)


def _measured(topics: Sequence[Topic]) -> bool:
    return any(topic.measured for topic in topics)


def _nearest(text: str) -> str:
    """The known words that are nearest to those in a text."""
    from difflib import get_close_matches  # 1 ms, for words that nothing is known of

    known = [phrase.removesuffix("*") for phrase, _ in ALL_WORDS if len(phrase) > 4]
    near = (get_close_matches(word, known, 1, 0.75) for word in text.split() if len(word) > 3)
    return " ".join(word for words in near for word in words)


def _asides(topics: Sequence[Topic], edition: Edition) -> Iterator[Entry]:
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

"""What describes an incident and decides nothing: modality, examinations, cause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.examinations import Mention
from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.vocabulary import HINT, NO_RADIATION, PARTS, SURE

# The same, where nothing else is spoken of: "the intended dose on a lumbar spine" intends a dose.
_SAID_TO_BE_MEANT = re.compile(
    r"\b(?:instead of|rather than|in place of|booked(?: in)? for|referred for|due(?: for)?|requested"
    r"|(?:intended|planned|meant|supposed)"
    r"(?: for| to (?:have|get))?|should(?:'ve| have)(?: (?:had|been|got|received))?)\s+(?:an?\s+|the\s+"
    r"|only\s+)?(?!dose)(?:\w+[ /-]){0,2}?$"
)
_TELLS_NOTHING = re.compile(r"(?:cts?|pets?|x[ -]?rays?|xr|scans?|films?|planning scans?|.*(?:ed|ing))")
_WRONG = r"(?:wrong|incorrect)"
_CAUSES = tuple(
    (cause, re.compile(rf"\b(?:{words})\b"))
    for cause, words in (
        (
            "wrong patient referred",
            rf"referred (?:the )?{_WRONG} (?:patient|pt)|{_WRONG} (?:patient|pt) (?:was )?referred"
            rf"|referral for the {_WRONG} (?:patient|pt)",
        ),
        (
            "wrong patient identified",
            r"(?:id|identity) (?:check )?(?:was )?not checked|misidentif\w+|mis-identif\w+"
            r"|(?:patient )?identification error",
        ),
        ("wrong examination", rf"{_WRONG} (?:exam|examination|study)|examination error"),
        ("wrong side", rf"{_WRONG} (?:side|laterality)|laterality error"),
        ("wrong protocol", rf"{_WRONG} protocol"),
        ("wrong timing", rf"{_WRONG} (?:day|date|time|timing)"),
        ("software fault", r"software (?:\w+ )?(?:fault|failure|crash|crashed|error|bug)"),
        (
            "equipment fault",
            r"equipment fault|(?:scanner|machine|detector|generator|tube) (?:fault|failure|failed"
            r"|broke down)",
        ),
        ("set-up", r"set[ -]?up error|wrong moves"),
        ("administration", r"extravasat\w+"),
    )
)


def details(page: Page, named: list[Mention]) -> Iterator[Finding]:
    exposing = [m for m in named if m.category != NO_RADIATION and not m.aside and m.weight > HINT]
    made = [m for m in exposing if m.modality and (m.made or not m.meant) and m.weight == SURE]
    if len({m.modality for m in made}) == 1:
        yield Finding("modality", made[0].modality, made[0].start, made[0].end)
    for fact, chosen in (
        ("examination_intended", [m for m in exposing if m.meant and not m.made]),
        ("examination_performed", [m for m in exposing if m.made and not m.meant]),
    ):
        if len(chosen) == 1 and chosen[0].modality:
            start, end = _with_part(page, chosen[0])
            words = " ".join(page.text[start:end].split())
            plain = not _TELLS_NOTHING.fullmatch(words.lower())
            if plain and (fact != "examination_intended" or _SAID_TO_BE_MEANT.search(page.before(start, 60))):
                yield Finding(fact, words, start, end)


def _with_part(page: Page, mention: Mention) -> tuple[int, int]:
    """The examination with the part of the body that stands directly before or after it."""
    start, end = mention.start, mention.end
    after = re.compile(rf"(?:[ /]+(?:of (?:the )?)?(?:{PARTS.pattern})){{1,3}}").match(page.low, end)
    before = re.search(rf"(?:(?:{PARTS.pattern})[ /]+){{1,2}}$", page.low[max(0, start - 30) : start])
    if after:
        end = after.end()
    elif before:
        start -= len(before[0])
    return start, end


def causes(page: Page) -> Iterator[Finding]:
    """The cause, where the text names one and no more."""
    found = [(cause, match) for cause, words in _CAUSES if (match := words.search(page.low))]
    if len(found) == 1:
        cause, match = found[0]
        if page.denied(*match.span()) is False and not page.doubt(*match.span()):
            yield Finding("cause", cause, *match.span())

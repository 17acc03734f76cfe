"""Names of persons: after a title, a label or a word for a person, by their form, and by known surnames and
forenames beside each other."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from bot.core.identifying.name_words import BY, LABELS, PERSON, TITLES, NameToken, NameTokens
from bot.core.identifying.vocabulary import beside

_BLANK = re.compile(r"[ \t]{1,3}")
_IN_NAME = re.compile(r"[ .]{1,3}")
_AFTER_TITLE = re.compile(r"\.?[ \t]{1,3}|\.")
_COMMA = re.compile(r",\s?")
_BETWEEN = re.compile(r"\s{1,4}|\s?[:=(,-]\s{0,4}|\s?[:=]?\s?[\"'“‘]")
_LABEL_GAP = re.compile(r"\s{0,2}[:=/-]?\s{1,4}|[:=/-]|\s{0,2}[:=]?\s{0,2}[\"'“‘]")

_OF_STAFF, _PARTICLES, _AS = beside("titles_of_staff"), beside("particles"), beside("as")
_KIN, _PATIENT = beside("kin"), beside("patient")
_DID_SURELY, _HAS = beside("did_surely"), beside("has")
_DID = _DID_SURELY | beside("did")
Span = tuple[int, int] | None


def names(text: str) -> Iterator[tuple[int, int]]:
    """Where one seems to stand, the end exclusive; they may overlap."""
    tokens = NameTokens(text)
    for at in tokens.beginnings():
        token, after = tokens.at(at), tokens.after(at)
        if not after:
            if len(tokens.words) == 1 and token.capital and token.sure_surname and not token.possessive:
                yield token.start, token.end
            return
        for rule in _RULES:
            if found := rule(text, token, after):
                yield found
                break


def _gap(text: str, one: NameToken, other: NameToken) -> str:
    return text[one.end : other.start] if other.start - one.end < 24 else "\n\n\n"


def _close(text: str, one: NameToken, other: NameToken) -> bool:
    return bool(_BLANK.fullmatch(_gap(text, one, other)))


def _past(
    text: str, token: NameToken, after: Sequence[NameToken], fillers: frozenset[str]
) -> tuple[str, Sequence[NameToken]]:
    """What follows the small words that may come between, and what all of that stands behind."""
    gap = _gap(text, token, after[0])
    while len(after) > 1 and after[0].low in fillers and len(after[0].text) < 9:
        gap += _gap(text, after[0], after[1])
        after = after[1:]
    return gap, after


def _through(text: str, named: Sequence[NameToken]) -> int:
    """Where a name ends that begins with the first of these."""
    end = named[0].end
    for before, token in itertools.pairwise(named):
        if not _IN_NAME.fullmatch(_gap(text, before, token)) or before.possessive:
            break
        if token.nobody or token.low in TITLES:
            break
        known = token.capital and not token.stop and token.surname
        if not (token.initial or token.low in _PARTICLES or token.unknown or known):
            break
        end = token.end
    return end


def _titled(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """`Mrs Jones`, `dr. T. Hall`."""
    if token.low not in TITLES or not _AFTER_TITLE.fullmatch(_gap(text, token, after[0])):
        return None
    named = after
    while len(named) > 1 and (named[0].initial or named[0].low in _PARTICLES or named[0].low == "test"):
        if not _IN_NAME.fullmatch(_gap(text, named[0], named[1])):
            break
        named = named[1:]
    one = named[0]
    if one.stop:
        return None
    known = one.surname or one.sure_forename
    if token.text in ("MR", "MS") or (
        token.low == "miss" and not token.capital
    ):  # a scan, an illness, a miss
        sure = one.capital and one.surname and not one.ordinary and not one.field
    elif token.low in _OF_STAFF:
        sure = one.capital and (known or (one.unknown and token.low in ("dr", "prof", "professor")))
        sure = sure or (token.low in ("dr", "prof") and one.sure_surname)
    else:
        sure = known if one.capital else one.sure_surname or (one.eponym and one.surname)
        sure = sure or one.unknown or (one.capital and not one.upper and len(one.bare) == 2)
        sure = sure or not (one.capital or one.ordinary or one.field)
        follows = named[1:2]
        sure = sure or (
            one.surname and bool(follows) and follows[0].low in _DID and _close(text, one, follows[0])
        )
    return (token.start, _through(text, named)) if sure else None


def _labelled(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """`name: John Smith`, `known as Bertie`."""
    if token.low not in LABELS:
        return None
    gap, named = _past(text, token, after, _AS)
    one = named[0]
    if not _LABEL_GAP.fullmatch(gap) or one.low in LABELS or one.low in TITLES or one.stop or one.nobody:
        return None
    verb, colon = token.low in ("called", "named", "known"), ":" in gap or "=" in gap
    known = (one.surname or one.forename) and not one.field
    if one.capital:
        sure = one.unknown or (known and not (one.ordinary and (verb or not colon)))
    else:
        sure = (known and not one.ordinary) or (colon and not verb and not one.ordinary and not one.field)
    return (one.start, _through(text, named)) if sure else None


def _of_person(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """`patient John Smith`, `her son Declan`, `spoke to Sarah`."""
    person = token.low in PERSON
    if not person and token.low not in BY:
        return None
    gap, named = _past(text, token, after, _AS if person else frozenset())
    one, second = named[0], named[1] if len(named) > 1 and _close(text, named[0], named[1]) else None
    if not (_BETWEEN if person else _BLANK).fullmatch(gap) or not one.capital or one.stop:
        return None
    if one.field or one.nobody or one.low in TITLES or (second is not None and second.nobody):
        return None
    known = (one.surname and not one.ordinary and (person or not one.eponym)) or one.sure_forename
    if person:
        known = known or (one.surname and token.low in ("baby", "twin"))
        alone = second is None or not second.capital or second.surname
        known = known or (one.unknown and (token.low in _PATIENT or (token.low in _KIN and alone)))
        known = known or (one.unknown and second is not None and second.surname)
    return (one.start, _through(text, named)) if known else None


def _comma(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """`SMITH, John`."""
    one = after[0]
    if not (token.capital and one.capital and _COMMA.fullmatch(_gap(text, token, one))):
        return None
    foreign = not token.bare.isascii() and token.unknown
    if token.possessive or token.field or not (token.surname or foreign):
        return None
    if one.initial:
        sure = token.sure_surname and not text[one.end : one.end + 1].isdigit()
    elif one.stop or one.field:
        return None
    elif token.sure_surname or foreign or token.upper:
        sure = one.unknown or one.sure_forename or (token.upper and not one.upper)
    else:
        sure = one.sure_forename
    return (token.start, one.end) if sure else None


def _beside(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """Two words of which one is a surname: `Ann Brown`, `SMITH T`, `khan fatima`."""
    one, gap = after[0], _gap(text, token, after[0])
    if token.initial:
        return _initials(text, token, after)
    if not _BLANK.fullmatch(gap) or token.possessive or token.stop or one.nobody:
        return None
    third = after[1] if len(after) > 1 and _close(text, one, after[1]) else None
    called_after = third is not None and third.nobody and not one.possessive
    if called_after or token.low in PERSON or token.low in TITLES:
        return None
    if one.initial:
        sure = token.capital and (
            token.sure_surname or (token.upper and token.surname and not token.ordinary)
        )
        return (token.start, one.end) if sure and not _goes_on(text, one) else None
    first = token.forename and not token.ordinary
    if not token.capital or not one.capital:
        sure = first and one.surname and not one.ordinary and not one.field
        return (token.start, one.end) if sure and token.capital == one.capital else None
    if one.stop or (one.field and not one.surname):
        return None
    if one.sure_surname:
        if not token.ordinary and (first or not (token.field or token.eponym)):
            return token.start, _through(text, after)
        return (one.start, one.end) if token.ordinary and _is_used(text, one, after[1:]) else None
    if one.field and not one.forename:  # the John Radcliffe
        return None
    if (one.surname and (token.forename or token.unknown)) or (token.sure_forename and one.unknown):
        return token.start, _through(text, after)
    written = token.sure_surname or (token.upper and token.surname and not one.upper)
    if written and (one.unknown or one.sure_forename or one.low in _PARTICLES):
        return token.start, _through(text, after)
    return None


def _goes_on(text: str, one: NameToken) -> bool:
    """Is it no initial but the beginning of something: `C-arm`, `L4`?"""
    return (
        text[one.end : one.end + 1] in ("-", "/", "'", "’", "&")
        or text[one.end : one.end + 2].strip()[:1].isdigit()
    )


def _initials(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """`J. Smith`, `T Jones`."""
    one, gap = after[0], _gap(text, token, after[0])
    if not _IN_NAME.fullmatch(gap) or not one.capital or one.stop or one.nobody:
        return None
    if len(after) > 1 and _close(text, one, after[1]) and after[1].nobody:
        return None
    sure = one.sure_surname or (gap[0] == "." and one.surname) or (one.eponym and one.surname and gap == ".")
    return (token.start, one.end) if sure else None


def _doing(text: str, token: NameToken, after: Sequence[NameToken]) -> Span:
    """A name alone that does something: `Patel had the other scan`."""
    if not token.capital or token.field or token.ordinary or (token.upper and len(token.bare) < 5):
        return None
    if token.eponym:
        used = token.surname and not token.possessive and after[0].low in _DID_SURELY
        return (token.start, token.end) if used and _close(text, token, after[0]) else None
    known = token.sure_surname or token.forename
    return (token.start, token.end) if known and _is_used(text, token, after) else None


def _is_used(text: str, token: NameToken, after: Sequence[NameToken]) -> bool:
    if not after or not _close(text, token, after[0]):
        return not after and not token.possessive
    return after[0].low in (_HAS if token.possessive else _DID)


_RULES = (_titled, _labelled, _of_person, _comma, _beside, _doing)

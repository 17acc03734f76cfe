"""Names of persons: after a title, a label or a word for a person, by their form, and by known surnames and
forenames beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from bot.core.identifying.vocabulary import STOP, fold, words

_WORD = re.compile(r"[^\W\d_]+(?:['’‘`][^\W\d_]+)*(?:[-‐-―][^\W\d_]+(?:['’][^\W\d_]+)*)*")
_HYPHENS = re.compile(r"[-‐-―]")
_POSSESSIVE = re.compile(r"['’](?:s|S)?$|['’]$")
_SHAPE = re.compile(r"(?:O['’][A-Z]|Ma?c[A-Z]|Fitz[A-Z])[^\W\d_]{2,}", re.I)
_CASED = re.compile(r"(?:O['’][A-Z]|Ma?c[A-Z]|D['’][A-Z]|Fitz)[^\W\d_]{2,}")
_SLAVIC = re.compile(r"[a-z]{3,}(?:wski|wska|icki|icka|inski|inska|ewicz|owicz|czyk|czak|escu|poulos|shvili|enko|sson)$")

_TITLES = frozenset("mr mrs ms miss mx mstr master sir dame rev revd fr dr prof professor doctor nurse sister".split())
_ROLE_TITLES = frozenset("dr prof professor doctor nurse sister fr sir dame master rev revd".split())
_PARTICLES = frozenset("de da di del della van von der den bin binti ibn al el abu ap ab ní ni nic ó mac le la du st".split())
# What a name follows.
_OF_PERSON = frozenset(
    """patient pt pts patients baby twin wife husband partner son daughter mum mam mother mummy dad father brother
    sister sibling gran grandmother nan grandson aunt uncle carer lady gentleman man woman boy girl child neighbour
    friend relative nok kin radiographer physicist consultant registrar spr radiologist nurse student operator
    practitioner referrer colleague driver receptionist secretary contact signed regards dear hi hello thanks cc""".split()
)
_ANY_NAME_AFTER = frozenset("patient pt baby twin".split())
_BETWEEN = re.compile(r"\s{1,2}(?:(?:is|was|called|named|a|the)\s){0,2}|\s?[:=(,-]\s{0,2}(?:(?:is|was)\s)?", re.I)
_LABELS = frozenset("name names surname forename nickname known called named aka née nee enw kin nok".split())
_LABEL_GAP = re.compile(
    r"\s?[:=/-]\s{0,3}|\s{1,2}(?:(?:is|was|as|given\sas|of)\s){0,2}(?:also\s)?[:=\"'“‘]?", re.I
)
# What follows an eponym, a hospital or a street that is called after somebody.
_NOT_A_PERSON = frozenset(
    """fracture fractures fx disease syndrome sign view views method projection position lesion tumour tumor node nodes
    classification class type grade group stage score criteria index test palsy lymphoma cyst cell cells body bodies
    triangle ligament line lines angle procedure operation manoeuvre technique approach catheter line stent filter pouch
    tube tubes tracing curve dislocation deformity contracture neuroma nodule nodules spot space fat pad oedema ring
    hospital hospitals infirmary ward unit suite centre center clinic wing house building room site trust university
    theatre block road street lane close avenue campus college school hall department dept institute foundation fund
    solution iodine chamber counter counters law effect protocol formula equation machine scanner linac camera
    detector generator phantom applicator pump system software workstation room ii iii iv b c""".split()
)
_DID = frozenset(
    """was is had has got came went attended needs needed arrived said says who for and were will would rang called
    complained told should did didn't wasn't hadn't received had underwent walked wanted booked scanned x-rayed
    xrayed imaged moved reported phoned phones also then""".split()
)  # fmt: skip


class _Token:
    """A word where it stands, and how it is written."""

    def __init__(self, match: re.Match[str]) -> None:
        self.text, self.start, self.end = match[0], match.start(), match.end()
        bare = _POSSESSIVE.sub("", self.text)
        self.possessive, self.bare = len(bare) < len(self.text), bare
        self.low = fold(bare)
        self.upper = len(bare) > 1 and bare.isupper()
        self.capital = bare[:1].isupper()
        self.initial = len(bare) == 1 and bare.isupper()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(fold(part) for part in _HYPHENS.split(self.bare))

    @cached_property
    def field(self) -> bool:
        return self.low in words("field") or all(part in words("field") for part in self.parts)

    @cached_property
    def ordinary(self) -> bool:
        """Also a hyphened word that begins or ends with one: `X-Ray`, `Non-Contrast`."""
        known = words("ordinary")
        return self.low in known or self.low in STOP or all(p in known or p in STOP for p in self.parts)

    @cached_property
    def stop(self) -> bool:
        return self.low in STOP or len(self.bare) < 2

    @cached_property
    def forename(self) -> bool:
        return self.low in words("forenames") or self.parts[0] in words("forenames")

    @cached_property
    def shaped(self) -> bool:
        return bool(_CASED.fullmatch(self.bare.replace("-", "")) or _SLAVIC.match(self.low)) and not self.field

    @cached_property
    def surname(self) -> bool:
        """Is it one, whatever else it may be?"""
        known = words("surnames")
        if self.shaped or self.low in known:
            return True
        return len(self.parts) > 1 and any(part in known for part in self.parts) and not self.field

    @cached_property
    def sure_surname(self) -> bool:
        return self.surname and not self.field and not self.ordinary

    @cached_property
    def unknown(self) -> bool:
        """Written like a name, and no word that we know: a forename or surname that stands in no list."""
        if not self.capital or self.stop or self.field or self.ordinary or len(self.bare) < 3:
            return False
        return not self.upper or len(self.bare) > 4

    @property
    def name(self) -> bool:
        """Could it stand for somebody, beside what says so?"""
        return self.capital and not self.stop and len(self.bare) > 1


def names(text: str) -> Iterator[tuple[int, int]]:
    tokens = [_Token(match) for match in _WORD.finditer(text)]
    for at, token in enumerate(tokens):
        after = tokens[at + 1 : at + 5]
        if not after:
            yield from _alone(text, token, tokens[at - 1] if at else None)
            return
        found = (
            _titled(text, token, after)
            or _labelled(text, token, after)
            or _person_word(text, token, after)
            or _comma(text, token, after)
            or _beside(text, token, after)
            or _doing(text, token, after)
        )
        if found:
            yield token.start if found[0] else after[0].start, found[1]


Found = tuple[bool, int] | None  # whether the token itself belongs to it, and where it ends


def _gap(text: str, one: _Token, other: _Token) -> str:
    return text[one.end : other.start] if other.start - one.end < 24 else "\n\n\n"


def _through(text: str, names_: list[_Token]) -> int:
    """Where a name ends that begins with the first of these."""
    end = names_[0].end
    for before, token in zip(names_, names_[1:], strict=False):
        gap = _gap(text, before, token)
        if not re.fullmatch(r"[ .]{1,2}", gap) or before.possessive:
            break
        if not (token.initial or token.low in _PARTICLES or token.unknown or (token.name and token.surname)):
            break
        if token.low in _NOT_A_PERSON or token.low in _TITLES:
            break
        end = token.end
    return end


def _titled(text: str, token: _Token, after: list[_Token]) -> Found:
    if token.low not in _TITLES:
        return None
    gap, named = _gap(text, token, after[0]), after
    if not re.fullmatch(r"\.?[  ]{0,3}|\.?\s", gap) or gap == "":
        return None
    while named and (named[0].initial or named[0].low in _PARTICLES) and len(named) > 1:
        if not re.fullmatch(r"[. ]{1,3}", _gap(text, named[0], named[1])):
            break
        named = named[1:]
    one = named[0]
    if one.stop or len(one.bare) < 2:
        return None
    known = one.surname or (one.forename and not one.ordinary)
    if token.text == "MR" or (token.low == "miss" and not token.capital) or token.text == "MS":
        sure = one.sure_surname and one.capital or (one.surname and one.upper and token.text == "MS")
        sure = sure or (token.text == "MR" and one.upper and one.surname and not one.ordinary)
    elif token.low in _ROLE_TITLES:
        sure = one.capital and (known if token.low in ("nurse", "sister", "master", "doctor", "fr") else known or one.unknown)
        sure = sure or (token.low in ("dr", "prof") and one.sure_surname)
    else:
        sure = one.capital and (known or one.unknown) or one.sure_surname
        sure = sure or not (one.capital or one.ordinary or one.field)
    return (True, _through(text, named)) if sure else None


def _labelled(text: str, token: _Token, after: list[_Token]) -> Found:
    if token.low not in _LABELS or not _LABEL_GAP.fullmatch(_gap(text, token, after[0])):
        return None
    one = after[0]
    if one.low in _LABELS or one.low in _TITLES or one.stop or one.low in _NOT_A_PERSON:
        return None
    verb = token.low in ("called", "named", "known")
    known = one.surname or one.forename
    colon = ":" in _gap(text, token, one) or "=" in _gap(text, token, one)
    if one.capital:
        sure = one.unknown or (known and not (one.ordinary and verb)) or (colon and not (one.field or one.ordinary))
    else:
        sure = (known and not one.ordinary and not one.field) or (
            colon and not verb and not one.ordinary and not one.field
        )
    return (False, _through(text, after)) if sure else None


def _person_word(text: str, token: _Token, after: list[_Token]) -> Found:
    if token.low not in _OF_PERSON or not _BETWEEN.fullmatch(_gap(text, token, after[0])):
        return None
    one = after[0]
    if one.field and not one.forename or one.low in _TITLES or not one.capital or one.stop:
        return None
    if one.low in _NOT_A_PERSON:
        return None
    second = after[1] if len(after) > 1 and _gap(text, one, after[1]) == " " else None
    if second is not None and second.low in _NOT_A_PERSON:
        return None
    known = (one.surname or one.forename) and not one.ordinary
    if known or (token.low in _ANY_NAME_AFTER and one.unknown) or (one.unknown and second and second.surname):
        return False, _through(text, after)
    return None


def _comma(text: str, token: _Token, after: list[_Token]) -> Found:
    """`SMITH, John`."""
    one = after[0]
    if not re.fullmatch(r",\s?", _gap(text, token, one)) or not (token.capital and one.capital):
        return None
    foreign = not token.bare.isascii() and token.unknown
    if one.stop or not (token.surname or foreign) or token.possessive:
        return None
    if token.sure_surname or foreign or (token.surname and token.upper):
        sure = one.unknown or (one.forename and not one.ordinary)
        sure = sure or (token.upper and not token.field and one.name and not one.field and not one.upper)
    else:
        sure = one.forename and not one.ordinary and not (one.field and token.field)
    return (True, one.end) if sure else None


def _beside(text: str, token: _Token, after: list[_Token]) -> Found:
    """Two words of which the one is a surname."""
    one = after[0]
    gap = _gap(text, token, one)
    if not re.fullmatch(r"[ \t]{1,3}|\. ?", gap):
        return None
    third = after[1] if len(after) > 1 and re.fullmatch(r"\s?", _gap(text, one, after[1])) else None
    if token.initial or (gap[0] == "." and not token.initial):
        return _initials(text, token, one, gap, third)
    called_after = third is not None and third.low in _NOT_A_PERSON and not one.possessive
    if not token.capital and not one.capital:
        sure = token.forename and one.surname and not (token.ordinary or one.ordinary or token.field or one.field)
        return (True, one.end) if sure else None
    if token.possessive or one.low in _NOT_A_PERSON or token.low in _OF_PERSON or token.low in _TITLES:
        return None
    first = token.forename and token.capital and not (token.ordinary and token.field)
    if one.initial:
        ends = third is None or not text[one.end : one.end + 1].isalnum()
        follows = text[one.end : one.end + 2].strip()[:1].isdigit() or text[one.end : one.end + 1] in ("-", "/", "'", "’")
        upper = token.upper and token.surname and not token.ordinary
        sure = ends and not follows and (token.sure_surname or upper) and token.capital
        return (True, one.end) if sure else None
    if not one.capital or one.stop:
        return None
    if called_after and not (first and one.sure_surname and third is not None and third.low in ("b", "c")):
        return None
    if one.sure_surname:
        sure = first or token.unknown or (token.capital and not token.stop and not token.field and not token.ordinary)
        if sure:
            return True, _through(text, after)
        return (False, one.end) if token.ordinary and not token.field and _is_used(text, one, after[1:]) else None
    if one.surname and (first or token.unknown):
        if token.surname and not first and token.field:
            return None
        return True, _through(text, after)
    if token.sure_surname and (one.unknown or (one.forename and not one.ordinary and not one.field)):
        return True, _through(text, after)
    return None


def _initials(text: str, token: _Token, one: _Token, gap: str, third: _Token | None) -> Found:
    if not token.initial or not one.capital or one.stop or (third is not None and third.low in _NOT_A_PERSON):
        return None
    sure = one.sure_surname or (gap[0] == "." and one.surname)
    return (True, one.end) if sure else None


def _doing(text: str, token: _Token, after: list[_Token]) -> Found:
    """A surname or a forename that does something: `Patel had the other scan`."""
    if not token.capital or token.field or token.ordinary or token.upper and len(token.bare) < 5:
        return None
    if not (token.sure_surname or token.forename) or not _is_used(text, token, after):
        return None
    return True, token.end


def _is_used(text: str, token: _Token, after: list[_Token]) -> bool:
    if not after:
        return not token.possessive
    gap = _gap(text, token, after[0])
    if after[0].low in _NOT_A_PERSON:
        return False
    return (gap in (" ", "  ") and after[0].low in _DID) or (token.possessive and after[0].low in _HAS)


_HAS = frozenset("scan ct mri xray x-ray film films images image notes request referral mum dad wife husband appointment slot dose exposure bed".split())


def _alone(text: str, token: _Token, before: _Token | None) -> Iterator[tuple[int, int]]:
    """The last word of all, where it is the only one."""
    if before is None and token.sure_surname and token.capital and not token.possessive:
        yield token.start, token.end

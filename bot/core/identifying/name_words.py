"""The words of a text, as far as it matters whether one is somebody's name: how each is written, in which
lists it stands, and what it may therefore be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, overload

from bot.core.identifying.vocabulary import STOP, beside, fold, words

_WORD = re.compile(
    r"(?<!\d)[^\W\d_]++(?!\d)(?:['’‘`][^\W\d_]+)*(?:[-‐-―][^\W\d_]+(?:['’][^\W\d_]+)*)*(?:(?<=s)['’](?!\w))?"
)
# The same in a text of ASCII alone, where a letter is told in a third of the time.
_ASCII_WORD = re.compile(_WORD.pattern.replace(r"[^\W\d_]", "[A-Za-z]"))
_HYPHENS = re.compile(r"[-‐-―]")
_POSSESSIVE = re.compile(r"['’][sS]?$")
_SHAPED = re.compile(r"(?:O['’][A-Z]|Ma?c[A-Z]|D['’][A-Z]|Fitz)[^\W\d_]{2,}")
_ENDING = re.compile(
    r"[a-z]{2,}(?:[wl]sk[iay]|[ck]i?ck[ia]|insk[ia]|e?wicz|czyk|czak|escu|poulos|shvili|enko)$"
)
# How words end that are not in the lists, and are no names.
_A_WORD = re.compile(
    r"(?:[a-z]{3}(?:ed|ing|ly|ies)|tion|sion|ology|ologist|itis|osis|graphy|grams?|graphic|scopy|ectomy|otomy"
    r"|plasty|ment|ance|ence|ness|able|ible|ic|ical|ous|ary|ive|ism|ist|ium|ide|ine|ol|ity|ships?|ful|less"
    r"|wards?|ware)$"
)

TITLES, LABELS, PERSON, BY = beside("titles"), beside("labels"), beside("person"), beside("by")
_NOT_A_PERSON = beside("not_a_person")
_BEGIN = TITLES | LABELS | PERSON | BY
LOOKS = 6  # words, as far as a rule looks from the first of a name


class _Word:
    """How a word is written, and what it may be."""

    def __init__(self, text: str) -> None:
        self.text = text
        bare = _POSSESSIVE.sub("", text)
        self.possessive, self.bare = len(bare) < len(text), bare
        self.low = low = fold(bare)
        self.upper = len(bare) > 1 and bare.isupper()
        self.capital = bare[:1].isupper()
        self.initial = len(bare) == 1 and self.capital
        self.parts = parts = tuple(fold(part) for part in _HYPHENS.split(bare))
        self.eponym = low in words("eponyms") or all(part in words("eponyms") for part in parts)
        self.field = low in words("field") or all(part in words("field") for part in parts)
        known = words("ordinary")
        # Also a hyphened word that is made of such: `X-Ray`, `Non-Contrast`.
        self.ordinary = low in known or low in STOP or all(p in known or p in STOP for p in parts)
        self.stop = low in STOP or len(bare) < 2
        nobodys = self.field or self.ordinary or self.eponym
        self.forename = low in words("forenames") or parts[0] in words("forenames")
        self.sure_forename = self.forename and not nobodys
        # Is it one, whatever else it may be?
        self.surname = self._surname()
        self.sure_surname = self.surname and not nobodys
        self.unknown = self._unknown(nobodys)
        # What makes the word before it no person: `Smith fracture`, `James Cook site`.
        self.nobody = low in _NOT_A_PERSON
        # Can a name begin with it, or after it?
        dull = self.stop and self.ordinary and not (self.surname or self.forename or self.initial)
        self.begins = (self.capital and not dull) or low in _BEGIN or (self.forename and not self.ordinary)
        # A porter, or by: what follows such a one is a name only where it is written like one.
        said = self.capital or self.forename or low in TITLES or low in LABELS
        self.wants_capital = not said and (low in PERSON or low in BY)

    def _surname(self) -> bool:
        known = words("surnames")
        if self.low in known or (not self.field and self._shaped):
            return True
        return len(self.parts) > 1 and any(part in known for part in self.parts) and not self.field

    @property
    def _shaped(self) -> bool:
        return bool(_SHAPED.fullmatch(self.bare.replace("-", "")) or _ENDING.match(self.low))

    def _unknown(self, nobodys: bool) -> bool:
        """Written like a name, and no word that we know: a name that stands in no list."""
        if not self.capital or self.stop or nobodys or len(self.bare) < 3:
            return False
        if (
            self.low not in words("surnames")
            and self.low not in words("forenames")
            and _A_WORD.search(self.low)
        ):
            return False
        return not self.upper or len(self.bare) > 4


# Words that are nobody's name, or are not written as one, are remembered, and no others: names stay nowhere.
_REMEMBERED: dict[str, dict[str, Any]] = {}
_MOST_REMEMBERED = 20_000
# Of these, what is no name wherever it stands. A short one with a capital may be one after a title: `Mrs Ng`.
_NOBODYS: set[str] = set()


def _word(text: str) -> dict[str, Any]:
    if (found := _REMEMBERED.get(text)) is None:
        word = _Word(text)
        found = vars(word)
        nobodys = (word.ordinary or word.field) and not word.surname and not word.forename
        small = word.ordinary and text.islower()  # the ward, a porter
        if (nobodys or small) and len(_REMEMBERED) < _MOST_REMEMBERED:
            _REMEMBERED[text] = found
            if nobodys and (len(text) > 4 or word.stop or not text[0].isupper()):
                _NOBODYS.add(text)
    return found


def _capital(word: str) -> bool:
    return word[0].isupper()


class NameToken(_Word):
    """A word where it stands."""

    start: int
    end: int

    def __init__(self, match: re.Match[str]) -> None:
        self.__dict__ = {**_word(match[0]), "start": match.start(), "end": match.end()}


class NameTokens:
    """The words of a text; of most nothing is asked, and no token is made."""

    def __init__(self, text: str) -> None:
        self._matches = list((_ASCII_WORD if text.isascii() else _WORD).finditer(text))
        self.words = [match[0] for match in self._matches]
        self._made: dict[int, NameToken] = {}

    def beginnings(self) -> Iterator[int]:
        """Where a name may begin: with a word that is somebody's or has such a one beside it, or as far on as
        a rule looks from one that says who is meant."""
        done = 0
        for unsure, word in enumerate(self.words):
            if word in _NOBODYS:
                continue
            for at in range(max(done, unsure - LOOKS), unsure + 1):
                first = _word(self.words[at])
                if not first["begins"] or (unsure - at >= 2 and first["low"] not in _BEGIN):
                    continue
                if not first["wants_capital"] or any(map(_capital, self.words[at + 1 : at + 1 + LOOKS])):
                    yield at
            done = unsure + 1

    def at(self, at: int) -> NameToken:
        if at not in self._made:
            self._made[at] = NameToken(self._matches[at])
        return self._made[at]

    def after(self, at: int) -> Sequence[NameToken]:
        """As many as a rule looks at."""
        return _Following(self, at + 1, min(at + 1 + LOOKS, len(self.words)))


class _Following(Sequence[NameToken]):
    """Each token is made once a rule asks for it: most rules look at the next one, and are done."""

    __slots__ = ("_end", "_start", "_tokens")

    def __init__(self, tokens: NameTokens, start: int, end: int) -> None:
        self._tokens, self._start, self._end = tokens, start, end

    def __len__(self) -> int:
        return self._end - self._start

    @overload
    def __getitem__(self, at: int) -> NameToken: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[NameToken]: ...
    def __getitem__(self, at: int | slice) -> NameToken | Sequence[NameToken]:
        which = range(self._start, self._end)[at]
        return self._tokens.at(which) if isinstance(which, int) else list(map(self._tokens.at, which))

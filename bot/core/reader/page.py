"""A message made ready to be read: one form of each character, its clauses, and what is denied or in doubt
there."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property

from rules.quantity_tokens import plain

# Nobody writes more than this about one incident; what stands between is masked, but not read.
READ_AT_MOST, READ_OF_THE_END = 3_000, 1_000

_QUOTES = str.maketrans({"’": "'", "‘": "'", "`": "'", "“": '"', "”": '"', "\t": " ", "\r": "\n", "\0": " "})
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
# Runs of blanks or of one mark say no more than a few; a pattern would go over them again and again.
_BLANKS = re.compile(r" {2,}| +(?=\n)|(?<=\n)[ \n]+")
_LINES = re.compile(r"([.,;:!?-]?)[ ]*\n[ \n]*")
_REPEATED = re.compile(r"([^\w\s])\1{3,}")
# "Total dose (mSv): 6.3", as on a form.
_UNIT_FIRST = re.compile(
    r"\s?[(\[]([mµukMG]?(?:Sv|Gy|Bq|sv|gy|bq)|y(?:(?:ea)?rs?)?)[)\]]\s?[:=]?\s?"
    r"(\d+(?:\.\d+)?(?:-\d+(?:\.\d+)?)?)(?![\d,]|\.\d|\s?[%a-zA-Z])"
)
# Their point ends no sentence.
_ABBREVIATED = re.compile(
    r"\b(?:est|approx|ca|no|pts?|dr|mrs?|ms|vs|incl|esp|resp|eff|abdo|exam|min|max|avg|ref|dept"
    r"|hosp)\.(?=\s|$)",
    re.I,
)
# "didnt" denies as well, and "shld" is no word of its own.
_CONTRACTED = re.compile(
    r"\b(did|do|does|was|were|is|are|has|had|have|would|could|should|must|ca|wo)nt\b", re.I
)
_SHORTHAND = {
    "shd": "should", "shld": "should", "wld": "would", "cld": "could", "w/o": "without", "cos": "because",
    "bc": "because", "coz": "because", "hx": "history",
}  # fmt: skip
_SHORT = re.compile(rf"(?<![\w.-])(?:{'|'.join(_SHORTHAND)})(?![\w.-])", re.I)
_SENTENCE_END = re.compile(r"(?:[!?]+|\.)(?=\s|$)")
_CLAUSE_END = re.compile(
    r"[,;:()\[\]]|\s-+\s|\b(?:but|however|although|though|then|while|whereas|so(?! far)|because|since|when"
    r"|until"
    r"|which|who|after"
    r"|before|despite|therefore|hence)\b"
)
_HEDGE = re.compile(
    r"(?<!in )\bmay\b|\b(?:might|maybe|perhaps|possibl[ey]|possibility|probabl[ey]|likely|suspect\w*"
    r"|suspicion|query"
    r"|queried|unsure|uncertain|unclear|(?:not|n't) (?:yet )?(?:sure|certain|clear|known|know|confirmed)"
    r"|dont know|unknown"
    r"|(?:i|we|they|she|he) thinks?|thought|believed?|apparently|could(?! not|n't)|whether|if|tbc"
    r"|to be confirmed"
    r"|await\w*|pending|wonder\w*|seems?|appear(?:s|ed)?|presum\w*|assum\w*|guess\w*|nearly|almost"
    r"|supposedly|allegedly"
    r"|in case|risk of|chance of|asked about|worried|concern(?:ed)?|potential(?:ly)?"
    r"|would(?!'ve (?:been|done)| have (?:been|done)| only| just)(?: have)?)\b|\?$"
)
_MONTH_OF_MAY = re.compile(
    r"(?:(?<=\d )|(?<=\dst )|(?<=\dnd )|(?<=\drd )|(?<=\dth )|(?<=of ))may\b|\bmay(?= \d)"
)
_HEDGE_AFTER = re.compile(
    r"[^.,;]{0,20}?(?:\?|\b(?:probably|possibly|maybe|perhaps|i think|we think|tbc|unconfirmed|to confirm"
    r"|needs? confirming|to be confirmed|not confirmed|suspected|queried|or so|so far|as yet)\b)"
    r"|\s*[(:-]?\s*(?:(?:is|was|are|were|still) )*(?:unclear|not sure|not known|unknown)\b"
    r"|\s*,?\s*if\b"
)
# "16, sorry 17": what stands before it is taken back.
RETRACTION = (
    r"[\s,.;:(-]*\b(?:(?:actually )?no[ ,]+sorry|sorry(?! (?:about|for|to|if)\b)|correction|i meant?"
    r"|make that|scrap that|no wait|wait,? no|or rather|actually(?=[ ,]+no\b))\b"
)
_RETRACTED = re.compile(RETRACTION)
_NO = re.compile(
    r"\b(?:no(?!\.)|not|never|without|nor|neither|non|nil|denie[sd]|denying|cannot|exclud\w+|rul(?:e[sd]?"
    r"|ing) out|absence of"
    r"|free of|lack of|zero|none)\b|n't\b"
)
# "nobody noticed the fault" does not say that there was none.
_NO_OF_SOMETHING_ELSE = re.compile(
    r"no(?:body|[ -]?one| idea| doubt| longer|w)\b|not (?:only|just|sure|certain|clear|yet)\b"
    r"|(?:not|n't|never|nor|without|cannot)\s+(?:\w+\s+){0,3}?(?:notic|spot|reali[sz]|see\b|seen|report"
    r"|know|aware|ask|check"
    r"|tell|told|inform|record|identif|pick|detect|recogni|document|disclos|declar|confirm|establish"
    r"|discuss|consider"
    r"|mention|investigat|mean|stop|advis|intend|due\b|been\b(?! any)|be\b)"
)
_NOT_RULED_OUT = re.compile(
    r"(?:not|n't|cannot|never|unable to)\s+(?:\w+\s+){0,3}?(?:rul(?:e[sd]?|ing) (?:\w+ )?out|exclud\w+)\b"
)
_NOT_RULED_OUT_AFTER = re.compile(
    r"\s+(?:\w+\s+){0,2}(?:not|n't|cannot|\w+n't)\s+(?:\w+\s+){0,2}(?:excluded|ruled out)\b"
)
_NO_AFTER = re.compile(
    r"(?:\s*[:=?-]\s*(?:no|n|none|nil|negative)\b(?=\s*(?:[,.;)]|$))|\s+(?:(?:was|were|is|are|has|have|had"
    r"|been|also"
    r"|status)\s+){0,3}"
    r"(?:excluded|ruled out|absent|negative|none|nil|not (?:seen|present|found|identified|suspected|noted"
    r"|the cause|involved"
    r"|observed|a factor|to blame))\b|\s+(?:did|does|do)(?: not|n't) (?:cause|lead|contribute)\b)"
)


class Page:
    """`text` keeps its capitals, `low` does not; both have the same length, so positions serve for both.

    `rest` is `low` with what has been understood taken out, so that no word or number is understood twice.
    """

    def __init__(self, masked: str) -> None:
        self.cut_short = len(masked) > READ_AT_MOST + READ_OF_THE_END
        if self.cut_short:
            # No word or number is cut in two.
            begun, ended = masked[:READ_AT_MOST], masked[-READ_OF_THE_END:]
            masked = f"{begun[: begun.rfind(' ')]}. {ended[ended.find(' ') + 1 :]}"
        whole = plain(_INVISIBLE.sub("", masked).translate(_QUOTES))
        whole = _UNIT_FIRST.sub(r": \2 \1", whole)
        whole = _ABBREVIATED.sub(lambda match: f"{match[0][:-1]} ", whole)
        whole = _SHORT.sub(lambda match: _SHORTHAND[match[0].lower()], _CONTRACTED.sub(r"\1n't", whole))
        self.text = _REPEATED.sub(r"\1\1\1", _LINES.sub(_end_of_line, _BLANKS.sub(" ", whole)))
        self.low = _lower(self.text)
        self.rest = self.low
        # For words of doubt: the month is none of them.
        self.undated = _MONTH_OF_MAY.sub("   ", self.low)

    def take(self, start: int, end: int) -> None:
        self.rest = f"{self.rest[:start]}{' ' * (end - start)}{self.rest[end:]}"

    def before(self, position: int, reach: int = 80) -> str:
        """The words that lead up to a position, no further back than need be."""
        return self.low[max(0, position - reach) : position]

    def has(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.low))

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [match.end() for match in _SENTENCE_END.finditer(self.low)]

    @cached_property
    def _clause_ends(self) -> list[int]:
        return sorted({*self._sentence_ends, *(match.end() for match in _CLAUSE_END.finditer(self.low))})

    def sentence(self, position: int) -> tuple[int, int]:
        return _around(self._sentence_ends, position, len(self.low))

    def clause(self, position: int) -> tuple[int, int]:
        return _around(self._clause_ends, position, len(self.low))

    def asks(self, position: int) -> bool:
        """Does the sentence end in a question mark?"""
        return self.low[slice(*self.sentence(position))].rstrip().endswith("?")

    def doubt(self, start: int, end: int) -> str:
        """Why what is said between the two positions is not certain; empty where nothing casts doubt on
        it."""
        begin, close = self.clause(start)
        if _RETRACTED.match(self.low[end : end + 30]):
            return "the text takes it back"
        if _HEDGE.search(self.undated[begin:start].rstrip()):
            return "the text is not sure of it"
        if self.low[end : end + 1] == "?" or _HEDGE_AFTER.match(self.low[end : max(end, close)]):
            return "the text is not sure of it"
        if self.asks(start):
            return "it stands in a question"
        return ""

    def denied(self, start: int, end: int, reach: int = 45) -> bool | None:
        """Is what stands there said not to be so? None where a "not" is near that denies something else."""
        if _NO_AFTER.match(self.low[end : end + 50]):
            return True
        if _NOT_RULED_OUT_AFTER.match(self.low[end : end + 50]):
            return None
        begin = max(self.clause(start)[0], start - reach)
        before = self.low[begin:start]
        found = list(_NO.finditer(before))
        if not found:
            return False
        if _NOT_RULED_OUT.search(before):
            return None
        if _NO_OF_SOMETHING_ELSE.match(self.low[found[-1].start() : start + 20]):
            return None
        return True


def _end_of_line(match: re.Match[str]) -> str:
    """A line ends a sentence, unless a mark at its end says what it ends."""
    return f"{match[1]} " if match[1] else ". "


def _around(ends: list[int], position: int, length: int) -> tuple[int, int]:
    """The stretch between two boundaries in which a position lies."""
    before, after = bisect_right(ends, position), bisect_left(ends, position + 1)
    return (ends[before - 1] if before else 0), (ends[after] if after < len(ends) else length)


def _lower(text: str) -> str:
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)

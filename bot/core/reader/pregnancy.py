"""Pregnancy and breast-feeding."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page

_FOETUS = r"(?:fo?etal|fo?etus|unborn (?:child|baby))"
_PREGNANT = re.compile(
    rf"\bpregnan(?:t|cy|cies)\b|\b{_FOETUS}\b|\b\d{{1,2}}\s?/\s?40\b|\bweeks? gestation\b"
    rf"|\bgestation(?:al)?\b|\bexpecting a baby\b|\btrimester\b"
)
_UNAWARE = (
    r"(?:(?:was |were |is )?(?:not|n't|un)\s?(?:yet )?(?:known|aware|reali[sz]ed|recogni[sz]ed|declared"
    r"|disclosed|suspected|detected|diagnosed|confirmed|identified)"
    r"|undiagnosed|undeclared|concealed|unsuspected|undetected|unrecogni[sz]ed|undisclosed|unknown|missed)"
)
_LATER = (
    r"(?:later|subsequently|afterwards?|since|now|then|turned out|turns out|transpired|found|discovered"
    r"|proved|realised|learned|learnt|known now|came to light|emerged)"
)
# Pregnant, and nobody knew when the exposure was made: the foetus's exposure was not intended.
_NOT_KNOWN_THEN = (
    re.compile(rf"\b{_UNAWARE}\b[^.;]{{0,20}}?\bpregnan\w+"),
    re.compile(rf"\bpregnan\w+[^.;]{{0,15}}?\b{_UNAWARE}\b"),
    re.compile(
        rf"\b{_LATER}\b[^.;?]{{0,35}}?\b(?:was |is |be |been |to be )?(?:(?:about "
        rf"|around )?\d{{1,2}} (?:weeks?|wks?"
        rf"|months?|/40) )?(?:pregnan(?:t|cy)\b|\d{{1,2}}\s?/\s?40\b)"
    ),
    re.compile(
        r"\bpregnan\w+[^.;?]{0,25}?\b(?:later|subsequently|afterwards|only discovered|discovered after)\b"
    ),
    re.compile(
        r"\b(?:did(?:n't| not)|had(?:n't| not)|no[ -]?one|nobody) (?:know|known|knew"
        r"|realise[d]?)\b[^.;]{0,25}?\b(?:pregnan\w+|she (?:was|is) expecting\b(?! (?:a|an|to|\d)))"
    ),
    re.compile(
        r"\bpregnan\w+[^.;]{0,20}?\b(?:we|they|she|staff|nobody|no[ -]?one|patient) (?:did(?:n't| not)"
        r"|had(?:n't| not)|was(?:n't| not)|were(?:n't| not))? ?(?:know|knew|known|aware|realise)"
    ),
    re.compile(
        r"\bpregnan\w+.{0,60}?\b(?:later|then|subsequently|repeat|now) (?:tested |test |came back "
        r"|was )?positive\b"
    ),
    re.compile(
        rf"\b(?:unintended|unintentional|inadvertent|accidental|unplanned) (?:{_FOETUS}|exposure (?:of"
        rf"|to) (?:an? |the )?{_FOETUS})"
    ),
    re.compile(
        rf"\b{_FOETUS} (?:was |has been )?(?:unintentionally|inadvertently|accidentally"
        rf"|unknowingly) (?:exposed|irradiated)"
    ),
)
_STATED_NOT = re.compile(
    r"\b(?:not|isn't|wasn't|never|neither|nor|none|no[ -]?one|nobody)\s+(?:of (?:them|whom)\s+|(?:is|was|are"
    r"|were)\s+)*"
    r"(?:currently\s+|known to be\s+)?(?P<known>known to be\s+)?preg(?:nant)?\b(?! (?:at the time|then|when))"
    r"|\b(?:pregnancy|pregnancy status)\s*(?::|-|\?|was|is|has been|=)?\s*(?:been )?(?:excluded|ruled out"
    r"|negative|no\b|not possible)"
    r"|\b(?:no|not any) (?:possibility|chance|question|risk) of (?:pregnancy|being pregnant)|\b(?:could"
    r"|can) ?(?:not|n't) (?:be|have been) pregnant\b|\bcannot be pregnant\b"
    r"|\bpreg(?:nancy)? test\b[^.;,]{0,25}?\bneg(?:ative)?\b|\bpregnancy test (?:was |is "
    r"|came back )?negative|\bnegative pregnancy test|\bnon-?pregnant\b"
    r"|\bpreg(?:nan(?:t|cy))?\s*(?:[:?=-]\s*no?\b(?!/)|no\b(?=\s*(?:[;,.)]|$)))|\bno preg(?:nancy)?\b"
    rf"|\bno (?:unintended )?{_FOETUS} exposure\b|\bno {_FOETUS} (?:was )?(?:exposed|dose)\b"
    rf"|\b{_FOETUS} (?:was |were )?not exposed\b"
)
_REPORTED = re.compile(
    r"\b(?:ticked|said|says|told|stated|denie[sd]|claimed|believed|thought|assumed|signed|declared|answered"
    r"|confirmed|asked|recorded|documented|known to be)\b[^.;]{0,40}$"
)
_POSITIVE = re.compile(r"\bpositive\b(?! (?:id|identification|patient))|\+ve\b")
_REPORTED_AFTER = re.compile(
    r"['\"]?,?\s*(?:s?he|patient|pt|mum) (?:says?|said|told|states?|thinks?"
    r"|thought)\b"
)
_STOPPED = re.compile(
    r"\bnear miss\b|\b(?:before|prior to) (?:the |any )?(?:exposure|scan|x-?ray|ct|injection|imaging"
    r"|being scanned)\b|\b(?:cancelled|not scanned|abandoned|not exposed|stopped in time|not gone ahead)\b"
)

_FEEDING = re.compile(
    r"\b(?:breast|chest)[\s-]*(?:fe(?:d|eds?|eding)\b|milk\b)|\bbreast-?fed\b|\bnursing (?:mother|mum"
    r"|infant)\b|\blactating\b|\b(?:baby|infant|newborn) (?:\w+ ){0,3}fed\b|\bfed (?:the |her )?baby\b"
)
_NOT_FEEDING = re.compile(
    r"\b(?:not|isn't|wasn't|n't|neither|nor|no|never|none|no[ -]?one|nobody)\s+(?:of (?:them|whom)\s+|(?:is"
    r"|was|are|were)\s+)*(?:currently\s+|known to be\s+"
    r"|be\s+)?(?:pregnant\s*(?:,|/|or|nor|and|&)\s*(?:nor\s+|or\s+|not\s+)?)?(?:breast[\s-]*feeding|bf"
    r"|breast-?fed|lactating)\b"
    r"|\b(?:breast[\s-]*feeding|bf)\s*(?:[:?=-]\s*no?\b(?!/)|no\b(?=\s*(?:[;,.)]|$)))"
    r"|\bno breast[\s-]*fed (?:infant"
    r"|child|baby)\b"
    r"|\bnon-?breast[\s-]*feeding\b|\b(?:no|without) breast[\s-]*feeding\b"
)
_INFANT_EXPOSED = re.compile(
    r"\bbreast[\s-]*fed (?:infant|child|baby) (?:was |has been |were )?(?:also )?(?:exposed|irradiated"
    r"|received)|\b(?:exposure of|exposed) (?:a|the|her) breast[\s-]*fed (?:infant|child|baby)"
    r"|\b(?:infant|baby|child) (?:was |has been )?(?:exposed|irradiated) (?:through|via|by"
    r"|from) (?:breast )?milk"
)


def pregnancy(page: Page) -> Iterator[Finding]:
    fact = "unintended_foetal_exposure"
    found = [m for pattern in _NOT_KNOWN_THEN for m in pattern.finditer(page.low) if _affirmed(page, m)]
    denials = [(match, _denial_doubt(page, match)) for match in _STATED_NOT.finditer(page.low)]
    if found:
        unknown = found[0]
        doubt = "was the foetus exposed at all?" if _STOPPED.search(page.low) else ""
        if page.asks(unknown.start()):
            doubt = doubt or "it stands in a question"
        if any(not told and match.start() > unknown.end() for match, told in denials):
            doubt = doubt or "the text says both"
        yield Finding(fact, True, *unknown.span(), doubt, 1)
        return
    positive = _POSITIVE.search(page.low)
    for match, doubt in denials:
        doubt = doubt or ("the text says both" if positive else "")
        yield Finding(fact, False, *match.span(), doubt or page.doubt(*match.span()))
    if not denials and (hint := _PREGNANT.search(page.low)):
        yield Finding(fact, True, *hint.span(), "was a foetus exposed without that being intended?")


def _denial_doubt(page: Page, match: re.Match[str]) -> str:
    """What the patient said, or was thought, is not what was so."""
    begin = page.clause(match.start())[0]
    told = _REPORTED.search(page.low[begin : match.start()]) or match["known"] or page.asks(match.start())
    told = told or _REPORTED_AFTER.match(page.low, match.end())
    return "is it certain that there was no pregnancy?" if told else ""


def _affirmed(page: Page, match: re.Match[str]) -> bool:
    """ "Found not to be pregnant" says the opposite, and "not known to be pregnant" nothing."""
    within = match[0]
    if re.search(
        r"\b(?:not|no|n't|never)\s+(?:to be\s+|be\s+|been\s+|actually\s+)?pregnan|\bnegative\b|\bexcluded\b"
        r"|\bruled out\b|\bstatus\b|\btest\b(?! (?:positive|came back positive))",
        within,
    ):
        return False
    return not re.match(r"(?:not|n't) known to be pregnant$", within) or bool(
        re.match(r" at the time| then| when", page.low[match.end() : match.end() + 20])
    )


def breast_feeding(page: Page) -> Iterator[Finding]:
    fact = "breastfed_infant_exposed"
    if match := _INFANT_EXPOSED.search(page.low):
        denied = page.denied(*match.span())
        yield Finding(
            fact,
            denied is not True,
            *match.span(),
            page.doubt(*match.span()) or ("" if denied is not None else "was an infant exposed?"),
        )
        return
    said = list(_NOT_FEEDING.finditer(page.low))
    for match in said:
        told = _REPORTED.search(page.low[page.clause(match.start())[0] : match.start()])
        yield Finding(
            fact,
            False,
            *match.span(),
            page.doubt(*match.span()) or ("is it certain that no infant is breast-fed?" if told else ""),
        )
    if not said and (hint := _FEEDING.search(page.low)):
        yield Finding(fact, True, *hint.span(), "was a breast-fed infant exposed?")

"""`estimate C26-0007 total dose 12 mSv, from the DLP, final`: the physicist's answer, back into the record.
The doses decide the case anew; how, in which role, when, and whether it is final stand beside them, and no
name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.core.actions.act import Instruction, Outcome
from bot.core.cards import Form, Input, InputKind, Option
from bot.core.check import of_record
from bot.core.check.answers import read_answer
from bot.core.check.detail_field import read
from bot.core.check.record_details import in_order, tell
from bot.core.check.record_fields import BY_NAME
from bot.core.papers.dossier import Dossier
from bot.core.papers.mpe_request import estimated
from bot.core.refused import Refused
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.case_words import role_words
from bot.core.words.fact_words import title
from rules.facts import FACTS

HOW, ROLE, ON, WHETHER = "dose_estimated_how", "dose_estimated_by", "dose_estimated_on", "dose_estimate"
DOSES = "doses"  # what was typed of them, to be read as any words are
# By itself between commas, or last of all: a final fraction is no final estimate.
_WHETHER = re.compile(r"(?:^|\s|(?<=[,;.]))(provisional|final)\s*(?=[,;.]|$)", re.I)
_HOW = re.compile(r"(?:^|[\s,;])((?:from|by|using)\s+[^,;]{3,200})", re.I)
# By itself between commas, and a role: a dose may be "as measured".
_ROLE = re.compile(
    r"(?:^|[,;])\s*(?:as|by)\s+(?:the\s+|an?\s+)?((?:[a-z]+ ){0,3}"
    r"(?:mpe|rps|expert|physicist|scientist|dosimetrist|technologist|radiographer|radiologist|practitioner|operator|supervisor|lead))\s*(?=[,;.]|$)",
    re.I,
)
# What may tell a dose, and so is read as one: nothing of it is taken for a method.
_A_DOSE = re.compile(r"\d|\b(?:intended|total|ratio|times|twice|double|half|factor|per ?cent)\b|%", re.I)
_NO_NAME = "A role, such as MPE; no name"


def as_estimate(text: str) -> Mapping[str, str]:
    """The doses, and what is said of them: `from …`, `as …` and `provisional` or `final`."""
    whether = _WHETHER.search(text)
    text = _WHETHER.sub(" ", text)
    role = _ROLE.search(text)
    text = _ROLE.sub(" ", text)
    how = next((one for one in _HOW.finditer(text) if not _A_DOSE.search(one[1])), None)
    doses = f"{text[: how.start()]} {text[how.end() :]}" if how else text
    return {
        DOSES: re.sub(r"[\s,;]+$", "", re.sub(r"(?:\s*[,;])+", ",", " ".join(doses.split()))).strip(" ,;"),
        HOW: how[1].strip() if how else "",
        WHETHER: whether[1].lower() if whether else "",
        **({ROLE: role[1]} if role else {}),
    }


def estimate(turn: Turn, asked: Instruction) -> Outcome:
    known = Dossier.of(turn, asked.subject)
    case, number = known.the_case, known.record.number
    facts, beside = dict(_facts(turn, asked, known)), dict(_beside(turn, asked))
    in_order(turn, known.record, beside)
    if asked[DOSES] or facts:
        anew = of_record.redecide(turn, case, asked[DOSES], number, facts=facts, details=beside)
        return Outcome(replies=tuple(anew))
    told = tell(turn, known.record, beside)
    if not told.lines:
        wanted = turn.command(f"estimate {asked.subject} total dose 12 mSv, from the DLP, final")
        raise Refused(f"nothing new was said of the estimate: give the dose, such as {wanted}")
    return Outcome(f"Kept with {number}: {'; '.join(told.lines)}")


def _facts(turn: Turn, asked: Instruction, known: Dossier) -> Iterator[tuple[str, object]]:
    """Those of a form that differ from what the record has. Raises Refused."""
    for name, text in asked.given.items():
        if name in FACTS and text and text != str(known.facts.stated.get(name, "")):
            try:
                yield name, read_answer(name, text, turn.request.written)[1]
            except Refused as refused:
                raise Refused(f"{title(name)}: {refused}", about=name) from None


def _beside(turn: Turn, asked: Instruction) -> Iterator[tuple[str, str]]:
    """What stands beside the doses, as it is kept. Raises Refused."""
    given = {name: asked[name] for name in (HOW, ROLE, ON, WHETHER) if asked[name]}
    if not any(asked[name] for name in (HOW, ROLE, WHETHER, DOSES)) and not FACTS.keys() & asked.given.keys():
        return
    roles = permissions.roles(turn)
    given = {ON: turn.today.isoformat(), **({ROLE: role_words(roles[0])} if roles else {}), **given}
    for name, text in given.items():
        try:
            yield name, read(BY_NAME[name], text, turn.request.written)
        except Refused as refused:
            raise Refused(f"{title(name)}: {refused}", about=name) from None


def form(turn: Turn, asked: Instruction) -> Form:
    known = Dossier.of(turn, asked.subject)
    roles = permissions.roles(turn)
    inputs = [_of_fact(name, str(known.facts.stated.get(name, ""))) for name in estimated(known)]
    choices = tuple(Option(one, one.capitalize()) for one in BY_NAME[WHETHER].choices)
    inputs += [
        Input(HOW, "How was it estimated?", value=known.value_of(HOW), hint="For example: from the DLP"),
        Input(WHETHER, "Provisional or final?", InputKind.CHOICE, choices, known.value_of(WHETHER)),
        Input(ROLE, "Estimated by", value=role_words(roles[0]) if roles else "", hint=_NO_NAME),
        Input(ON, "On which day?", InputKind.DATE, value=turn.today.isoformat()),
    ]
    return Form("case.estimate", asked.key, f"The estimate for {asked.subject}", tuple(inputs), "Keep")


def _of_fact(name: str, value: str) -> Input:
    unit = FACTS[name].unit
    return Input(
        name, FACTS[name].ask, value=value, hint=f"In {unit}; limits such as 10-12 do" if unit else ""
    )

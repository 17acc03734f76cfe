"""The verdict as a card: one that was decided now, or that a record keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot.core.cards import Block, Bullets, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.check.verdict_reasons import reasons
from bot.core.check.what_next import to_find_out, used, what_next
from bot.core.draft import Source
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.fact_words import title, value_words
from bot.core.words.outcomes import EMPLOYER_DECIDES
from bot.core.words.phrases import day, listed
from bot.core.words.verdict_words import AnyVerdict, contact, outcome_line
from rules.authorities import dated
from rules.deadlines import NOTIFY_DAYS, REPORT_DAYS
from rules.edition_model import Edition
from rules.editions import edition_for
from rules.facts import DETAILS, FACTS
from rules.incident import Facts

_SEVERITY = {
    "notify": Severity.ALARM,
    "undecided": Severity.WAITING,
    "do_not_notify": Severity.SETTLED,
    "not_irmer": Severity.WAITING,
}


BESIDE_A_PATIENT = frozenset({"worker", "member_of_public"})
BY_ITSELF = (
    "A patient who was exposed in the same incident is judged under IR(ME)R: make a check of its own for "
    "them."
)


def verdict_card(
    verdict: AnyVerdict,
    *,
    today: date,
    facts: Facts | None = None,
    sources: Mapping[str, Source] | None = None,
    kept: bool = False,
) -> Card:
    """`sources` say what of the facts was assumed, and from what; `kept`: it is shown from its record, whose
    case says what is to be done next."""
    line, severity = outcome_line(verdict), _SEVERITY[verdict.outcome]
    cautions = verdict.cautions
    blocks: list[Block] = []
    if cautions:
        blocks += [Text(caution, Weight.WARNING) for caution in cautions]
        blocks.append(Heading(line))
        severity = Severity.ALARM if severity is Severity.ALARM else Severity.WAITING
    blocks += _blocks(verdict, today, kept=kept)
    if facts is not None:
        blocks += _of_a_patient(verdict, facts)
        blocks += _facts(facts, sources or {})
    blocks += (*reasons(verdict), *_foot(verdict))
    return Card(
        "Read this before acting" if cautions else line, tuple(blocks), severity=severity, summary=line
    )


def whom_to_ask(turn: Turn) -> tuple[Block, ...]:
    """Whom the hospital names beside its authority, if it does."""
    named = Chosen(turn.settings).get("ask_here")
    return (Pairs((("To ask here", named),)),) if named else ()


def _blocks(verdict: AnyVerdict, today: date, *, kept: bool) -> Iterator[Block]:
    if not kept:
        yield Pairs(tuple(what_next(verdict, today)))
    yield from _criteria(verdict)
    if verdict.outcome == "undecided":
        yield Text(
            "Undecided is not a no: the employer notifies unless a preliminary investigation rules the "
            "exposure out (regulation 8(4)). To be found out first:"
        )
        yield Bullets(tuple(to_find_out(verdict.missing)))
    if verdict.outcome == "do_not_notify":
        keep = "" if kept else " Keeping it here makes the written assessment against the criteria."
        yield Text(f"Not notifiable is a result, not an end: it is analysed (regulation 8(3)).{keep}")
    if verdict.also_tell:
        yield Heading("Who else to tell" if verdict.outcome != "not_irmer" else "Who is responsible instead")
        yield Bullets(tuple(f"{one.body}: {one.reason}" for one in verdict.also_tell))
    if lines := tuple(_lines(verdict, today, kept=kept)):
        yield Pairs(lines)


def _of_a_patient(verdict: AnyVerdict, facts: Facts) -> Iterator[Block]:
    """Reading R24: a worker's exposure is another regime's, and never in the place of a patient's."""
    if verdict.outcome == "not_irmer" and facts.only("exposed_person") in BESIDE_A_PATIENT:
        yield Text(BY_ITSELF, Weight.WARNING)


def _criteria(verdict: AnyVerdict) -> Iterator[Block]:
    rows = _edition(verdict).by_code
    codes = verdict.codes or [code[0] for code in verdict.complementary if code[0] in "MC"]
    if codes:
        yield Bullets(tuple(f"{code}: {rows[code].words}" for code in codes if code in rows))


def _lines(verdict: AnyVerdict, today: date, *, kept: bool) -> Iterator[tuple[str, str]]:
    if kept and verdict.notify_by:
        yield "Notify by", f"{day(verdict.notify_by)} ({used(verdict.notify_by, NOTIFY_DAYS, today)})"
    if verdict.report_by:
        yield "Report by", f"{day(verdict.report_by)} ({used(verdict.report_by, REPORT_DAYS, today)})"
    if verdict.outcome in ("notify", "undecided"):
        if not verdict.report_by:
            yield "Report by", f"{REPORT_DAYS} days after discovery"
        if verdict.authority:
            said = () if kept else ("Authority", "Address")  # in the first of the three lines
            yield from (line for line in contact(verdict.authority) if line[0] not in said)
        elif kept:
            yield "Authority", "depends on the nation, which is not known yet"
    if verdict.outcome != "not_irmer":
        yield "Duty of candour", _candour(verdict.duty_of_candour)


def _candour(applies: bool | None) -> str:
    if applies:
        return "applies: the exposure is clinically significant"
    return "apply your own procedure; clinical significance is not its only trigger"


def _facts(facts: Facts, sources: Mapping[str, Source]) -> Iterator[Block]:
    assumed = {n: one.words for n, one in sources.items() if one.how == "assumed" and n in facts.stated}
    stated = [n for n in facts.stated if n in FACTS and n not in DETAILS and n not in assumed]
    yield Heading("What it rests on")
    taken = (
        []
        if "exposed_person" in stated
        else [("Taken for granted", "a patient, on equipment in clinical use")]
    )
    said = ((title(name), value_words(name, facts)) for name in stated)
    yield Pairs((*said, *_assumed(facts, assumed), *taken))


_NOT_ASKED = {"unintended_foetal_exposure": "pregnancy", "breastfed_infant_exposed": "breast-feeding"}


def _assumed(facts: Facts, assumed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What nobody said, and what it was taken from: `a child of 9: pregnancy is not asked about`."""
    for words in dict.fromkeys(assumed.values()):
        names = [name for name, because in assumed.items() if because == words]
        left_out = [_NOT_ASKED[n] for n in names if n in _NOT_ASKED and facts.stated[n] is False]
        told = [f"{title(n)}: {value_words(n, facts)}" for n in names if n not in _NOT_ASKED]
        if left_out:
            told.append(f"{listed(left_out)} {'is' if len(left_out) == 1 else 'are'} not asked about")
        yield "Assumed", f"{words or 'without a word'}: {'; '.join(told)}"


def _foot(verdict: AnyVerdict) -> Iterator[Block]:
    edition = _edition(verdict)
    yield Text(
        f"Judged by the edition of {dated(edition.published.isoformat())}: {edition.title}.", Weight.SUBTLE
    )
    yield Text(EMPLOYER_DECIDES, Weight.STRONG)


def _edition(verdict: AnyVerdict) -> Edition:
    return edition_for(verdict.guidance)

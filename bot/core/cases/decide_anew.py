"""A case decided anew with what has been found out: the same edition, the same day of discovery, and a card
that says what changed and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.core.cards import Block, Bullets, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.cases.keep import FIELDS
from bot.core.cases.steps import take
from bot.core.check.free_text import corrected_by
from bot.core.check.verdict_card import outcome_line
from bot.core.draft import Draft, new
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.reminders.placing import outcome_of, planner_of
from bot.core.turn import Turn
from bot.core.words.case_words import who
from bot.core.words.deadline_kinds import LEARNING, MPE
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import day
from rules.deadlines import uk_date
from rules.edition import edition_for
from rules.facts import DETAILS, FACTS
from rules.incident import Facts, parse
from storage.errors import Conflict
from storage.model import ACTIVE, Assessment, Case, Record, Step
from storage.plans import DeadlinePlan


def begin(turn: Turn, case: Case, text: str = "", number: str = "") -> list[Reply]:
    """A check that begins with what is known, at its verdict, and ends in the case decided anew. `text` is
    what has been found out: "total dose 12 mSv". Raises Refused."""
    from bot.core.check import conversation

    if case.state not in ACTIVE:
        raise Refused(f"{case.ref} is over: reopen it first")
    if number and number not in case.records:
        raise Refused(f"record {number} does not belong to {case.ref}")
    held = turn.drafts.load()
    if held is not None and held.facts and held.case != case.ref:
        return conversation.start(turn, "")
    record = turn.store.record(turn.tenant, number or case.records[-1])
    draft = _draft(turn, case, record).with_(version=held.version if held else 0)
    if not text:
        return conversation.go_on(turn, draft, notes=())
    read = corrected_by(turn, draft, text)
    if read is None:
        raise Refused("what is new could not be read: write it as in: total dose 12 mSv")
    stays = _discovery_stays(turn, case, read.draft)
    return conversation.go_on(turn, read.draft, notes=read.notes, problem=stays)


def _discovery_stays(turn: Turn, case: Case, draft: Draft) -> str:
    typed = str(draft.facts.get("discovered_on") or "")[:10]
    if not typed or typed == case.discovered_on.isoformat():
        return ""
    how = turn.command(f"discovered {case.ref} {typed}")
    return f"the day of discovery stays {day(case.discovered_on)}: {how} <why> corrects it"


def _draft(turn: Turn, case: Case, record: Record) -> Draft:
    kept = record.assessment
    facts = {name: value for name, value in kept.facts.items() if name in FACTS}
    details = {
        f.name: getattr(kept, f.name, "") or kept.facts.get(f.name, "") for f in FIELDS if f.name not in FACTS
    }
    return new(
        turn.request,
        typed=True,
        facts={**facts, "discovered_on": _discovery(case, facts)},
        sources={name: dict(given) for name, given in kept.sources.items()},
        details={n: ", ".join(v) if isinstance(v, list) else str(v) for n, v in details.items() if v},
        number=record.number,
        revision=record.revision,
        case=case.ref,
        stage="verdict",
    )


def _discovery(case: Case, facts: dict[str, object]) -> str:
    """The case's day, whatever the record said; with the record's hour where it is the same day."""
    stated = str(facts.get("discovered_on") or "")
    return stated if stated[:10] == case.discovered_on.isoformat() else case.discovered_on.isoformat()


def of_a_case(turn: Turn, draft: Draft) -> Draft:
    """The draft as it must be where it decides a case anew: also a correction of a record that has a case
    does. The day of discovery is the case's, whatever was typed."""
    if draft.number and not draft.case:
        refs = turn.store.record(turn.tenant, draft.number).cases
        active = [ref for ref in refs if turn.store.case(turn.tenant, ref).state in ACTIVE]
        draft = draft.with_(case=active[0]) if active else draft
    if not draft.case:
        return draft
    case = turn.store.case(turn.tenant, draft.case)
    return draft.with_(facts={**draft.facts, "discovered_on": _discovery(case, draft.facts)})


def finish(turn: Turn, draft: Draft, assessment: Assessment, why: str) -> list[Reply]:
    """Keep it: the record's next revision, the step, the deadlines. Raises storage.errors."""
    case = turn.store.case(turn.tenant, draft.case)
    before = turn.store.record(turn.tenant, draft.number)
    if before.revision != draft.revision:
        raise Conflict(
            f"{case.ref} has changed meanwhile: {who(before.by)} decided it anew. Look at it again first"
        )
    was = outcome_of(turn.store, turn.tenant, case)
    others = [one for one in case.records if one != draft.number]
    now = outcome_of(turn.store, turn.tenant, replace(case, records=tuple(others))) if others else ""
    outcome = _together(now, str(assessment.verdict["outcome"]))
    plan = planner_of(turn, case.ref)
    deadlines: list[DeadlinePlan] = []
    meet: tuple[str, ...] = ()
    if outcome == "undecided" and was != "undecided":
        deadlines += [
            p for p in plan.for_case(outcome, case.discovered_on, opened=turn.today) if p.kind == MPE
        ]
    elif outcome != "undecided" and any(d.kind == MPE and d.state == "open" for d in case.deadlines):
        meet = (MPE,)
    withdraw = () if assessment.verdict["outcome"] == "do_not_notify" else (LEARNING,)
    step = Step("redecide", why, record=draft.number, assessment=assessment)
    provisional = (plan.confirmation(turn.today),)  # as every new revision is
    case = take(
        turn, case, step, deadlines=deadlines, of_record=provisional, meet=meet, withdraw=withdraw,
        drop=turn.drafts.key,
    )  # fmt: skip
    after = turn.store.record(turn.tenant, draft.number)
    return [turn.show(diff_card(turn, case, before, after, why))]


def _together(others: str, this: str) -> str:
    for outcome in ("notify", "undecided"):
        if outcome in (others, this):
            return outcome
    return this


# What changed


def diff_card(turn: Turn, case: Case, before: Record, after: Record, why: str) -> Card:
    old, new_ = before.assessment, after.assessment
    same = old.verdict["outcome"] == new_.verdict["outcome"]
    blocks: list[Block] = [
        Pairs(
            (
                ("Was", outcome_line(old.verdict, case.discovered_on)),
                ("Is", outcome_line(new_.verdict)),
                ("Because", why),
            )
        ),
        Heading("What changed"),
        Bullets(tuple(_changes(turn, old, new_)) or ("none of the facts",)),
        *(Text(caution, Weight.WARNING) for caution in new_.verdict["cautions"]),
    ]
    reasons = tuple(_new_reasons(old, new_))
    if reasons:
        blocks += [Heading("Which is why"), Bullets(reasons)]
    blocks.append(
        Text(
            f"The same edition judged both ({_edition(new_)}). The day of discovery stays "
            f"{day(case.discovered_on)}, and with it every deadline."
        )
    )
    blocks.append(Text(_next(turn, case, new_), Weight.STRONG))
    title_ = f"{case.ref} decided anew: {'the outcome stays' if same else 'the outcome has changed'}"
    severity = {"notify": Severity.ALARM, "undecided": Severity.WAITING}.get(
        str(new_.verdict["outcome"]), Severity.SETTLED
    )
    return Card(title_, tuple(blocks), severity=severity)


def _changes(turn: Turn, old: Assessment, new_: Assessment) -> Iterator[str]:
    before, after = _facts(turn, old), _facts(turn, new_)
    for name in FACTS:
        was, is_ = before.stated.get(name), after.stated.get(name)
        if was != is_ and name not in DETAILS:
            yield f"{title(name)}: {value_words(name, after)}, was {value_words(name, before)}"


def _facts(turn: Turn, kept: Assessment) -> Facts:
    return parse(kept.facts, max(turn.today, uk_date(turn.request.now)))


def _new_reasons(old: Assessment, new_: Assessment) -> Iterator[str]:
    """The codes whose standing changed, with the sentence that says why."""
    was = {reason["code"]: reason["status"] for reason in old.verdict.get("reasons", ())}
    words = {"met": "met", "ruled_out": "ruled out", "unknown": "open"}
    for reason in new_.verdict.get("reasons", ()):
        before = was.get(reason["code"])
        if before != reason["status"] and (reason["status"] != "ruled_out" or before in ("met", "unknown")):
            yield f"{reason['code']}, now {words[reason['status']]}: {reason['sentence']}"


def _edition(kept: Assessment) -> str:
    from datetime import date

    return day(edition_for(date.fromisoformat(str(kept.verdict["guidance"]))).published)


def _next(turn: Turn, case: Case, kept: Assessment) -> str:
    outcome = kept.verdict["outcome"]
    if outcome == "notify":
        return "Notify the authority." if case.state in ("opened", "investigating") else "The report is next."
    if outcome == "undecided":
        return "It is still undecided: the clock runs on."
    if case.state == "notified":
        return (
            "The authority was notified already: tell it, with its number. The verdict is provisional: "
            f"once it is confirmed, {turn.command(f'stand down {case.ref}')} ends the case."
        )
    return (
        "The deadlines stand until the case is stood down: once the verdict is confirmed, "
        f"{turn.command(f'stand down {case.ref}')} with the reason."
    )

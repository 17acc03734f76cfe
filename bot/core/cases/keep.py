"""Keeping a verdict: the record's further details, each skippable, the identifier gate, and the record
itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core import patient_numbers
from bot.core.cards import Block, Bullets, Button, Card, Option, Pairs, Text, Weight
from bot.core.check.answers import choose, read_several
from bot.core.check.interview import facts_of, sources_of, state
from bot.core.check.verdict_card import outcome_line
from bot.core.draft import Draft
from bot.core.messages import Reply
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.phrases import day
from rules.decide import decide
from rules.facts import CAUSES, DETAILS, FACTS, MODALITIES
from rules.incident import Facts
from storage.errors import Duplicate
from storage.model import Assessment, Case, Correction, Record
from storage.plans import Also

SKIP = frozenset({"", "-", "skip", "none", "?", "don't know", "dont know"})
FINISH = frozenset({"done", "finish", "that's all", "thats all", "enough"})


@dataclass(frozen=True)
class Field:
    """One detail of a record. `choices` where it is one (or several, `many`) of a list kept in one place."""

    name: str
    ask: str
    hint: str = ""
    choices: tuple[str, ...] = ()
    many: bool = False
    lines: bool = False
    required: bool = False
    doses_only: bool = False

    @property
    def options(self) -> tuple[Option, ...]:
        return tuple(
            Option(choice, _LABELS.get(choice) or choice[:1].upper() + choice[1:]) for choice in self.choices
        )

    def words(self, value: str | list[str]) -> str:
        """What was kept, as a person reads it: `CT`."""
        if isinstance(value, list):
            return ", ".join(value)
        return next((option.label for option in self.options if option.value == value), value)


_LABELS = {
    "ct": "CT", "dexa": "DXA", "cbct": "Cone-beam CT", "linac": "Linear accelerator",
    "planar": "Planar imaging",
    "spect_ct": "SPECT-CT", "pet_ct": "PET-CT",
}  # fmt: skip
_DOSES = ("total_dose", "intended_dose", "foetal_dose", "infant_dose", "dose_ratio")

WHY = Field(
    "why", "Why is the record corrected?", "The earlier revision stays, with this beside it.", required=True
)
# Facts that a settled "no" does not wait for: asked here unless they were told before.
LATE_FACTS = (
    Field("discovered_on", FACTS["discovered_on"].ask, "For example: yesterday, or 2026-11-03"),
    Field("equipment_fault", FACTS["equipment_fault"].ask, choices=("yes", "no")),
)
FIELDS = (
    *LATE_FACTS,
    Field("account", "What happened, in words?", "No names, numbers or dates of birth.", lines=True),
    Field("occurred_on", "When did the exposure happen?", "For example: yesterday 14:05, or 2026-11-02"),
    Field("examination_intended", "Which examination was intended?", "For example: chest X-ray"),
    Field("examination_performed", "Which examination was performed?", "For example: CT head"),
    Field("modality", "Which modality was it?", choices=MODALITIES),
    Field("equipment", "Which equipment?", "For example: CT scanner 2, software 4.1"),
    Field("site", "Which site or department?"),
    Field("cause", "What was the cause, as far as is known?", choices=CAUSES, many=True),
    Field("local_incident_number", "The local incident number?", "Of your own incident system"),
    Field("dose_as_measured", "The dose as measured?", "DLP, DAP or MBq, kept as it is and never decided on"),
    Field("dose_estimated_by", "Who estimated the dose in mSv?", "A role, such as MPE", doses_only=True),
    Field("dose_estimated_how", "How was it estimated?", "For example: from the DLP", doses_only=True),
    Field("immediate_actions", "What was done at once?", lines=True),
)
OPEN_CASE = Field(
    "open_case", "Open a case, with its deadlines and reminders?",
    "Yes unless you say no: the clock runs in either case.", choices=("yes", "no"),
)  # fmt: skip


def fields_for(draft: Draft) -> tuple[Field, ...]:
    """Those worth asking: about a dose only where there is one, the reason only for a correction."""
    doses = any(name in draft.facts for name in _DOSES)
    told = {field.name for field in LATE_FACTS} & {*draft.facts, *draft.skipped}
    kept = tuple(field for field in FIELDS if (doses or not field.doses_only) and field.name not in told)
    why = (WHY,) if draft.number else ()
    return (*why, *kept, *((OPEN_CASE,) if draft.opens else ()))


def begin(turn: Turn, draft: Draft) -> list[Reply]:
    return ask(turn, draft.with_(stage="details", detail_path=()))


def _next(draft: Draft) -> Field | None:
    """The next to be asked in words; whether to open a case was asked with the verdict."""
    return next(
        (f for f in fields_for(draft) if f.name not in draft.detail_path and f is not OPEN_CASE), None
    )


def ask(turn: Turn, draft: Draft, *, problem: str = "") -> list[Reply]:
    """The next detail, or the record once there is none."""
    field = _next(draft)
    if field is None:
        return store_record(turn, draft)
    turn.save(draft)
    blocks: list[Block] = [Text(problem[:1].upper() + problem[1:] + ".", Weight.WARNING)] if problem else []
    if field.hint:
        blocks.append(Text(field.hint, Weight.SUBTLE))
    if field.choices:
        blocks.append(Bullets(tuple(f"{n}. {option.label}" for n, option in enumerate(field.options, 1))))
    if have := draft.details.get(field.name) or str(draft.facts.get(field.name) or ""):
        blocks.append(Text(f"So far: {have}", Weight.SUBTLE))
    ways = "back · quit" if field.required else "empty line skips · done skips all that follow · back · quit"
    blocks.append(Text(ways, Weight.SUBTLE))
    return [turn.show(Card(field.ask, tuple(blocks)))]


def said(turn: Turn, draft: Draft, text: str) -> list[Reply]:
    """A detail as it was typed."""
    field = _next(draft)
    if field is None:
        return store_record(turn, draft)
    plain = " ".join(text.lower().split())
    if plain == "back":
        return _back(turn, draft)
    if plain in FINISH and not field.required:
        return store_record(turn, draft)
    passed = draft.with_(detail_path=(*draft.detail_path, field.name))
    if plain in SKIP and not field.required:
        return ask(turn, passed)
    try:
        return ask(turn, put(turn, passed, field, text.strip()))
    except Refused as refused:
        return ask(turn, draft, problem=str(refused))


def put(turn: Turn, draft: Draft, field: Field, text: str) -> Draft:
    """The draft with one detail in it. Raises Refused, without repeating the text."""
    if not text:
        if field.required:
            raise Refused("a reason is wanted: it stands in the record beside the correction")
        return draft
    if field.name in FACTS:
        from bot.core.check.answers import read_answer

        name, value = read_answer(field.name, text, turn.today)
        return state(draft, {name: value}, source=turn.source(), today=turn.today)
    if field.many:
        text = ", ".join(read_several(text, field.options))
    elif field.choices:
        text = choose(text, field.options)
    else:
        patient_numbers.refuse_numbers(text)
    return draft.with_(
        details={**draft.details, field.name: text},
        sources={**draft.sources, field.name: turn.source()},
    )


def _back(turn: Turn, draft: Draft) -> list[Reply]:
    from bot.core.check import conversation

    if not draft.detail_path:
        return conversation.go_on(turn, draft.with_(stage="asking"))
    return ask(turn, draft.with_(detail_path=draft.detail_path[:-1]))


# The record


# What is asked on the way and stands in no record.
_ASKED_ONLY = ("why", "open_case")


def assessment_of(draft: Draft, facts: Facts, verdict: Mapping[str, Any]) -> Assessment:
    contract = {name: value for name, value in draft.details.items() if name in DETAILS}
    if "cause" in contract:
        contract = {**contract, "cause": contract["cause"].split(", ")}  # type: ignore[dict-item]
    details = {name: value for name, value in draft.details.items() if name not in (*DETAILS, *_ASKED_ONLY)}
    told = {
        name: given
        for name, given in draft.sources.items()
        if name in draft.details and name not in _ASKED_ONLY
    }
    return Assessment({**facts.stated, **contract}, verdict, {**sources_of(draft), **told}, **details)


def store_record(turn: Turn, draft: Draft) -> list[Reply]:
    """The record, and with it, in the same transaction, its case or its reminders."""
    from bot.core.cases import decide_anew, opening
    from bot.core.words.deadline_kinds import LEARNING

    draft = decide_anew.of_a_case(turn, draft)
    facts = facts_of(draft, turn.today)
    assessment = assessment_of(draft, facts, decide(facts).as_dict())
    outcome = str(assessment.verdict["outcome"])
    warnings = patient_numbers.warnings(" ".join(draft.details.values()))
    try:
        if draft.case:
            return decide_anew.finish(turn, draft, assessment, draft.details["why"])
        wanted = outcome in opening.TO_OPEN and draft.details.get("open_case") != "no"
        if wanted and (draft.opens or not draft.number):
            case = opening.open_new(turn, _to_keep(draft, assessment), drop=turn.drafts.key)
            record = turn.store.record(turn.tenant, case.records[0])
            _, discovery = opening.discovery_of(turn, assessment)
            return [turn.show(_kept(turn, record, (*warnings, *((discovery,) if discovery else ())), case))]
        also = Also(
            delivery=turn.request.delivery, deadlines=opening.keep_plans(turn, outcome),
            withdraw=() if outcome == "do_not_notify" else (LEARNING,), drop_draft=turn.drafts.key,
        )  # fmt: skip
        if draft.number:
            record = turn.store.correct(
                turn.tenant, draft.number, assessment, why=draft.details["why"], expected=draft.revision,
                by=turn.person, now=turn.request.now, also=also,
            )  # fmt: skip
        else:
            record = turn.store.keep(turn.tenant, assessment, by=turn.person, now=turn.request.now, also=also)
    except Duplicate as again:
        return turn.say(f"Kept already, as {again.result}.")
    return [turn.show(_kept(turn, record, warnings))]


def _to_keep(draft: Draft, assessment: Assessment) -> Assessment | Correction:
    if not draft.number:
        return assessment
    return Correction(draft.number, assessment, draft.details["why"], draft.revision)


def _kept(turn: Turn, record: Record, warnings: tuple[str, ...], case: Case | None = None) -> Card:
    where = (("Where", turn.defaults.where),) if turn.defaults.where else ()
    revision = f", revision {record.revision}" if record.revision > 1 else ""
    opened = f", case {case.ref} opened" if case else ""
    blocks: list[Block] = [
        *(Text(warning, Weight.WARNING) for warning in warnings),
        Pairs((("Outcome", outcome_line(record.assessment.verdict)), ("Status", "provisional"), *where)),
        Text(
            "It is the written assessment against the criteria. "
            f"{turn.command(f'case {record.number}')} shows it; "
            "it stays provisional until the MPE, the RPS or the governance lead confirms it."
        ),
    ]
    if case:
        dates = tuple(
            day(d.due_on) for kind in ("notify", "report") for d in case.deadlines if d.kind == kind
        )
        blocks.append(
            Text(
                f"Its case {case.ref} is yours: notify as soon as possible, by {dates[0]} at the latest; "
                f"report by {dates[1]}. Reminders follow; {turn.command('case ' + case.ref)} shows it.",
                Weight.STRONG,
            )
        )
    elif record.outcome in ("notify", "undecided") and not record.cases:
        blocks.append(
            Text(
                f"It has no case, so nobody is reminded of its deadlines: "
                f"{turn.command(f'open {record.number}')} opens one.",
                Weight.WARNING,
            )
        )
    elif record.outcome == "do_not_notify":
        blocks.append(
            Text(
                "Not notifiable is a result too: analysis and learning are still to come (regulation 8(3)). "
                f"{turn.command(f'analysis {record.number}')} <text> and "
                f"{turn.command(f'learning {record.number}')} <text> keep them."
            )
        )
    buttons = (Button("Show the case", "case.show", case.ref),) if case and turn.face.buttons else ()
    return Card(f"Kept as record {record.number}{revision}{opened}", tuple(blocks), buttons)

"""The verdict as a card: one that was decided now, or that a record keeps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from bot.core.cards import Block, Bullets, Card, Heading, Pairs, Severity, Text, Weight
from bot.core.draft import Source
from bot.core.words.fact_words import title, value_words
from bot.core.words.phrases import EMPLOYER_DECIDES, day, days, listed
from bot.core.words.verdict_words import AnyVerdict, contact, outcome_line
from rules.authorities import dated
from rules.complementary import CLAIMED_BY
from rules.deadlines import NOTIFY_DAYS, REPORT_DAYS
from rules.edition import Edition
from rules.editions import edition_for
from rules.facts import DETAILS, FACTS
from rules.incident import Facts
from rules.readings import READINGS

if TYPE_CHECKING:
    from rules.contract import StoredReason
    from rules.reasons import Reason as DecidedReason

Reason: TypeAlias = "DecidedReason | StoredReason"
MPE = "the medical physics expert"
# Who can find a fact out, where it is not whoever is there.
RECORDS = "the referral and the patient's record"
IMAGES = "the imaging system's log"
ASK_WHOM = {
    **dict.fromkeys(("total_dose", "intended_dose", "dose_ratio", "foetal_dose", "infant_dose"), MPE),
    **dict.fromkeys(("target_dose_ratio", "organ_dose_ratio", "fraction_dose_ratio"), MPE),
    **dict.fromkeys(("miss_margin_ratio", "prescribed_activity", "delivered_activity"), MPE),
    **dict.fromkeys(("deterministic_effect", "effect_predicted"), "the clinician who saw the patient"),
    **dict.fromkeys(("exposure", "age_years", "age_group", "unintended_foetal_exposure"), RECORDS),
    **dict.fromkeys(("breastfed_infant_exposed", "nm_therapy"), RECORDS),
    **dict.fromkeys(("nation", "category", "exposed_person"), "whoever reported it"),
    **dict.fromkeys(("planning_scans", "images_in_fraction"), IMAGES),
    **dict.fromkeys(("intended_images", "additional_images"), IMAGES),
    **dict.fromkeys(("set_up_error", "imaging_failure"), "the treatment team, or whoever investigates"),
    "geographical_miss": MPE,
    "wrong_radiopharmaceutical": "the dispensing and administration records",
    "equipment_in_clinical_use": "the medical physics expert, or the equipment's log",
    "clinically_significant": "whoever applies the employer's procedure for clinically significant exposures",
    "procedural_failure": "the department's lead",
    "individuals_exposed": "the incident log, looking for a theme",
}
_SEVERITY = {
    "notify": Severity.ALARM,
    "undecided": Severity.WAITING,
    "do_not_notify": Severity.SETTLED,
    "not_irmer": Severity.WAITING,
}


def verdict_card(
    verdict: AnyVerdict,
    *,
    today: date,
    facts: Facts | None = None,
    sources: Mapping[str, Source] | None = None,
    kept: bool = False,
) -> Card:
    """`sources` say what of the facts was assumed, and from what; `kept`: it is shown from its record, and
    need not be kept any more."""
    line, severity = outcome_line(verdict), _SEVERITY[verdict.outcome]
    cautions = verdict.cautions
    blocks: list[Block] = []
    if cautions:
        blocks += [Text(caution, Weight.WARNING) for caution in cautions]
        blocks.append(Heading(line))
        severity = Severity.ALARM if severity is Severity.ALARM else Severity.WAITING
    blocks += _blocks(verdict, today, kept=kept)
    if facts is not None:
        blocks += _facts(facts, sources or {})
    blocks += _foot(verdict)
    return Card(
        "Read this before acting" if cautions else line, tuple(blocks), severity=severity, summary=line
    )


def _blocks(verdict: AnyVerdict, today: date, *, kept: bool) -> Iterator[Block]:
    outcome = verdict.outcome
    yield from _criteria(verdict)
    if outcome == "undecided":
        yield Text(
            "Undecided is not a no: the employer notifies unless a preliminary investigation rules the "
            "exposure out (regulation 8(4)). To be found out first:"
        )
        yield Bullets(tuple(_to_find_out(verdict.missing)))
        yield Text(_clock(verdict, today), Weight.STRONG)
    if outcome == "do_not_notify":
        record = "" if kept else "record it, "
        why = "" if kept else " Keeping it here makes the written assessment against the criteria."
        yield Text(
            f"It is a result, not an end: {record}analyse it and look for themes (regulation 8(3)).{why}"
        )
    if lines := tuple(_lines(verdict, today)):
        yield Pairs(lines)
    if verdict.also_tell:
        yield Heading("Who else to tell" if outcome != "not_irmer" else "Who is responsible instead")
        yield Bullets(tuple(f"{one.body}: {one.reason}" for one in verdict.also_tell))
    yield from _reasons(verdict)


def _criteria(verdict: AnyVerdict) -> Iterator[Block]:
    rows = _edition(verdict).by_code
    codes = verdict.codes or [code[0] for code in verdict.complementary if code[0] in "MC"]
    if codes:
        yield Bullets(tuple(f"{code}: {rows[code].words}" for code in codes if code in rows))


def _to_find_out(missing: Sequence[str]) -> Iterator[str]:
    for name in missing:
        yield f"{title(name)}, from {ASK_WHOM[name]}: {FACTS[name].ask}"


def _clock(verdict: AnyVerdict, today: date) -> str:
    if not verdict.notify_by:
        return (
            "Give the day of discovery: both deadlines run from it, and what is still undecided on the last "
            "day to notify is notified then."
        )
    left = (verdict.notify_by - today).days
    if left > 0:
        return f"If it is still undecided on {day(verdict.notify_by)}: notify then."
    return (
        "Today is the last day to notify: notify now."
        if left == 0
        else "The last day to notify is over: notify now."
    )


def _lines(verdict: AnyVerdict, today: date) -> Iterator[tuple[str, str]]:
    for due, label, span in (
        (verdict.notify_by, "Notify by", NOTIFY_DAYS),
        (verdict.report_by, "Report by", REPORT_DAYS),
    ):
        if due:
            yield label, f"{day(due)} ({_used(due, span, today)})"
    if verdict.outcome in ("notify", "undecided"):
        if not verdict.notify_by:
            yield (
                "Notify by",
                f"as soon as possible, and {NOTIFY_DAYS} days after discovery at the latest (not known when)",
            )
            yield "Report by", f"{REPORT_DAYS} days after discovery"
        authority = verdict.authority
        if authority:
            yield from contact(authority)
        else:
            yield "Authority", "depends on the nation, which is not known yet"
    if verdict.outcome != "not_irmer":
        yield "Duty of candour", _candour(verdict.duty_of_candour)


def _used(due: date, span: int, today: date) -> str:
    left = (due - today).days
    if left < 0:
        return f"{days(-left)} overdue"
    rest = f"{days(left)} left" if left else "today is the last day"
    return f"{days(span - left)} of {span} used, {rest}"


def _candour(applies: bool | None) -> str:
    if applies:
        return "applies: the exposure is clinically significant"
    return "apply your own procedure; clinical significance is not its only trigger"


def _reasons(verdict: AnyVerdict) -> Iterator[Block]:
    words = (("met", "Criteria met"), ("unknown", "Still open"), ("ruled_out", "Ruled out"))
    for status, heading in words:
        if found := [r for r in verdict.reasons if r.status == status and r.code not in CLAIMED_BY]:
            yield Heading(heading)
            yield Bullets(tuple(_together(found, with_place=status != "ruled_out")))
    if labels := [r for r in verdict.reasons if r.code in CLAIMED_BY]:
        yield Heading("Labels, which decide nothing")
        yield Bullets(tuple(_together(labels, with_place=True)))
    if changes := verdict.would_change:
        yield Heading("What would change the answer")
        yield Bullets(changes)
    if verdict.readings:
        known = [READINGS[id_] for id_ in verdict.readings if id_ in READINGS]
        yield Heading("Readings of the guidance it rests on")
        yield Bullets(tuple(f"{r.id}, {r.point}: {r.reading}" for r in known))


def _together(reasons: Sequence[Reason], *, with_place: bool) -> Iterator[str]:
    """Codes with the same reason share a line."""
    groups: dict[str, list[Reason]] = {}
    for reason in reasons:
        groups.setdefault(reason.sentence.replace(f"code {reason.code}", "the code"), []).append(reason)
    for same, group in groups.items():
        if len(group) > 1:
            yield f"{', '.join(r.code for r in group)}: {same}"
        else:
            place = f" ({group[0].where})" if with_place else ""
            yield f"{group[0].code}: {group[0].sentence}{place}"


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

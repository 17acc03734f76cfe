"""What a verdict asks for, in three lines: what to do next, by whom and by when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from bot.core.words.fact_words import title
from bot.core.words.phrases import day, days, listed, sentence
from bot.core.words.verdict_words import AnyVerdict, authority_called
from rules.authorities import contact_of
from rules.deadlines import NOTIFY_DAYS
from rules.facts import FACTS

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
MOST_NAMED = 3  # facts that a line can name and still be read at a glance


def what_next(verdict: AnyVerdict, today: date) -> Iterator[tuple[str, str]]:
    yield "Next", _what(verdict, today)
    yield "By whom", _by_whom(verdict)
    yield "By when", _by_when(verdict, today)


def to_find_out(missing: Sequence[str]) -> Iterator[str]:
    for name in missing:
        yield f"{title(name)}, from {ASK_WHOM[name]}: {FACTS[name].ask}"


def used(due: date, span: int, today: date) -> str:
    left = (due - today).days
    if left < 0:
        return f"{days(-left)} overdue"
    rest = f"{days(left)} left" if left else "today is the last day"
    return f"{days(span - left)} of {span} used, {rest}"


def _what(verdict: AnyVerdict, today: date) -> str:
    over = verdict.notify_by is not None and verdict.notify_by <= today
    if verdict.outcome == "notify" or (verdict.outcome == "undecided" and over):
        return f"Notify {_authority(verdict)}"
    if verdict.outcome == "undecided":
        return f"Find out {_missing(verdict)}, or notify {_authority(verdict)}"
    if verdict.outcome == "not_irmer":
        return "Tell whoever is responsible instead, named below."
    told = " Tell those named below." if verdict.also_tell else ""
    if verdict.cautions:
        return f"Settle the cautions above with the medical physics expert before this is relied on.{told}"
    return f"Record it, analyse it and look for themes (regulation 8(3)).{told}"


def _missing(verdict: AnyVerdict) -> str:
    names = [title(name).lower() for name in verdict.missing]
    if len(names) > MOST_NAMED:
        names = [*names[:MOST_NAMED], f"{len(names) - MOST_NAMED} more"]
    return f"the {listed(names)}" if names else "what is still open"


def _authority(verdict: AnyVerdict) -> str:
    if not verdict.authority:
        return "the authority of the nation, which is not known yet"
    known = contact_of(verdict.authority.name) or verdict.authority
    address = f": {known.address}" if known.address else ""
    return f"{authority_called(known.name)}{address}"


def _by_whom(verdict: AnyVerdict) -> str:
    if verdict.outcome == "undecided":
        asked = list(dict.fromkeys(ASK_WHOM[name] for name in verdict.missing))
        found_out = listed(asked) if 0 < len(asked) <= MOST_NAMED else "those named below"
        return sentence(f"{found_out} can find it out; the employer notifies")
    if verdict.outcome == "notify":
        return "The employer, or whoever its procedure names; the medical physics expert confirms."
    if verdict.outcome == "not_irmer":
        return "The employer, with its radiation protection adviser."
    return "The department; the medical physics expert confirms that nobody need be notified."


def _by_when(verdict: AnyVerdict, today: date) -> str:
    if verdict.outcome == "not_irmer":
        return "Now: the deadlines of IR(ME)R do not apply."
    if verdict.outcome == "do_not_notify":
        return "IR(ME)R sets no day for it: as your own procedure says."
    due = verdict.notify_by
    if not due:
        return (
            f"As soon as possible, and {NOTIFY_DAYS} days after discovery at the latest: give the day of "
            "discovery, both deadlines run from it."
        )
    left = (due - today).days
    span = f"{day(due)} ({used(due, NOTIFY_DAYS, today)})"
    if verdict.outcome == "undecided":
        if left > 0:
            return f"If it is still undecided on {span}: notify then."
        last = "Today is the last day to notify" if left == 0 else "The last day to notify is over"
        return f"{last}: notify now. It {'is' if left == 0 else 'was'} {span}."
    return f"As soon as possible, by {span} at the latest." if left >= 0 else f"Now: it was due by {span}."

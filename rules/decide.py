"""From facts to a verdict: outcome, codes, reasons, cautions, dates, and who is to be told."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from rules.alternatives import would_change
from rules.authorities import ARSAC, AUTHORITIES, DEVICES, NATION_NAMES, SAFETY, Body
from rules.deadlines import notify_by, report_by
from rules.edition import LIVE_TABLE, Criterion, Edition
from rules.explain import sentence
from rules.facts import IMAGING, NO, YES
from rules.incident import Facts
from rules.planner import missing
from rules.readings import Standing, needed
from rules.spans import Span

LETTERS = ("M", "E", "V", "C")


@dataclass(frozen=True)
class Reason:
    """Why one code is met, ruled out or unknown (still open), and where in the guidance it stands."""

    code: str
    status: str
    sentence: str
    where: str


@dataclass(frozen=True)
class Told:
    body: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """What follows from the facts. Names and values are the contract's; `as_dict` is its JSON."""

    outcome: str
    codes: tuple[str, ...]
    complementary: tuple[str, ...]
    possible: tuple[str, ...]
    missing: tuple[str, ...]
    reasons: tuple[Reason, ...]
    cautions: tuple[str, ...]
    readings: tuple[str, ...]
    notify_by: date | None
    report_by: date | None
    authority: Body | None
    also_tell: tuple[Told, ...]
    duty_of_candour: bool | None
    would_change: tuple[str, ...]
    guidance: date

    def as_dict(self) -> dict[str, object]:
        plain: dict[str, object] = asdict(self)
        for name in ("notify_by", "report_by", "guidance"):
            day = getattr(self, name)
            plain[name] = day.isoformat() if day else None
        return plain


def decide(facts: Facts) -> Verdict:
    """The verdict on an incident, by the edition in force when it was discovered."""
    edition, cases = facts.edition, facts.cases
    outcome = outcome_of(facts)
    outside = outcome == "not_irmer"
    deciding = [] if outside else [c for c in edition.criteria if c.notifies]
    met = [c.code for c in deciding if all(case.met(c.code) for case in cases)]
    possible = [
        c.code for c in deciding if c.code not in met and any(case.meetable(c.code) for case in cases)
    ]
    codes = tuple(code for code in met if code not in LETTERS)
    runs = facts.discovered_on if outcome in ("notify", "undecided") else None
    nation = facts.only("nation")
    complementary = () if outside else _complementary(facts, codes, met)
    standing = Standing(facts, outcome, frozenset(met), frozenset(possible), complementary)
    return Verdict(
        outcome=outcome,
        codes=codes,
        complementary=complementary,
        possible=tuple(possible),
        missing=missing(facts) if outcome == "undecided" else (),
        reasons=() if outside else tuple(_reasons(facts, edition, met, possible)),
        cautions=tuple(_cautions(facts, outcome, frozenset(met))),
        readings=needed(standing),
        notify_by=notify_by(runs) if runs else None,
        report_by=report_by(runs) if runs else None,
        authority=AUTHORITIES[nation] if nation and not outside else None,
        also_tell=tuple(_also_tell(facts, nation, outside)),
        duty_of_candour=False if outside else True if "C" in met else None,
        would_change=() if outside else would_change(facts, outcome),
        guidance=edition.published,
    )


def outcome_of(facts: Facts) -> str:
    """`notify`, `do_not_notify`, `undecided` or `not_irmer`: settled when every completion agrees."""
    if facts.outside_irmer:
        return "not_irmer"
    if all(case.certain for case in facts.cases):
        return "notify"
    return "do_not_notify" if all(case.excluded for case in facts.cases) else "undecided"


def _reasons(facts: Facts, edition: Edition, met: list[str], possible: list[str]) -> list[Reason]:
    reasons = []
    for criterion in edition.criteria:
        if not _in_play(criterion, facts):
            continue
        code = criterion.code
        status = "met" if code in met else "unknown" if code in possible else "ruled_out"
        if not criterion.notifies:
            status = "met"
        text = sentence(criterion, status, facts.cases)
        if criterion.newer:
            text += f" (a later wording is known to cover {criterion.newer}: {LIVE_TABLE})"
        reasons.append(Reason(code, status, text, criterion.where))
    return reasons


def _in_play(criterion: Criterion, facts: Facts) -> bool:
    """Does the row speak to this kind of exposure? A label does only where it was claimed."""
    if not criterion.notifies:
        return criterion.when.value(facts.known) is True
    frames = ({"category": frozenset({c.frame.category})} for c in facts.cases)
    return any(criterion.applies.value(frame) is not False for frame in frames)


def _complementary(facts: Facts, codes: tuple[str, ...], met: list[str]) -> tuple[str, ...]:
    flags = {"E": "equipment_fault", "V": "voluntary"}
    letters = [x for x in LETTERS if x in met or facts.known.get(flags.get(x, "")) == frozenset({YES})]
    base = codes[0] if codes else _base(facts)
    return tuple(letter + base for letter in letters)


def _base(facts: Facts) -> str:
    """The code for the most relevant exposure category where none is met; empty where that is not known."""
    exposure, category = facts.only("exposure"), facts.only("category")
    if exposure == "accidental":
        return "1"
    if exposure is None or category is None:
        return ""
    if category in IMAGING:
        return _band(facts)
    if category == "nuclear_medicine_therapy":
        return {"sirt": "10.1", "other": "10.2"}.get(facts.only("nm_therapy") or "", "")
    return "3" if category == "interventional" else _treatment(facts)


def _band(facts: Facts) -> str:
    """The row of 2.1 to 2.4 in whose band the intended dose lies."""
    bands = set()
    for case in facts.cases:
        intended = case.world.get("intended_dose")
        if isinstance(intended, Span):
            bands |= {band for band, limits in facts.edition.bands.items() if intended & limits}
    return bands.pop() if len(bands) == 1 else ""


def _treatment(facts: Facts) -> str:
    miss, target = facts.only("geographical_miss"), facts.known.get("target_dose_ratio")
    if miss == "partial":
        return "9.2"
    if not isinstance(target, Span) or miss is None:
        return ""
    return "8.1" if target.low.value >= 1 else "8.2" if target.high.value < 1 else ""


def _cautions(facts: Facts, outcome: str, met: frozenset[str]) -> list[str]:
    """What must be read before acting: newer wordings, and effects outside interventional work."""
    if outcome == "not_irmer" or facts.only("exposure") == "near_miss":
        return []
    found = []
    effect = facts.known.get("deterministic_effect", frozenset())
    categories = {case.frame.category for case in facts.cases}
    if "interventional" in categories and "3" not in met and (not effect or "observable" in effect):
        found.append(
            "A later edition is known to word code 3 as any unintended exposure with an observable tissue "
            f"reaction, equipment malfunctions included: {LIVE_TABLE}."
        )
    if categories - {"interventional"} and "observable" in effect:
        found.append(
            "An observable effect stands outside interventional work, where no dose code covers it. Ask "
            "about clinical significance first; a later edition is known to word code 3 as any unintended "
            f"exposure with observable tissue reactions: {LIVE_TABLE}."
        )
    if "radiotherapy_verification" in categories and "4.2a" not in met and _other_failure_possible(facts):
        found.append(
            "A later edition is known to let a hardware or software failure trigger code 4.2a as well as a "
            f"set-up error: {LIVE_TABLE}."
        )
    return found


def _other_failure_possible(facts: Facts) -> bool:
    images = facts.known.get("images_in_fraction")
    few = isinstance(images, Span) and images.high.value < 3
    no_fault = facts.known.get("equipment_fault") == frozenset({NO})
    cause = facts.known.get("imaging_failure")
    return not few and not (no_fault and cause is not None and "thematic" not in cause)


def _also_tell(facts: Facts, nation: str | None, outside: bool) -> list[Told]:
    told: list[Told] = []

    def by_nation(bodies: dict[str, Body], reason: str) -> None:
        if nation:
            told.append(Told(bodies[nation].name, f"{reason} ({bodies[nation].how})"))
            return
        for body in dict.fromkeys(bodies.values()):
            where = " and ".join(NATION_NAMES[n] for n in bodies if bodies[n] is body)
            told.append(Told(body.name, f"{reason} ({body.how}), in {where}"))

    if outside:
        why = "it falls under the Ionising Radiations Regulations 2017, not under IR(ME)R"
        by_nation(SAFETY, f"If it is an over-exposure, {why}")
    if facts.known.get("equipment_fault") == frozenset({YES}):
        by_nation(DEVICES, "Equipment was at fault, software included")
    if facts.known.get("licence_held") == frozenset({NO}):
        told.append(
            Told(ARSAC.name, f"A radioactive substance was administered without the licence ({ARSAC.how})")
        )
        if nation:
            told.append(Told(AUTHORITIES[nation].name, "Is glad to know of a breach of licensing too"))
    return told

"""From facts to a verdict: outcome, codes, reasons, cautions, dates, and who is to be told."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rules.alternatives import would_change
from rules.authorities import ARSAC, AUTHORITIES, DEVICES, NATION_NAMES, SAFETY, Body
from rules.compiled import compiled
from rules.complementary import LETTERS, base_needs
from rules.deadlines import notify_by, report_by
from rules.edition_model import LIVE_TABLE, Edition
from rules.facts import FACTS, NO, YES
from rules.incident import Facts
from rules.planner import missing
from rules.readings import needed
from rules.reasons import Reason, reasons
from rules.spans import Span
from rules.standing import Standing, stand

if TYPE_CHECKING:
    from rules.contract import StoredVerdict

ANOTHER_REGIME = "it falls under the Ionising Radiations Regulations 2017, not under IR(ME)R"
INTERVENTIONAL = frozenset({"interventional"})


class AlsoTell(NamedTuple):
    body: str
    reason: str


class _Verdict(NamedTuple):
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
    also_tell: tuple[AlsoTell, ...]
    duty_of_candour: bool | None
    guidance: date
    facts: Facts


class Verdict(_Verdict):
    """What follows from the facts. Names and values are the contract's; `as_dict` is its JSON."""

    @cached_property
    def would_change(self) -> tuple[str, ...]:
        """From which values of single facts the outcome would be another; worked out when asked for."""
        return would_change(self.facts, self.outcome)

    @cached_property
    def base_needs(self) -> tuple[str, ...]:
        """The facts that would tell the base code of letters that stand alone."""
        return base_needs(self.facts) if any(len(code) == 1 for code in self.complementary) else ()

    @property
    def stored(self) -> StoredVerdict:
        """As it is printed and kept."""
        from rules.contract import StoredVerdict  # 40 ms, which a start does without

        return StoredVerdict.model_validate(self, from_attributes=True)

    def as_dict(self) -> dict[str, object]:
        return self.stored.model_dump(mode="json")


def decide(facts: Facts) -> Verdict:
    """The verdict on an incident, by the edition in force when it was discovered."""
    if facts.outside_irmer:
        return _outside(facts)
    standing = stand(facts)
    outcome, codes, edition = standing.outcome, standing.codes, facts.edition
    runs = facts.discovered_on if outcome != "do_not_notify" else None
    nation = str(next(iter(standing.nations))) if len(standing.nations) == 1 else None
    return Verdict(
        outcome=outcome,
        codes=tuple([code for code in codes if code not in LETTERS]),
        complementary=standing.complementary,
        possible=standing.possible,
        missing=missing(facts) if outcome == "undecided" else (),
        reasons=_reasons(standing, edition),
        cautions=tuple(_cautions(standing)),
        readings=needed(standing),
        notify_by=notify_by(runs) if runs else None,
        report_by=report_by(runs) if runs else None,
        authority=AUTHORITIES[nation] if nation else None,
        also_tell=tuple(_also_tell(facts, nation)),
        duty_of_candour=True if "C" in codes else None,
        guidance=edition.published,
        facts=facts,
    )


def outcome_and_codes(facts: Facts) -> tuple[str, tuple[str, ...]]:
    """The first two of a verdict alone, for many incidents at once."""
    if facts.outside_irmer:
        return "not_irmer", ()
    judged = compiled(facts.edition).judge(facts.known)
    if judged is None:
        standing = stand(facts)
        outcome, codes = standing.outcome, standing.codes
    else:
        outcome, codes = "notify" if judged.codes else "do_not_notify", judged.codes
    return outcome, tuple([code for code in codes if code not in LETTERS])


def _outside(facts: Facts) -> Verdict:
    """A worker's, the public's, or of equipment not yet in clinical use: another regime."""
    return Verdict(
        outcome="not_irmer",
        codes=(),
        complementary=(),
        possible=(),
        missing=(),
        reasons=(),
        cautions=(),
        readings=(),
        notify_by=None,
        report_by=None,
        authority=None,
        also_tell=tuple(_also_tell(facts, facts.only("nation"), outside=True)),
        duty_of_candour=False,
        guidance=facts.edition.published,
        facts=facts,
    )


def _reasons(standing: Standing, edition: Edition) -> tuple[Reason, ...]:
    facts = standing.facts
    if standing.judged:
        return compiled(edition).reasons(standing.judged, facts.known)
    return reasons(edition, facts.known, facts.scenarios, standing.codes, standing.possible)


def _cautions(standing: Standing) -> list[str]:
    """What must be read before acting: newer wordings, and effects outside interventional work."""
    facts, categories, met = standing.facts, standing.categories, standing.codes
    if standing.exposures == frozenset({"near_miss"}):
        return []
    found = []
    effect = facts.known.get("deterministic_effect", frozenset())
    if "interventional" in categories and "3" not in met and (not effect or "observable" in effect):
        found.append(
            "A later edition is known to word code 3 as any unintended exposure with an observable tissue "
            f"reaction, equipment malfunctions included: {LIVE_TABLE}."
        )
    if categories != INTERVENTIONAL and "observable" in effect:
        found.append(
            "An observable effect stands outside interventional work, where no dose code covers it. Ask "
            "about clinical significance first; a later edition is known to word code 3 as any unintended "
            f"exposure with observable tissue reactions: {LIVE_TABLE}."
        )
    meant = standing.exposures == frozenset({"as_intended"})  # then the images were those that were meant
    verifying = "radiotherapy_verification" in categories and not meant
    if verifying and "4.2a" not in met and _other_failure_possible(facts):
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


def _also_tell(facts: Facts, nation: str | None, outside: bool = False) -> list[AlsoTell]:
    told: list[AlsoTell] = []

    def by_nation(bodies: dict[str, Body], reason: str) -> None:
        if nation:
            told.append(AlsoTell(bodies[nation].name, f"{reason} ({bodies[nation].how_and_where})"))
            return
        for body in dict.fromkeys(bodies.values()):
            where = " and ".join(NATION_NAMES[n] for n in bodies if bodies[n] is body)
            told.append(AlsoTell(body.name, f"{reason} ({body.how_and_where}), in {where}"))

    others = facts.stated.get("others_exposed")
    if outside:
        by_nation(SAFETY, f"If it is an over-exposure, {ANOTHER_REGIME}")
    elif isinstance(others, list) and others:
        who = " and ".join(FACTS["others_exposed"].label(other).lower() for other in others)
        by_nation(SAFETY, f"Exposed as well: {who}. If it is an over-exposure, {ANOTHER_REGIME}")
    if facts.known.get("equipment_fault") == frozenset({YES}):
        by_nation(DEVICES, "Equipment was at fault, software included")
    if facts.known.get("licence_held") == frozenset({NO}):
        told.append(
            AlsoTell(
                ARSAC.name, f"A radioactive substance was administered without the licence ({ARSAC.how})"
            )
        )
        if nation:
            told.append(AlsoTell(AUTHORITIES[nation].name, "Is glad to know of a breach of licensing too"))
    return told

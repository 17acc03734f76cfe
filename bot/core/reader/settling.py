"""What the findings say of each other: facts that imply, exclude or need one another, or may be another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import chain, islice, product

import bot.core.reader.guards as guards
from bot.core.reader.amounts import UNITS, in_unit
from bot.core.reader.doses import WRONG_PART, amount
from bot.core.reader.examinations import most
from bot.core.reader.findings import Finding, Findings
from bot.core.reader.matching import AT_MOST, many_of
from bot.core.reader.patterns import tagset
from bot.core.reader.roles import Placed, place
from bot.core.reader.tags import Tagged
from rules.facts import FACTS, IMAGING
from rules.incident import InvalidFacts
from rules.parsing import parse
from rules.quantities import Found
from rules.spans import plain

_NOT_THIS = ("not requested", "not booked", "not due", "not referred", "never requested", "wasnt requested")


def settle(t: Tagged, found: Findings, today: date) -> None:
    """Takes certainty from what another finding speaks against, and adds what follows from one."""
    _only_dose(t, found)
    low = any(f.fact == "fraction_dose_ratio" and f.value and Decimal(str(f.value)) < 1 for f in found.all)
    found.doubt("fraction_dose_ratio" * low, "?highest_fraction")  # the others may have had their whole dose
    _images(t, found)  # their numbers are of something else where there are none
    _contested(t, found)
    found.doubt(" ".join(f.fact for f in found.all if f.value in ("0 mSv", "0 mGy")), "?no_dose")
    _not_for_good(t, found)
    if "near_miss" in found.values("exposure"):
        found.doubt("not_in_near_miss", "?anybody")
    _category(found)
    _ratio_and_activity(t, found)
    if found.values("individuals_exposed") - {1}:
        found.doubt("planning_scans images_of_course age_years dose_ratio", "?one_person")
    found.drop("cause" * ("cause" not in found.certain()))
    if not found.says("deterministic_effect"):
        found.drop("effect_predicted")
    if not t.text.rstrip().endswith("?"):
        # "We would like to share the learning" is how one says it.
        found.all = [replace(one, doubt="") if one.fact == "voluntary" else one for one in found.all]
    _others(found)
    sure = "exposed_person" in found.certain() and len(found.values("total_dose")) < 2
    if found.says("exposed_person") and not sure:
        found.doubt("total_dose", "?whose_dose")
    if found.values("exposed_person") & {"carer_or_comforter", "member_of_public", "worker"}:
        found.doubt("of_a_body", "?of_whom")
    # What the rules refuse is asked, not stated: a contradiction, a day to come, a value out of range.
    for _ in range(4):
        facts = {name: f.given for name, f in found.certain().items()}
        for fact, message in (wrong := refused(facts, today)).items():
            found.doubt(fact or " ".join(facts), message)
        if not wrong:
            break


def one_age(found: Findings) -> None:
    """A group is asked only where no age is given, and where both are they are to agree."""
    years = {"adult" if int(str(age)) > 17 else "child" for age in found.values("age_years") - {None}}
    if years and {f.value for f in found.named("age_group") if not f.doubt} - years:
        found.doubt("age_years age_group", "?age_group")
    elif "age_years" in found.certain():
        found.drop("age_group")
    elif years and years != found.values("age_group"):
        found.doubt("age_group", "?age_group")


def _others(found: Findings) -> None:
    """All who were exposed beside the patient are one fact."""
    others = found.named("others_exposed")
    everybody = tuple(sorted({str(one.value) for one in others}))
    sure = {one.value for one in others if not one.doubt}
    unsure = next((one.doubt for one in others if one.value not in sure), "")
    found.drop("others_exposed")
    found.all += (replace(one, value=everybody, doubt=unsure) for one in others)


def _only_dose(t: Tagged, found: Findings) -> None:
    """Of the wrong patient, or one who was due nothing, who had one exposure, its dose is the whole of it."""
    doses = found.named("total_dose")
    hints = {f.value for f in found.named("exposure") if found.words(f).lower() not in _NOT_THIS}
    if len(doses) != 1 or "accidental" not in hints or found.says("intended_dose dose_ratio exposed_person"):
        return
    dose = doses[0]
    open_ended = str(dose.value)[0] in "<>" or t.before("approx ~3", t.at(dose.start), 6)
    once = not any(t.first(words) for words in ("@repeats", WRONG_PART, "@another_due"))
    if dose.doubt == "?chance" and not open_ended and once and found.values("individuals_exposed") <= {1}:
        found.drop("total_dose")
        found.all.append(replace(dose, doubt=""))


def _contested(t: Tagged, found: Findings) -> None:
    """Beside another number of its kind that no certain fact has taken nothing is certain: both are asked."""
    sure = found.certain()
    anew = {hit.j - 1 for hit in t.find("@told_anew")}
    rivals = [*islice(chain(_with_unit(t, sure, anew), _without(t, found, sure, anew)), AT_MOST)]
    found.doubt(" ".join({rival.fact for rival in rivals}), "?rival")
    found.all += rivals


def _with_unit(t: Tagged, sure: Mapping[str, Finding], anew: Set[int]) -> Iterator[Finding]:
    taken = {k for one in sure.values() for k in t.between(one.start, one.end)}
    for base, unit in UNITS.items():
        own = [sure[fact] for fact in tagset(f"in_{base}") if fact in sure]
        if not own or all(i in taken for i, token in enumerate(t.tokens) if base in token.tags):
            continue
        placed = [p for p in place(t, base) if p.i not in taken and p.role not in tagset(f"aside_{base}")]
        parts = anew.isdisjoint(p.i for p in placed) and _parts(placed, own)
        for one, p in product(own, () if parts else placed):
            # What is said to be meant is none of what else is told, unless that is told anew.
            if one.fact not in tagset("of_meant") or p.role == "intended" or p.i in anew:
                value = p.found.span.text(unit) if p.found.span else None
                yield Finding(one.fact, value, p.found.start, p.found.end, "?rival")


def _parts(placed: Sequence[Placed], own: Iterable[Finding]) -> bool:
    """Are they what a certain amount is the sum of, or the difference between two, or said again?"""
    told = (str(one.value).split()[0] for one in own)
    amounts = {Decimal(value) for value in told if value.replace(".", "").isdecimal()}
    apart = {a - b for a in amounts for b in amounts}
    values = [(amount(p) or Decimal("NaN"), p.role) for p in placed]
    explained = (v in apart or (v in amounts and role != "extra") for v, role in values)
    return sum(v for v, _ in values) in amounts or all(explained)


def _without(t: Tagged, found: Findings, sure: Mapping[str, Finding], anew: Set[int]) -> Iterator[Finding]:
    """A number that nothing took or names, of any sentence where it is told anew or is no whole one."""
    own = [one for fact, one in sure.items() if fact in tagset("of_a_number")]
    used = {k for f in found.all if f.value is not None for k in t.between(f.start, f.end)}
    for i, token in enumerate(t.tokens if own else ()):
        number = many_of(token) if i not in used and token.tags & tagset("n pct times") else None
        named = token.word == "one" or t.starts("@of_what", i + 1) or t.before("@of_a_name", i, 2)
        if number is None or (named and i not in anew):
            continue
        begin, end = (0, len(t.tokens)) if i in anew or number % 1 else t.sentence(i)
        for one in (one for one in own if begin <= t.at(one.start) < end):
            near = t.tokens[t.at(one.start)].value
            value: str | int | None = int(number) if "n" in token.tags and number % 1 == 0 else None
            if one.fact in tagset("all_ratios"):
                value = plain(number)
            elif isinstance(near, Found):
                span = in_unit(str(number), near) if "n" in token.tags else None
                value = span.text(UNITS[near.base]) if span else None
            if value is not None:
                yield Finding(one.fact, value, token.start, token.end, "?rival")


def _not_for_good(t: Tagged, found: Findings) -> None:
    """A "no" that holds so far, or that other words of the same thing stand beside, is asked."""
    for one in found.all:
        alone = (one.fact, one.value) == ("individuals_exposed", 1)
        if one.doubt or one.fact == "licence_held" or (_tells(one) and not alone):
            continue
        i, j = t.at(one.start), t.after(one.end)
        begin, end = t.clause(i)
        told = t.find(f"@beside_{one.fact}") if one.fact in tagset("told_beside") else ()
        others = [hit for hit in told if hit.j <= begin or hit.i >= max(end, j)]
        beside = not all(guards.denied(t, hit.i, hit.j) for hit in others)
        found.doubt(one.fact, guards.held(t, "denial", i, j) or "?beside" * beside)


def _images(t: Tagged, found: Findings) -> None:
    """Images of a course are radiotherapy's: "two extra images" of a wrist are not meant."""
    sure = {f.value for f in found.named("category") if not f.doubt}
    verifying = t.first("@verifying_settling") or "radiotherapy_verification" in found.values("category")
    both = found.says("intended_images") and found.says("additional_images")
    if "radiotherapy_planning" in sure or not (verifying or (both and not sure)):
        found.drop("of_verification")
    if not verifying:
        found.doubt("of_verification", "?radiotherapy")
    if len({hit["which"].word for hit in t.find("fraction which:n")}) > 1:
        found.doubt("images_in_fraction", "?most_images")
    if found.says("set_up_error"):
        if t.has("picture", "cbct", "kv", "film") and not t.has("miss", "missed", "target", "treated"):
            found.drop("geographical_miss")
        if found.says("of_treatment"):
            found.doubt("set_up_error", "?led_to_images")


def _category(found: Findings) -> None:
    """A fact that belongs to one category implies it, and contests another."""
    telling = [finding for finding in found.all if _own_categories(finding) and _tells(finding)]
    sure = found.certain()
    stated = sure.get("category")
    if stated is not None:
        against = [f for f in telling if stated.value not in _own_categories(f)]
        # Nobody writes of the latter in a text about anything else, be their number certain or not.
        against = [f for f in against if not f.doubt or f.fact in tagset("images_of_course of_treatment")]
        if against:
            found.doubt("category", "?kinds")
            found.doubt(" ".join(f.fact for f in against), "?other_kind")
        return
    named = found.named("category")
    implied = [finding for finding in telling if sure.get(finding.fact) == finding]
    if guess := next((f.doubt for f in named if f.doubt.startswith(guards.MEANT)), ""):
        found.doubt(" ".join(f.fact for f in implied), guess)
        return
    fits = frozenset.intersection(*map(_own_categories, implied)) if implied else frozenset()
    if len(fits) == 1:
        (value,) = fits
        several = any(f.doubt in ("?several_kinds", "?radiotherapy") for f in named)
        clear = not several and (all(f.doubt for f in named) or value in found.values("category"))
        if clear:
            found.drop("category")
        elif several:
            found.doubt(" ".join(f.fact for f in implied), "?other_kind")
        found.suggest("category", value, implied[0], "" if clear else "?which_category")


def _own_categories(finding: Finding) -> frozenset[str]:
    fact = FACTS.get(finding.fact)
    return fact.categories if fact else frozenset()


def _tells(finding: Finding) -> bool:
    return finding.value not in (False, "none", "0")


def _ratio_and_activity(t: Tagged, found: Findings) -> None:
    """A ratio of doses is for where only that is known, and for imaging; no scan is made with so much
    activity."""
    sure = found.certain()
    if {"total_dose", "intended_dose"} <= sure.keys():
        found.drop("dose_ratio")
    if not found.values("category") <= IMAGING | {"interventional"} or len(found.values("category")) > 1:
        found.doubt("dose_ratio", "?is_effective")
    if "nuclear_medicine" in found.values("category") and most(t, "Bq") > 2500:  # MBq
        found.doubt("category", "?much_activity")


def refused(facts: Mapping[str, object], today: date) -> dict[str, str]:
    """What the rules say of each fact that they refuse; "" stands for all of them together."""
    try:
        parse(facts, today)
    except InvalidFacts as invalid:
        return {error.fact or "": error.message for error in reversed(invalid.errors)}
    return {}


def offer(t: Tagged, found: Findings) -> None:
    """What is not said, but suggested: that an exposure was intended, and of which category it was."""
    telling = [f for f in found.all if _tells(f)]
    if found.all and not found.says("exposure"):
        meant = [f for f in telling if f.fact in tagset("of_an_intention")]
        right = [f for f in telling if f.fact in tagset("in_doubt_alone") and f.value is not None]
        where = [*meant, *right, *found.named("category"), *found.all][0]
        value = "as_intended" if right and not meant else "unintended"
        found.suggest("exposure", value, where, "?another" if meant else "?what_was_wrong")
    if not found.says("category"):
        own = next((f for f in telling if _own_categories(f)), None)
        if own is not None:
            for category in sorted(_own_categories(own)):
                found.suggest("category", category, own, "?what_kind")
        imaged = own is None or own.fact in tagset("of_verification")
        if imaged and (part := t.first("part|film|left|rightside")):
            found.all.append(Finding("category", "diagnostic", part.start, part.end, "?what_kind"))

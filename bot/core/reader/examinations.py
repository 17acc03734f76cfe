"""What kind of exposure it was: category, modality, and which examination was meant and which was made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding, Findings
from bot.core.reader.lexicon import HINT, LEANING, NO_RADIATION, SURE, Exam
from bot.core.reader.matching import AT_MOST, said
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from rules.spans import exactly

VERIFICATION, TREATMENT = "radiotherapy_verification", "radiotherapy_treatment"
NUCLEAR, NM_THERAPY = "nuclear_medicine", "nuclear_medicine_therapy"

_THERAPY_NUCLIDE = frozenset(("y 90", "90 y", "yttrium", "yttrium 90", "ho 166", "holmium"))
_NOT_INTERVENTION = "was that intervention, or diagnostic imaging?"


@dataclass(frozen=True)
class NamedExam:
    """An examination or treatment that the text names."""

    exam: Exam
    hit: Hit
    meant: bool
    made: bool
    aside: bool
    past: bool


def mentions(t: Tagged) -> list[NamedExam]:
    found: list[NamedExam] = []
    for i, token in enumerate(t.tokens):
        exam = (
            next((value for value in (token.value or {}).values() if isinstance(value, Exam)), None)
            if isinstance(token.value, dict)
            else None
        )
        if exam is None or len(found) >= AT_MOST:
            continue
        meant = bool(t.before("@meant_before", i, 6) or t.starts("@meant_after", i + 1))
        made = not t.before("instead a?", i, 3) and (
            bool(t.before("@made_before", i, 6))
            or (not meant and bool(t.starts("~4 (made|got|injected|exposed)", i + 1)))
        )
        past = bool(t.starts("(~3 past !and | ~3 future)", i + 1)) or _of_another_month(t, i)
        aside = past or bool(t.before("(seen in|from | seen_on | past) ~2", i, 5))
        aside = aside or (exam.category != TREATMENT and guards.denied(t, i, i + 1, 2) is True)
        found.append(NamedExam(exam, t.span(i, i + 1), meant, made, aside, past))
    return found


def _of_another_month(t: Tagged, i: int) -> bool:
    """ "Had a bone scan last month" tells of another one, "coiling last month" of this."""
    near = t.tokens[i + 1 : min(t.clause(i)[1], i + 3)] if t.before("had", i, 3) else ()
    return any("day" in token.tags and token.word.startswith(("last month", "last year")) for token in near)


def examinations(t: Tagged, named: list[NamedExam]) -> Iterator[Finding]:
    exposing = [m for m in named if m.exam.category != NO_RADIATION and not m.aside]
    yield from _category(t, exposing, named)
    therapy = t.first("sirt") or next(
        (m.hit for m in exposing if m.exam.category == NM_THERAPY and m.exam.weight > HINT), None
    )
    if therapy is None and t.has("i131") and t.has("got", "Bq") and not t.has("scan"):
        therapy = t.first("i131")
    if therapy:
        sirt = t.has("sirt")
        unclear = "" if sirt or not _THERAPY_NUCLIDE & t.words_said else "which therapy was it?"
        work_up = (
            "was it the therapy, or its work-up?" if sirt and t.has("work_up", "planned", "future") else ""
        )
        plain = "" if "i131" not in t.tokens[therapy.i].tags else "was it a therapy?"
        yield said(t, "nm_therapy", "sirt" if sirt else "other", therapy, unclear or work_up or plain)


def _category(t: Tagged, exposing: list[NamedExam], named: list[NamedExam]) -> Iterator[Finding]:
    if not exposing:
        for m in named:
            if m.exam.category != NO_RADIATION and m.exam.weight > HINT:
                yield said(t, "category", m.exam.category, m.hit, "was that the exposure in question?")
        return
    exposing = [_weighed(t, m) for m in exposing]
    top = max(m.exam.weight for m in exposing)
    heard = _generalities_aside(t, [m for m in exposing if m.exam.weight == top])
    made = [m for m in heard if not m.meant or m.made] or heard
    categories = {m.exam.category for m in made}
    doubt = ""
    if top == HINT and not _treated(t, heard):
        doubt = "what kind of exposure was it?"
    elif len({m.exam.category for m in heard}) > 1:
        doubt = "more than one kind of exposure is named: which was given?"
    elif aside := {m.exam.category for m in named if m.past and m.exam.weight >= top} - categories:
        doubt = "an exposure of another day is named beside it: which was the one in question?"
        made += [m for m in named if m.exam.category in aside]
    elif top == LEANING and categories == {VERIFICATION} and not t.first("@verifying"):
        doubt = "was it a verification image?"
    elif top == LEANING and categories == {TREATMENT} and t.has("scan", "picture"):
        doubt = "was it a treatment, or imaging for one?"
    elif any(m.exam.category == NO_RADIATION and (m.made or not m.meant) for m in named) and all(
        m.meant and not m.made for m in heard
    ):
        doubt = "was there an exposure to ionising radiation?"
    elif categories == {"diagnostic"} and t.has("fluoro") and _perhaps_interventional(t, exposing):
        doubt = _NOT_INTERVENTION
    for m in [*made, *(m for m in heard if m not in made)]:
        yield said(t, "category", m.exam.category, m.hit, doubt)
        if doubt == _NOT_INTERVENTION:
            yield said(t, "category", "interventional", m.hit, doubt)


_NO_DOSE = exactly(0)


def _weighed(t: Tagged, m: NamedExam) -> NamedExam:
    """So much iodine-131, or iodine for such a disease, is a therapy's."""
    spans = [token.value.span for token in t.tokens if "Bq" in token.tags and token.value.span]
    much = any(span.low.value >= _THERAPY_FROM for span in spans)
    therapy = "i131" in t.tokens[m.hit.i].tags and (much or t.has("condition")) and not t.has("scan", "agent")
    return replace(m, exam=m.exam._replace(weight=SURE)) if therapy else m


_THERAPY_FROM = 450  # MBq; a scan of the whole body is made with 400 at most


def _perhaps_interventional(t: Tagged, exposing: list[NamedExam]) -> bool:
    """Fluoroscopy beside an effect, a vessel or a theatre is not said to be diagnostic."""
    return t.has("effect", "organ_dose", "vessel") or any(
        m.exam.category == "interventional" for m in exposing
    )


def _treated(t: Tagged, heard: list[NamedExam]) -> bool:
    """One word of radiotherapy is a hint; two, and none of imaging, tell of a treatment."""
    words = {t.tokens[m.hit.i].word.rstrip("s") for m in heard if m.exam.category == TREATMENT}
    words |= {tag for tag in ("treated", "target", "course", "linac", "another_plan") if t.has(tag)}
    words |= {
        "Gy" for token in t.tokens if "Gy" in token.tags and (token.value.span or _NO_DOSE).low.value >= 500
    }
    imaging = t.has("picture", "scan", "film", "planning", "kv", "cbct", "setup")
    return len(words) > 1 and len({m.exam.category for m in heard}) == 1 and not imaging


def _generalities_aside(t: Tagged, heard: list[NamedExam]) -> list[NamedExam]:
    """Without what only describes the rest: a hybrid scan's CT, a treatment's images, a therapy's agent."""
    if any(m.exam.modality in ("spect_ct", "pet_ct") for m in heard):
        heard = [
            m
            for m in heard
            if m.exam.modality != "ct" or m.exam.category != "diagnostic" or not t.has("partial", "hybrid")
        ]
    if any(m.exam.category == "interventional" for m in heard):
        heard = [m for m in heard if m.exam.modality != "fluoroscopy" or m.exam.category != "diagnostic"]
    categories = {m.exam.category for m in heard}
    if (
        categories == {VERIFICATION}
        and all(m.exam.modality == "cbct" for m in heard)
        and t.has("dental", "jaw")
    ):
        return [replace(m, exam=m.exam._replace(category="diagnostic", modality="dental")) for m in heard]
    if categories == {NM_THERAPY, NUCLEAR} and not t.has("work_up", "scan"):
        return [m for m in heard if m.exam.category == NM_THERAPY]
    if categories == {VERIFICATION, TREATMENT} and t.has("picture", "cbct", "kv"):
        missed = t.has("miss", "target", "plan", "Gy")
        return heard if missed else [m for m in heard if m.exam.category == VERIFICATION]
    return heard


_TELLS_NOTHING = tagset("plain_names")


def details(t: Tagged, named: list[NamedExam]) -> Iterator[Finding]:
    exposing = [m for m in named if m.exam.category != NO_RADIATION and not m.aside and m.exam.weight > HINT]
    made = [m for m in exposing if m.exam.modality and (m.made or not m.meant) and m.exam.weight == SURE]
    if len({m.exam.modality for m in made}) == 1:
        yield Finding("modality", made[0].exam.modality, made[0].hit.start, made[0].hit.end)
    for fact, chosen in (
        ("examination_intended", [m for m in exposing if m.meant and not m.made]),
        ("examination_performed", [m for m in exposing if m.made and not m.meant]),
    ):
        if len(chosen) == 1 and chosen[0].exam.modality:
            one = replace(chosen[0], hit=_with_part(t, chosen[0].hit))
            words = " ".join(t.text[one.hit.start : one.hit.end].split())
            plain = (
                not set(words.lower().split()) <= _TELLS_NOTHING and "made" not in t.tokens[one.hit.i].tags
            )
            if plain and (fact != "examination_intended" or t.before("@said_to_be_meant", one.hit.i, 6)):
                yield Finding(fact, words, one.hit.start, one.hit.end)


def _with_part(t: Tagged, hit: Hit) -> Hit:
    """The examination with the part of the body that stands directly before or after it."""
    after = t.starts("(of? part)+", hit.j)
    if after and after.i == hit.j:
        return t.span(hit.i, after.j)
    before = t.before("part+", hit.i)
    return t.span(before.i, hit.j) if before else hit


# Whether an exposure was intended.
_AS_MEANT = "it reads as if the exposure itself was as intended: which was it?"
_NO_RADIATION = "an examination without radiation was meant, so perhaps no exposure at all: which was it?"


def exposures(t: Tagged, named: list[NamedExam], found: Findings) -> None:
    """Always to be confirmed."""
    if {f.value for f in found.named("exposure")} - {"unintended"}:
        return
    meant_without = [m for m in named if m.exam.category == NO_RADIATION and (m.meant or not m.made)]
    if meant_without and any(
        m.exam.category != NO_RADIATION and m.exam.modality and not m.aside for m in named
    ):
        found.drop("exposure")
        found.add(said(t, "exposure", "accidental", meant_without[0].hit, _NO_RADIATION))
    elif right := t.first("as_meant"):
        found.all.insert(0, said(t, "exposure", "as_intended", right, _AS_MEANT))

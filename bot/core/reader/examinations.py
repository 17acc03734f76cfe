"""What kind of exposure it was: category, modality, which examination was meant and which was made; and which
radiopharmaceutical was given where another, or another study, was meant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import combinations, islice
from pathlib import Path
from typing import NamedTuple

import bot.core.reader.guards as guards
from bot.core.reader.findings import Finding, Findings
from bot.core.reader.lexicon import HINT, LEANING, NO_RADIATION, SURE, Exam, alone, paragraphs
from bot.core.reader.matching import AT_MOST, said
from bot.core.reader.patterns import tagset
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token

DIAGNOSTIC, INTERVENTIONAL = "diagnostic", "interventional"
PLANNING, VERIFICATION, TREATMENT = map("radiotherapy_".__add__, ("planning", "verification", "treatment"))
NUCLEAR, NM_THERAPY = "nuclear_medicine", "nuclear_medicine_therapy"

_OR_ELSE = {"?intervention": INTERVENTIONAL, "?much_activity": NM_THERAPY}
_THERAPY_FROM, _TREATED_FROM = 450, 500  # MBq, mGy; a scan of the whole body is made with 400 at most


class NamedExam(NamedTuple):
    """An examination or treatment that the text names."""

    exam: Exam
    hit: Hit
    meant: bool
    made: bool
    aside: bool
    past: bool

    @property
    def radiation(self) -> bool:
        return self.exam.category != NO_RADIATION

    @property
    def only_meant(self) -> bool:
        return self.meant and not self.made


def mentions(t: Tagged) -> list[NamedExam]:
    exams = ((i, exam) for i, token in enumerate(t.tokens) if (exam := token.given(Exam)))
    return [_mention(t, i, exam) for i, exam in islice(exams, AT_MOST)]


def _mention(t: Tagged, i: int, exam: Exam) -> NamedExam:
    meant = bool(t.before("@meant_before", i, 6) or t.starts("@meant_after", i + 1))
    made = t.before("@made_before", i, 6) or (not meant and t.starts("~4 (made|got|injected|exposed)", i + 1))
    # "Had a bone scan last month" tells of another one, "coiling last month" of this.
    near = t.tokens[i + 1 : min(t.clause(i)[1], i + 3)] if t.before("had", i, 3) else ()
    month = any("day" in token.tags and token.word.startswith(("last month", "last year")) for token in near)
    past = month or bool(t.starts("~3 past !and | ~3 future", i + 1))
    aside = past or bool(t.before("(seen in|from | seen_on | past) ~2", i, 5))
    aside = aside or (exam.category != TREATMENT and guards.denied(t, i, i + 1, 2) is True)
    return NamedExam(
        exam, t.span(i, i + 1), meant, bool(made) and not t.before("instead a?", i, 3), aside, past
    )


def categories(t: Tagged, named: list[NamedExam]) -> Iterator[Finding]:
    exposing = [_weighed(t, m) for m in named if m.radiation and not m.aside]
    if not exposing:
        idle = (m for m in named if m.radiation and m.exam.weight > HINT)
        yield from (said(t, "category", m.exam.category, m.hit, "?in_question") for m in idle)
        return
    top = max(m.exam.weight for m in exposing)
    heard = _generalities_aside(t, [m for m in exposing if m.exam.weight == top])
    made = [m for m in heard if not m.only_meant] or heard
    kinds = _kinds(made)
    past = [m for m in named if m.past and m.exam.weight >= top and m.exam.category not in kinds]
    # Fluoroscopy beside an effect, a vessel or a theatre is not said to be diagnostic.
    screened = INTERVENTIONAL in _kinds(exposing) or t.has("effect", "organ_dose", "vessel", "needled")
    doubts = {
        "?what_kind": top == HINT and not _treated(t, heard),
        "?several_kinds": len(_kinds(heard)) > 1 or (kinds == {PLANNING} and t.first("@was_treated")),
        "?another_day": past,
        "?verification": top == LEANING and kinds == {VERIFICATION} and not t.first("@verifying"),
        "?much_activity": top == LEANING and kinds == {NUCLEAR} and t.has("Bq"),
        "?treatment": top == LEANING and kinds == {TREATMENT} and t.has("scan", "picture"),
        "?radiation": all(m.only_meant for m in heard)
        and any(not (m.radiation or m.only_meant) for m in named),
        "?intervention": screened and kinds == {DIAGNOSTIC} and t.has("fluoro", "needled"),
        "?radiotherapy": kinds == {DIAGNOSTIC} and t.first("@of_a_course"),
    }
    doubt = guards.first_of(doubts.items())
    beside = {"?another_day": past, "?several_kinds": exposing, "?radiotherapy": exposing}.get(doubt, [])
    for m in [*made, *beside, *(m for m in heard if m not in made)]:
        yield said(t, "category", m.exam.category, m.hit, doubt)
        if doubt in _OR_ELSE:
            yield said(t, "category", _OR_ELSE[doubt], m.hit, doubt)


def _kinds(exams: Iterable[NamedExam]) -> set[str]:
    return {m.exam.category for m in exams}


def most(t: Tagged, base: str) -> Decimal:
    """The most that is said in a unit."""
    spans = (token.value.span for token in t.tokens if base in token.tags)
    return max((span.low.value for span in spans if span), default=Decimal(0))


def _weighed(t: Tagged, m: NamedExam) -> NamedExam:
    """So much iodine-131, or iodine for such a disease, is a therapy's."""
    much = most(t, "Bq") >= _THERAPY_FROM or t.has("condition")
    therapy = much and t.has_in(m.hit.i, m.hit.j, "i131") and not t.has("scan", "agent")
    return m._replace(exam=m.exam._replace(weight=SURE)) if therapy else m


def _treated(t: Tagged, heard: list[NamedExam]) -> bool:
    """One word of radiotherapy is a hint; two, and none of imaging, tell of a treatment."""
    words = {t.tokens[m.hit.i].word.rstrip("s") for m in heard if m.exam.category == TREATMENT}
    words |= {tag for tag in ("treated", "target", "course", "linac", "another_plan") if t.has(tag)}
    count = len(words) + (most(t, "Gy") >= _TREATED_FROM)
    imaging = t.has("picture", "scan", "film", "planning", "kv", "cbct", "setup")
    return count > 1 and len(_kinds(heard)) == 1 and not imaging


def _generalities_aside(t: Tagged, heard: list[NamedExam]) -> list[NamedExam]:
    """Without what only describes the rest: a hybrid scan's CT, a treatment's images, a therapy's agent."""
    hybrid = t.has("partial", "hybrid") and any(m.exam.modality in ("spect_ct", "pet_ct") for m in heard)
    screened = INTERVENTIONAL in _kinds(heard)
    general = [(DIAGNOSTIC, "ct")] * hybrid + [(DIAGNOSTIC, "fluoroscopy")] * screened
    heard = [m for m in heard if m.exam[:2] not in general]
    studied = any(t.has_in(m.hit.i, m.hit.j, "exam") for m in heard)
    if _kinds(heard) == {NM_THERAPY, NUCLEAR} and not (studied or t.has("work_up", "scan")):
        return [m for m in heard if m.exam.category == NM_THERAPY]
    if _kinds(heard) == {VERIFICATION, TREATMENT} and t.has("picture", "cbct", "kv"):
        missed = t.has("miss", "target", "Gy")
        return heard if missed else [m for m in heard if m.exam.category == VERIFICATION]
    if {m.exam[:2] for m in heard} == {(VERIFICATION, "cbct")} and t.has("dental", "jaw"):
        return [m._replace(exam=m.exam._replace(category=DIAGNOSTIC, modality="dental")) for m in heard]
    return heard


def details(t: Tagged, named: list[NamedExam]) -> Iterator[Finding]:
    exposing = [m for m in named if m.radiation and not m.aside and m.exam.weight > HINT]
    made = [m for m in exposing if m.exam.modality and not m.only_meant and m.exam.weight == SURE]
    if len({m.exam.modality for m in made}) == 1:
        yield Finding("modality", made[0].exam.modality, made[0].hit.start, made[0].hit.end)
    for fact, chosen in (
        ("examination_intended", [m for m in exposing if m.only_meant]),
        ("examination_performed", [m for m in exposing if m.made and not m.meant]),
    ):
        if len(chosen) == 1 and chosen[0].exam.modality:
            hit = _with_part(t, chosen[0].hit)
            words = " ".join(t.text[hit.start : hit.end].split())
            plain = set(words.lower().split()) <= tagset("plain_names") or t.has_in(hit.i, hit.i + 1, "made")
            if not plain and (fact == "examination_performed" or t.before("@said_to_be_meant", hit.i, 6)):
                yield Finding(fact, words, hit.start, hit.end)


def _with_part(t: Tagged, hit: Hit) -> Hit:
    """The examination with the part of the body that stands directly before or after it."""
    after = t.starts("(of? part)+", hit.j)
    if after and after.i == hit.j:
        return t.span(hit.i, after.j)
    before = t.before("part+", hit.i)
    return t.span(before.i, hit.j) if before else hit


def exposures(t: Tagged, named: list[NamedExam], found: Findings) -> None:
    """Whether an exposure was intended: always to be confirmed."""
    if {f.value for f in found.named("exposure")} - {"unintended"}:
        return
    meant_without = [m for m in named if not m.radiation and (m.meant or not m.made)]
    if meant_without and any(m.radiation and m.exam.modality and not m.aside for m in named):
        found.drop("exposure")
        found.all.append(said(t, "exposure", "accidental", meant_without[0].hit, "?no_radiation"))
    elif right := t.first("as_meant"):
        found.all.insert(0, said(t, "exposure", "as_intended", right, "?as_intended"))


# Names of the same agent; and what each study may be made with.
_TABLE = [
    (head.split(), set(body.split())) for head, body in paragraphs(Path(__file__).with_name("agents.txt"))
]
_SAME = [names for kind, names in _TABLE if kind == ["same"]]
_MADE_WITH = {study: names for (_, *studies), names in _TABLE for study in studies}


def agents(t: Tagged) -> Iterator[Finding]:
    swaps = [hit for hit in t.find("@swapped") if _two(hit["given"], hit["meant"])]
    for hit in swaps:
        bare = any(all(word in _LABELS for word in _words(hit[one])) for one in ("given", "meant"))
        perhaps = bare or t.first("@right") or guards.denied(t, hit.i, hit.j) is not False
        doubts = {"?given": t.first("@not_given"), "?replaced": t.has("on_purpose"), "?wrong_agent": perhaps}
        yield said(t, "wrong_radiopharmaceutical", True, hit, guards.first_of(doubts.items()))
    if not swaps and t.first("@confused") and not t.first("@right") and (pair := _differing(t)):
        yield said(t, "wrong_radiopharmaceutical", True, pair, "?wrong_agent")


def _differing(t: Tagged) -> Hit | None:
    """Two names of the text that are not of one study."""
    named = list(t.find("agent|therapy|exam"))[:20]
    for one, other in combinations(named, 2):
        a, b = t.tokens[one.i], t.tokens[other.i]
        if "exam" not in a.tags & b.tags and _two(a, b):
            return t.span(one.i, other.j)
    return None


def _two(one: Token, other: Token) -> bool:
    """Are they two agents, or is one no agent of the study that the other is?"""
    names = a, b = _name(one), _name(other)
    exams = [token for token in (one, other) if "exam" in token.tags]
    unknown = any(_name(token) not in {*_MADE_WITH, *_AGENTS} for token in exams)
    bare = exams and any(all(word in _LABELS for word in _words(token)) for token in (one, other))
    if not all(names) or unknown or bare:
        return False
    if a == b:
        labels = _label(one), _label(other)
        return all(labels) and labels[0] != labels[1]  # Ga-68 PSMA is not F-18 PSMA
    studied = a in _MADE_WITH.get(b, ()) or b in _MADE_WITH.get(a, ())
    return not studied and {a, b} not in _SAME


_AGENTS, _LABELS = alone("agent"), tagset("labels")


def _words(token: Token) -> list[str]:
    return [word for word in token.word.split() if not word.isdigit()]


def _name(token: Token) -> str:
    """What an agent is called by, its nuclide aside; of a bare nuclide that."""
    words = (word for word in _words(token) if word not in _LABELS | tagset("scan isotope pet ct"))
    return next(words, "") or " ".join(_label(token))


def _label(token: Token) -> list[str]:
    return sorted(word for word in token.word.split() if word.isdigit() or word in _LABELS - {"m"})

"""Which papers there are, and how one is made. Whatever is made passes through here."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from bot.core.identifying import find
from bot.core.identifying.marks import NAME
from bot.core.paper import LEFT_OUT, Paper, PaperLine, PaperPart
from bot.core.papers import checklists, decision, mpe_request, notification, report
from bot.core.papers.dossier import Dossier, at_moment, of_day
from bot.core.patient_numbers import holds_number
from bot.core.refused import Refused
from bot.core.words.case_words import STATES, due_of
from bot.core.words.deadline_kinds import NOTIFY, REPORT
from bot.core.words.outcomes import EMPLOYER_DECIDES
from bot.core.words.phrases import listed, moment, sentence, within
from storage.identifiers import MASK

Parts = Callable[[Dossier], tuple[PaperPart, ...]]


@dataclass(frozen=True)
class PaperKind:
    """`does` is what a list says of it, `also` are other words for it; `of_case`: a record without a case has
    none; `due` is the deadline that it helps to meet."""

    name: str
    title: str
    does: str
    parts: Parts
    also: tuple[str, ...] = ()
    of_case: bool = False
    due: str = ""
    warning: str = ""


KINDS: tuple[PaperKind, ...] = (
    PaperKind(
        "notification", notification.TITLE, "to copy into the authority's own, step by step",
        notification.notification, ("notify", "draft"), of_case=True, due=NOTIFY, warning=notification.ORDER,
    ),
    PaperKind(
        "report", report.TITLE, "the eight points that are due within twelve weeks", report.report,
        ("investigation",), of_case=True, due=REPORT,
        warning=f"{report.WHY} Names of people are taken out of it before it is sent.",
    ),
    PaperKind(
        "mpe", mpe_request.TITLE, "what an estimate of the dose needs, and how it comes back",
        mpe_request.mpe_request, ("request", "estimate", "physicist"),
    ),
    PaperKind(
        "candour", checklists.CANDOUR, "what was done, and a list to tick", checklists.candour,
        ("duty of candour",),
    ),
    PaperKind(
        "csaue", checklists.CSAUE, "three people, each told of the exposure and of the outcome",
        checklists.csaue, ("clinically significant",),
    ),
    PaperKind(
        "decision", decision.TITLE, "the written assessment against the criteria", decision.decision,
        ("record", "assessment", "verdict"),
    ),
)  # fmt: skip
BY_KIND: Mapping[str, PaperKind] = {kind.name: kind for kind in KINDS}
_BY_WORD = {word: kind for kind in KINDS for word in (kind.name, *kind.also)}


def kind_in(text: str) -> tuple[PaperKind | None, str]:
    """The paper that words begin with, and what follows: `report as text`."""
    plain = " ".join(text.lower().split())
    for word in sorted(_BY_WORD, key=len, reverse=True):
        if plain == word or plain.startswith(f"{word} "):
            return _BY_WORD[word], plain[len(word) :].strip()
    return None, plain


def of_subject(known: Dossier) -> tuple[PaperKind, ...]:
    return tuple(kind for kind in KINDS if known.case or not kind.of_case)


def drawn_up(known: Dossier, kind: PaperKind) -> Paper:
    """The paper as it stands, with whatever stands in it: to be looked through before it leaves. Raises
    Refused."""
    record = known.record
    title = f"{kind.title}, {known.subject}"
    stem = f"{known.subject}-{kind.name}-r{record.revision}"
    warnings = (*((kind.warning,) if kind.warning else ()), EMPLOYER_DECIDES)
    foot = f"{known.subject}, record {record.number} revision {record.revision}, {moment(known.now)}"
    head = tuple(_head(known, kind))
    return Paper(kind.name, title, known.subject, stem, head, kind.parts(known), known.now, warnings, foot)


def make(known: Dossier, kind: PaperKind, *, with_texts: bool = False) -> Paper:
    """A paper that may leave: one with a number that may be somebody's is refused, and a text that seems to
    name somebody is left out of it, unless somebody says that it does not (`with_texts`). Raises Refused."""
    paper = drawn_up(known, kind)
    if wrong := [why for where, line in paper.lines if (why := _wrong(where, line))]:
        raise Refused(
            f"no paper is made of {paper.subject}: {listed(list(dict.fromkeys(wrong)))}. Take it out first, "
            f"with {known.turn.command('redact')} or by telling it anew"
        )
    if with_texts:
        return paper
    parts = tuple(replace(one, lines=tuple(map(_unnamed, one.lines))) for one in paper.parts)
    return replace(paper, head=tuple(map(_unnamed, paper.head)), parts=parts)


def left_out(paper: Paper) -> tuple[str, ...]:
    """Where texts were left out of it."""
    return tuple(f"{line.label} in {where}" for where, line in paper.lines if line.gap.startswith(LEFT_OUT))


def _wrong(where: str, line: PaperLine) -> str:
    """What may not stand there, in words that do not repeat it; empty where nothing is wrong."""
    text = f"{line.label} {line.text} {line.gap}"
    if MASK in text or holds_number(text):
        return f"“{line.label}” in {where} held a patient's number"
    seems = [one.what for one in find(line.text) if one.what != NAME] if line.theirs else []
    return f"“{line.label}” in {where} seems to hold {seems[0]}" if seems else ""


def _unnamed(line: PaperLine) -> PaperLine:
    if not line.theirs or not find(line.text):
        return line
    return replace(line, text="", gap=f"{LEFT_OUT}: it stands in the record alone.")


def _head(known: Dossier, kind: PaperKind) -> list[PaperLine]:
    lines = [PaperLine("About", known.name, theirs=True)]
    if known.case:
        reference = known.case.authority_reference or "not known yet"
        lines += [
            PaperLine("Case", f"{known.case.ref}, {STATES[known.case.state]}"),
            PaperLine("The authority's reference", reference),
        ]
    lines.append(PaperLine("Record", f"{known.record.number}, revision {known.record.revision}"))
    if others := [one.number for one in known.records if one.number != known.record.number]:
        lines.append(PaperLine("Other records of the case", f"{listed(others)}, each with facts of its own"))
    lines.append(of_day("Discovered", known.discovered, "whoever was there"))
    if due := known.due(kind.due):
        lines.append(of_day("Due", due_of(due, known.case), ""))
    return [*lines, at_moment("Made", known.now)]


def still_missing(paper: Paper) -> tuple[str, ...]:
    """A line for each point or part that lacks something: what, and who knows it."""
    return tuple(f"{one.title}: {'; '.join(_by_whom(one))}" for one in paper.parts if one.missing)


def _by_whom(part: PaperPart) -> Iterator[str]:
    """`when it happened, equipment (whoever was there)`."""
    for gap in dict.fromkeys(line.gap for line in part.missing):
        labels = [within(line.label) for line in part.missing if line.gap == gap]
        yield f"{listed(labels)} ({gap.rstrip('.')})"


def so_far_words(paper: Paper) -> str:
    return sentence(f"{paper.title}: {paper.so_far}{' points filled' if paper.points else ''}")

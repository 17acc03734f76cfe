"""`paper C26-0007 report`: the papers of a case or a record, as a document or as text; and what each of them
still lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from bot.core.actions.act import Instruction, Outcome
from bot.core.actions.detail_cards import section_button
from bot.core.actions.measure_act import measure_button
from bot.core.cards import Bullets, Button, Card, Form, Input, InputKind, Option, Pairs, Text, Weight
from bot.core.check.further_details import section_of
from bot.core.check.record_details import add_details
from bot.core.messages import Give
from bot.core.paper import Paper
from bot.core.papers.dossier import MEASURES, Dossier
from bot.core.papers.kinds import (
    BY_KIND,
    PaperKind,
    kind_in,
    left_out,
    make,
    of_subject,
    so_far_words,
    still_missing,
)
from bot.core.papers.rendered import as_cards
from bot.core.refused import Refused
from bot.core.turn import Turn
from bot.core.words.phrases import listed

TEXT, DOCUMENT = "text", "document"
WITH_TEXTS = "with texts"
NO_NAMES = "Texts that seem to name somebody are left out, unless you say that they name nobody."
_AS = re.compile(r"\b(?:as )?(?:a |plain )?(text|document|docx|word|file)\b", re.I)
_WITH = re.compile(rf"\b{WITH_TEXTS}\b", re.I)


def as_paper(text: str) -> Mapping[str, str]:
    """`report`, `report as text`, `the report with texts`."""
    rest, with_texts = _WITH.subn(" ", text)
    found = _AS.search(rest)
    rest = " ".join(_AS.sub(" ", rest).split())
    way = TEXT if found and found[1].lower() == TEXT else DOCUMENT if found else ""
    return {"which": re.sub(r"^(?:the|a)\s+", "", rest, flags=re.I), "as": way,
            "texts": WITH_TEXTS if with_texts else ""}  # fmt: skip


def paper(turn: Turn, asked: Instruction) -> Outcome:
    known = Dossier.of(turn, asked.subject)
    if not asked["which"]:
        return Outcome(replies=(turn.show(_list(known)),))
    kind, rest = kind_in(asked["which"])
    if kind is None or rest:
        names = listed([one.name for one in of_subject(known)], "or")
        raise Refused(f"name a paper: {names}", about="which")
    made = make(known, kind, with_texts=bool(asked["texts"]))
    as_text = asked["as"] == TEXT
    told = {
        "paper": kind.name, "file": made.stem, "revision": known.record.revision,
        "as": TEXT if as_text else DOCUMENT, "missing": made.missing,
        **({"texts": "kept"} if asked["texts"] else {}),
    }  # fmt: skip
    turn.store.log(turn.tenant, "paper made", known.subject, told, by=turn.person, now=turn.request.now)
    said = turn.show(_said(turn, known, kind, made), private=True)
    if as_text:
        return Outcome(replies=(*(turn.show(card, private=True) for card in as_cards(made)), said))
    return Outcome(replies=(said, Give(made)))


def lacking(turn: Turn, known: Dossier, kind: PaperKind) -> Card:
    """What a paper has and what it lacks, point by point: nothing is made by it."""
    drawn = make(known, kind)
    title = f"{drawn.title}: {drawn.so_far}{' points filled' if drawn.points else ''}"
    points = tuple((one.title, "filled" if not one.missing else "to come") for one in drawn.points)
    missing = tuple(still_missing(drawn))
    blocks = (
        *((Pairs(points),) if points else ()),
        *((Text("Missing, and who knows it:", Weight.STRONG), Bullets(missing)) if missing else ()),
        Text(f"{turn.command(f'paper {known.subject} {kind.name}')} makes it as it stands.", Weight.SUBTLE),
    )
    return _to_fill(turn, known, drawn, Card(title, blocks))


def _to_fill(turn: Turn, known: Dossier, drawn: Paper, card: Card) -> Card:
    """With the short forms in which what is missing is told."""
    fields = (line.field for part in drawn.parts for line in part.missing if line.field)
    wanted = tuple(dict.fromkeys(one if one == MEASURES else section_of(one) for one in fields))
    number = known.record.number
    if turn.face.buttons:
        return card.with_buttons(*(_button(number, one) for one in wanted))
    ways = tuple(
        turn.command(f"measures {number}" if one == MEASURES else f"details {number} {one}".strip())
        for one in wanted
    )
    return card.with_blocks(Text("To be told with:", Weight.SUBTLE), Bullets(ways)) if ways else card


def _button(number: str, section: str) -> Button:
    if section == MEASURES:
        return measure_button(number)
    return section_button(number, section) if section else add_details(number)


def _to_answer(turn: Turn, known: Dossier, card: Card) -> Card:
    """With the way in which the physicist answers; a record without a case is corrected."""
    if known.case is None:
        return card
    if turn.face.buttons:
        key = Instruction("estimate", known.subject).key
        return card.with_buttons(Button("Give the estimate", "case.estimate", key, "primary"))
    way = turn.command(f"estimate {known.subject} total dose 12 mSv, from the DLP, final")
    return card.with_blocks(Text(f"Its answer: {way}", Weight.SUBTLE))


def _said(turn: Turn, known: Dossier, kind: PaperKind, made: Paper) -> Card:
    """Beside the paper: how far it is, and what was left out of it."""
    blocks = [Bullets(missing)] if (missing := still_missing(made)) else []
    card = Card(so_far_words(made), tuple(blocks))
    if kind.name == "mpe":
        card = _to_answer(turn, known, card)
    card = _to_fill(turn, known, made, card)
    if names := left_out(made):
        way = turn.command(f"paper {known.subject} {kind.name} {WITH_TEXTS}")
        card = card.headed(Text(
            f"Left out, since it seems to name somebody: {listed(list(names))}. Where it names nobody: {way}",
            Weight.WARNING,
        ))  # fmt: skip
    return card


def _list(known: Dossier) -> Card:
    """The papers that there are, and how far each is."""
    return Card(f"Papers of {known.subject}", (Pairs(tuple(_lines(known))),))


def _lines(known: Dossier) -> Iterator[tuple[str, str]]:
    for kind in of_subject(known):
        try:
            so_far = make(known, kind).so_far
        except Refused as refused:
            so_far = str(refused)
        way = known.turn.command(f"paper {known.subject} {kind.name}")
        yield kind.title, f"{kind.does} ({so_far}): {way}"


def form(turn: Turn, asked: Instruction) -> Form:
    known = Dossier.of(turn, asked.subject)
    kinds = tuple(Option(kind.name, f"{kind.title}: {kind.does}"[:75]) for kind in of_subject(known))
    ways = (Option(DOCUMENT, "A document (.docx)"), Option(TEXT, "Text, to be copied"))
    texts = (Option(WITH_TEXTS, "They name nobody: keep them in"),)
    blocks = (
        Input("which", "Which paper?", InputKind.CHOICE, kinds, required=True),
        Input("as", "As what?", InputKind.CHOICE, ways, DOCUMENT, required=True),
        Input("texts", "Texts that seem to name somebody", InputKind.CHOICES, texts, hint=NO_NAMES),
    )
    key = replace(asked, version="").key
    return Form("case.paper", key, f"Papers of {asked.subject}", blocks, "Make it")


def report_of(turn: Turn, subject: str) -> Card:
    """`case C26-0007 report`."""
    return lacking(turn, Dossier.of(turn, subject), BY_KIND["report"])

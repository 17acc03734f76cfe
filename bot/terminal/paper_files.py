"""A paper or a picture as a file: its owner's alone, beside what is there and never over it."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from bot.chart_pictures import ENDING as PNG
from bot.chart_pictures import NoCharts, picture
from bot.core.cards import Card, Severity, Text
from bot.core.chart import Chart
from bot.core.messages import Show
from bot.core.paper import Paper
from bot.core.papers.rendered import as_text
from bot.core.words.phrases import sentence
from bot.documents import ENDING, NoDocuments, document

TEXT = ".txt"
MOST_BESIDE = 99


def saved(paper: Paper, to: Path) -> Show:
    """Written into a folder, or as the file that `to` names by its ending, and what became of it."""
    made, ending, why = _bytes(paper, to)
    return _told(made, _names(paper.stem, to, ending), why)


def saved_picture(chart: Chart, to: Path) -> Show:
    """As `saved`, into a folder; where it cannot be drawn, why."""
    try:
        made = picture(chart)
    except NoCharts as missing:
        return Show(Card(sentence(f"no picture: {missing}"), severity=Severity.WAITING), refused=True)
    return _told(made, _names(chart.stem, to, PNG), chart.title)


def _told(made: bytes, names: list[Path], why: str) -> Show:
    try:
        path = _written(made, names)
    except OSError as error:
        what = "is there already, and nothing is overwritten" if isinstance(error, FileExistsError) else ""
        reason = what or f"cannot be written: {error.strerror or error}"
        return Show(Card(f"{error.filename or names[0]} {reason}", severity=Severity.ALARM), refused=True)
    notes = (Text(why),) if why else ()
    return Show(Card(f"Written for you alone: {path}", notes))


def names_file(to: Path) -> bool:
    """Is it a file's name, and no folder's?"""
    return to.suffix.lower() in (TEXT, ENDING) and not to.is_dir()


def _bytes(paper: Paper, to: Path) -> tuple[bytes, str, str]:
    """What is to be written, with its ending, and why it is no document where one was wanted."""
    if names_file(to) and to.suffix.lower() == TEXT:
        return as_text(paper).encode(), TEXT, ""
    try:
        return document(paper), ENDING, ""
    except NoDocuments as missing:
        return as_text(paper).encode(), TEXT, sentence(f"{missing}. Here it is as text")


def _names(stem: str, to: Path, ending: str) -> list[Path]:
    """The names to be tried, one after the other; a name that was given is tried alone."""
    if names_file(to):
        return [to.with_suffix(ending)]
    more = (f"{stem}-{number}{ending}" for number in count(2))
    return [to / f"{stem}{ending}", *(to / next(more) for _ in range(MOST_BESIDE))]


def _written(made: bytes, names: list[Path]) -> Path:
    """Raises OSError; nothing is left half written."""
    for path in names:
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            if path == names[-1]:
                raise
            continue
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(made)
        except OSError:
            path.unlink(missing_ok=True)
            raise
        return path
    raise AssertionError("there is at least one name")

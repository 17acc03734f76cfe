"""Every kind of card in Slack and in Teams, at the widths of phones and of a desktop: drawn, measured, and
kept as pictures to be looked at.

`python -m tools.pictures.cards` leaves the pictures in .e2e/cards and says what is wrong: a word that breaks,
or something that is wider than its card. Slack's are drawn by the page of this folder, Teams' by Microsoft's
own renderer.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bot.core.cards import Card, Form
from bot.slack.blocks import messages
from bot.slack.capabilities import FORMS
from bot.slack.views import NOWHERE, modal
from bot.teams import render
from bot.teams.asked import CAPABILITIES
from bot.teams.inputs import Offered
from tests.e2e.playground import INSTALLED, MODULES, find_browser, missing
from tools.pictures import slack_page, teams_page
from tools.pictures.every_card import every_card

KEPT = INSTALLED / "cards"
WIDTHS = (320, 360, 720)
PICTURED = (360, 720)
PEOPLE = {
    "U1": render.Mentionable("29:a", "Radiographer A"), "U2": render.Mentionable("29:b", "Physicist B"),
}  # fmt: skip
OFFERED = Offered({"U1": "Radiographer A"}, {"C0INC": "Incidents"}, alone=True)


def in_slack(shown: Card | Form) -> list[dict[str, Any]]:
    if isinstance(shown, Form):
        return [{"kind": "modal", "view": modal(shown, NOWHERE)}]
    kept = {
        "kind": "message",
        "who": "IRMER",
        "person": False,
        "private": False,
        "thread": False,
        "at": "03:10",
    }
    return [{**kept, "blocks": part["blocks"], "text": part["text"]} for part in messages(shown)]


def pages(folder: Path, width: int) -> dict[str, str]:
    """For each face a page with every card, at this width."""
    names = {user: person.name for user, person in PEOPLE.items()}
    (folder / "slack").mkdir()
    (folder / "teams").mkdir()
    slack = {_name(name): in_slack(shown) for name, shown in every_card(FORMS, folder / "slack").items()}
    teams = {
        _name(name): render.card(shown, PEOPLE, OFFERED)
        for name, shown in every_card(CAPABILITIES, folder / "teams").items()
    }
    return {
        "slack": slack_page.every(slack, width, people=names),
        "teams": teams_page.page(teams, MODULES),
    }


def _name(name: str) -> str:
    return re.sub(r"\W+", "-", name.lower()).strip("-")


class Measure:
    """A browser that measures pages. `look` says what is wrong on one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(Path(__file__).with_name("measure.mjs"))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "E2E_MODULES": str(MODULES), "E2E_BROWSER": find_browser()},
        )  # fmt: skip

    def look(self, html: str, width: int, into: Path | None = None) -> list[str]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.html"
            path.write_text(html, encoding="utf-8")
            asked = {"page": str(path), "width": width, "into": str(into) if into else ""}
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        assert line, "the browser ended"
        return list(json.loads(line))

    def stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


@contextmanager
def measuring() -> Iterator[Measure]:
    measure = Measure()
    try:
        yield measure
    finally:
        measure.stop()


def looked_at(measure: Measure, width: int, kept: Path | None = None) -> list[str]:
    """What is wrong at this width, a line each; pictures go into `kept`."""
    wrong = []
    with tempfile.TemporaryDirectory() as folder:
        drawn = pages(Path(folder), width)
    for face, html in drawn.items():
        into = kept / f"{face}-{width}" if kept and width in PICTURED else None
        if into:
            into.mkdir(parents=True, exist_ok=True)
        wrong += [f"{face} at {width}: {line}" for line in measure.look(html, width, into)]
    return wrong


def main() -> int:
    if problem := missing(browser=True):
        print(f"cards: {problem}", file=sys.stderr)
        return 1
    with measuring() as measure:
        wrong = [line for width in WIDTHS for line in looked_at(measure, width, KEPT)]
    print(*wrong, f"The pictures are in {KEPT}.", sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

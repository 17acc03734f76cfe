"""Another organisation's ids through every door, and what became of what is theirs."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.core.cases.ward import BUTTONS, TYPED
from tests.foreign.walks import by_slack, by_teams, by_the_core
from tools.faults.rows import Row


def foreign(place: Path, *, every: int = 1) -> Row:
    """`every`: of what Slack and Teams bring, only each so manieth."""
    walks = [
        by_the_core(place / "pressed.sqlite", BUTTONS),
        by_the_core(place / "typed.sqlite", TYPED),
        asyncio.run(by_slack(place / "slack.sqlite", every=every)),
        by_teams(place / "teams.sqlite", every=every),
    ]
    tried, read, written, shown = (
        sum(getattr(walk, name) for walk in walks) for name in ("tried", "read", "written", "shown")
    )
    found = (
        f"{tried:,} words, presses and forms: {read} statements read theirs, {written} wrote, {shown} shown"
    )
    return Row("foreign", found, tried > 0 and all(walk.clean for walk in walks))

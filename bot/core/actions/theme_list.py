"""`themes`: which incidents are one cause, or were said not to be, newest first."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.actions.pages import PAGE, ListPage, numbered, split_page, subject_buttons
from bot.core.cards import Card, Table, Text, Weight
from bot.core.refused import Refused
from bot.core.settings import permissions
from bot.core.turn import Turn
from bot.core.words.phrases import day
from bot.core.words.theme_words import STATE_OF_THEME, answer_words, shared_words
from rules.deadlines import uk_date
from storage.theme_model import LIVING, THEME_STATES, Theme, ThemeState

WORD = "themes"
LISTS: Mapping[str, tuple[ThemeState, ...]] = {
    "open": LIVING, "no": ("apart",), "closed": ("closed",), "all": THEME_STATES,
}  # fmt: skip


def is_theme_list(text: str) -> bool:
    return _named(text) is not None


def _named(text: str) -> tuple[str, int] | None:
    named, at = split_page(text.lower(), LISTS)
    which = named or "open"
    return (which, at) if which in LISTS else None


def themes_card(turn: Turn, text: str) -> Card:
    """Raises Refused where there is no such list, or no such page of it."""
    permissions.require_reading_everything(turn, WORD)
    named = _named(text)
    if named is None:
        raise Refused(f"there are these lists of themes: {', '.join(LISTS)}")
    which, at = named
    states = LISTS[which]
    page = ListPage(f"{WORD} {which}", at, turn.store.count_themes(turn.tenant, states=states))
    title = {"open": "Themes that are open", "no": "Said not to be one cause", "closed": "Closed themes",
             "all": "All themes"}[which]  # fmt: skip
    others = Text(f"{turn.command(WORD)} {' · '.join(LISTS)}", Weight.SUBTLE)
    if not page.count:
        return Card(f"{title}: none", (others,))
    found = turn.store.themes(turn.tenant, states=states, offset=page.begin, limit=PAGE)
    rows = tuple((f"{n}.", *_row(theme)) for n, theme in enumerate(found, page.begin + 1))
    table = Table(("No.", "Theme", "What they share", "Incidents", "Answered", "State", "Case"), rows)
    refs = [theme.ref for theme in found]
    return Card(
        f"{title}: {page.title}", (table, *page.ways(turn), others), subject_buttons(turn, refs, page),
        picks=numbered(refs, page),
    )  # fmt: skip


def _row(theme: Theme) -> tuple[str, ...]:
    last = theme.answer
    return (
        theme.ref, shared_words(theme.shared), str(len(theme.numbers)),
        f"{answer_words(last)}, {day(uk_date(last.at))}", STATE_OF_THEME[theme.state],
        ", ".join(theme.cases) or "none",
    )  # fmt: skip

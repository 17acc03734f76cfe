"""Whether incidents that are alike are one cause: which are asked about, and what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.register.alike import AlikeSet, Likeness, counts, likeness
from storage.register_model import Incident, Which
from storage.store import Store
from storage.theme_model import LIVING, Shared, Theme


@dataclass(frozen=True)
class ThemeQuestion:
    """`members` are the incidents, the latest first; one that is not kept yet has no number. `theme`: the one
    that they would be added to; `joins`: whether another belongs to it is all that is asked."""

    members: tuple[Incident, ...]
    shared: Shared
    theme: Theme | None = None
    joins: bool = False

    @property
    def numbers(self) -> tuple[str, ...]:
        return tuple(one.number for one in self.members if one.number)

    @property
    def counted(self) -> tuple[Incident, ...]:
        """Those in which somebody was exposed who counts."""
        return tuple(one for one in self.members if counts(one))

    @property
    def people(self) -> int:
        """How many were exposed in all, if no two of them were the same person."""
        return people_in(self.counted, self.theme)


def people_in(counted: Iterable[Incident], theme: Theme | None) -> int:
    """What was said of a theme stands in a record of it, and is not counted twice."""
    if theme is None or theme.answer.people is None:
        return sum(one.individuals for one in counted)
    joining = (one for one in counted if one.number not in theme.numbers)
    return theme.answer.people + sum(one.individuals for one in joining)


def aloud(store: Store, tenant: str, one: Incident, found: Likeness) -> ThemeQuestion | None:
    """What is to be asked about an incident, kept or not: whether it belongs to a theme that somebody has
    seen, else whether those that would hardly be chance are one. None where that was answered."""
    members = {member.number for each in (*found.near, found.asked) if each for member in each.members}
    members.discard("")
    themes = store.themes_of(tenant, sorted(members)) if members else ()
    mine = [theme for theme in themes if one.number in theme.numbers]
    for theme in themes:
        answered = any({*theme.numbers, one.number} <= {*other.numbers} for other in mine)
        if not answered and _recurs(theme) and any(_shares(theme, near) for near in found.near):
            return of_theme(store, tenant, theme, one)
    asked = found.asked
    if asked is None or any(_numbers(asked) <= {*theme.numbers} for theme in mine):
        return None
    return _of_set(asked, themes)


def about(store: Store, tenant: str, one: Incident) -> ThemeQuestion:
    """The same for whoever asks for it themselves: also where it may be chance, or was answered."""
    found = likeness(store, tenant, one)
    if question := aloud(store, tenant, one, found):
        return question
    for theme in store.themes_of(tenant, [one.number]) if one.number else ():
        return of_theme(store, tenant, theme)
    if alike := found.asked or next(iter(found.near), None):
        return _of_set(alike, ())
    return ThemeQuestion((one,), Shared(next(iter(one.causes), ""), one.category, "", ""))


def of_theme(store: Store, tenant: str, theme: Theme, *more: Incident) -> ThemeQuestion:
    """Of the theme as it is, and of those that may belong to it."""
    there = members_of(store, tenant, theme.numbers)
    return ThemeQuestion(_latest_first((*there, *more)), theme.shared, theme, bool(more))


def members_of(store: Store, tenant: str, numbers: Sequence[str]) -> tuple[Incident, ...]:
    return store.incidents(tenant, Which(numbers=tuple(numbers)), limit=len(numbers)) if numbers else ()


def _recurs(theme: Theme) -> bool:
    """Does whatever is alike to it belong to it? Also where it was closed as one cause."""
    return theme.state in LIVING or (theme.state == "closed" and theme.answer.one_cause == "yes")


def _shares(theme: Theme, near: AlikeSet) -> bool:
    return shared_of(near) == theme.shared and not _numbers(near).isdisjoint(theme.numbers)


def _of_set(alike: AlikeSet, themes: Iterable[Theme]) -> ThemeQuestion:
    shared = shared_of(alike)
    known = next((theme for theme in themes if theme.shared == shared), None)
    return ThemeQuestion(alike.members, shared, known)


def shared_of(alike: AlikeSet) -> Shared:
    return Shared(alike.cause, alike.category, alike.shared, alike.value)


def _numbers(alike: AlikeSet) -> set[str]:
    """`""` is one that is not kept yet, and in no theme."""
    return {member.number for member in alike.members}


def _latest_first(members: Iterable[Incident]) -> tuple[Incident, ...]:
    return tuple(sorted(members, key=lambda one: (one.day, len(one.number), one.number), reverse=True))

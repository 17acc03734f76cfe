"""Who may confirm a verdict: who has a role, and neither kept the verdict nor changed it since, unless
`confirm_own` is set. While nobody has a role nobody confirms."""

from __future__ import annotations

from bot.core.settings.administrators import administrators_words
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import ROLES
from bot.core.settings.permissions import names_of, nobody_has_a_role, refused, roles
from bot.core.turn import Turn
from bot.core.words.case_words import role_words
from bot.core.words.phrases import listed
from storage.model import Record


def role_for(turn: Turn, said: str, number: str) -> tuple[str, bool]:
    """The role in which somebody confirms, `said` being the one that they name, and whether they kept or
    changed the verdict themselves. Raises NotAllowed."""
    if nobody_has_a_role(turn):
        first = turn.command("settings role_mpe <person>")
        why = (
            f"nobody is named as {_any_role()} yet, and until then nobody confirms: "
            f"{first} names one, by {administrators_words(turn)}"
        )
        raise refused(turn, "confirm", number, why)
    have = roles(turn)
    if not have or (said and said not in have):
        wanted = f"the {role_words(said)}" if said else "the MPE, the RPS or the governance lead"
        raise refused(turn, "confirm", number, f"a verdict is confirmed by {wanted} named in the settings")
    own = turn.request.user.id in authors(turn, number)
    if own and not Chosen(turn.settings).get("confirm_own"):
        others = sorted({one for role in ROLES for one in names_of(turn, f"role_{role}")})
        others = [one for one in others if one not in authors(turn, number)]
        alone = turn.command("settings confirm_own yes")
        ask = f"name a second person in a role, or, in a small department, {alone}"
        if others:
            named = [name for one in others if (name := turn.name_of(one))]
            ask = (
                f"ask {listed(named, 'or') if named else 'another of those whom the settings name in a role'}"
            )
        why = f"you kept or changed {number}, and a second person with a role confirms it: {ask}"
        raise refused(turn, "confirm", number, why)
    return said or have[0], own


def _any_role() -> str:
    return listed([role_words(role) for role in ROLES], "or")


def authors(turn: Turn, number: str) -> frozenset[str]:
    """Who kept the verdict, and who has changed it since."""
    return frozenset(record.by.id for record in turn.store.revisions(turn.tenant, number))


def confirmed_by_right(record: Record) -> bool:
    """By somebody with the role, a second person unless the settings allowed the same. Releases before this
    one looked at neither."""
    return any(one.same_person is not None for one in record.confirmations)

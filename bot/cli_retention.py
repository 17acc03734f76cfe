"""`irmer retention`: what is older than a hospital keeps it, and its going."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.call import Call
from bot.cli_upkeep import tenant_of, there
from bot.core.settings.chosen import Chosen
from bot.core.settings.definitions import SETTINGS
from bot.core.words.phrases import listed, moment
from bot.terminal.session import user
from storage.model import Person
from storage.retention_model import Before, Outdated

OF = ("drafts", "deliveries", "cases", "records")
MOST_COPIES = 10


def retention(call: Call) -> int:
    """A dry run, unless `--go` says that it is meant."""
    call.nothing_more()
    with there(call).store() as store:
        tenant = tenant_of(call, store)
        chosen = Chosen(store.settings(tenant))
        before = before_of(chosen, call.now())
        for name in OF:
            print(f"{SETTINGS[f'retention_{name}'].label.lower():24}{chosen.shown(f'retention_{name}')}")
        if "go" in call.options:
            who = user(call.database())
            gone = store.let_go(tenant, before, by=Person(who.id, who.name), now=call.now())
            lines = list(_lines(gone, "deleted"))
            copies = store.copies(tenant)[-MOST_COPIES:] if lines else ()
        else:
            lines = list(_lines(store.outdated(tenant, before), "would go"))
            copies = ()
    for line in lines or ["nothing is older than it is kept"]:
        print(line)
    for at, how, file in copies:
        print(
            f"still with it           {how} {moment(datetime.fromisoformat(at))}{f', {file}' if file else ''}"
        )
    if lines and "go" not in call.options:
        print("Nothing was deleted. irmer retention --go deletes it, for good.")
    return 0


def before_of(chosen: Chosen, now: datetime) -> Before:
    """Up to when what nobody has touched since is not kept any longer. A year of 365 days and a quarter."""

    def since(name: str, days: float) -> datetime | None:
        kept = chosen.get(f"retention_{name}")
        return now - timedelta(days=kept * days) if kept else None

    return Before(
        since("drafts", 1), since("deliveries", 1), since("cases", 365.25), since("records", 365.25)
    )


def _lines(found: Outdated, what: str) -> Iterator[str]:
    for name, count in (("unfinished checks", found.drafts), ("keys of deliveries", found.deliveries)):
        if count:
            yield f"{what:24}{count} {name}"
    for name, subjects in (("case", found.cases), ("theme", found.themes), ("record", found.records)):
        for subject in subjects:
            yield f"{what:24}{name} {subject}"
    if found.staying:
        why = "not closed, a deadline is open, or in a case or a theme that stays"
        yield f"{'stays':24}{listed(found.staying)}: {why}"

"""`irmer org`: the organisations that there are, and what leads to them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

from bot.call import Call
from bot.cli_upkeep import there
from bot.core.accounts import own_account
from bot.core.whose import shared_directories
from bot.core.words.phrases import counted
from bot.outside_ids import outside
from bot.process_settings import ProcessSettings
from bot.usage import Declined, Usage
from storage.errors import StoreError
from storage.model import Person
from storage.organisation_model import Organisation, Outside
from storage.store import Store

WANTED = {
    "add": "add ID [name], with --ods CODE where there is one, such as irmer org add northern Northern Trust",
    "bind": "bind ID PLATFORM KIND EXTERNAL, such as irmer org bind northern slack workspace T0123ABCD",
    "unbind": "unbind ID PLATFORM KIND EXTERNAL, as irmer org list shows it",
    "list": "list",
    "merge": "merge ID INTO, such as irmer org merge northern united",
}
LATELY = timedelta(days=14)


def org(call: Call) -> int:
    """Whoever can write the file decides; each change stands in the organisation's trail."""
    what, words = (call.words[0] if call.words else ""), tuple(call.words[1:])
    act = _ACTS.get(what)
    if act is None:
        raise Usage(f"irmer org wants one of: {'; '.join(WANTED.values())}")
    with (there(call) if what == "list" else call).store() as store:
        try:
            act(call, store, words)
        except StoreError as refused:
            raise Declined(str(refused)) from None
    return 0


def _wanted(what: str) -> Usage:
    return Usage(f"irmer org {what} wants: {WANTED[what]}")


def _by() -> Person:
    account = own_account()
    return Person(account, account)


def _add(call: Call, store: Store, words: Sequence[str]) -> None:
    if not words:
        raise _wanted("add")
    id_, name = words[0], " ".join(words[1:]) or words[0]
    ods = call.options.get("ods") or ""
    if ods and not (ods.isascii() and ods.isalnum() and len(ods) in range(3, 7)):
        raise Usage("an ODS code has three to six letters and figures, such as RXX")
    made = store.add_organisation(id_, name, ods_code=ods.upper(), by=_by(), now=call.now())
    print(f"{made.called} is an organisation: irmer org bind {made.id} says what leads to it")


def _bind(call: Call, store: Store, words: Sequence[str]) -> None:
    if len(words) != 4:
        raise _wanted("bind")
    made = store.bind(
        words[0], _outside(call, words[1:], _shared(call)), how="on the machine", by=_by(), now=call.now()
    )
    print(f"{made.outside.called} leads to {store.organisation(made.organisation).called} from now on")


def _unbind(call: Call, store: Store, words: Sequence[str]) -> None:
    if len(words) != 4:
        raise _wanted("unbind")
    gone = store.unbind(
        words[0], _outside(call, words[1:], ()), how="on the machine", by=_by(),
        now=call.now(),
    )  # fmt: skip
    print(f"{gone.outside.called} leads to {store.organisation(gone.organisation).called} no more")


def _outside(call: Call, words: Sequence[str], shared: Collection[str]) -> Outside:
    return outside(words[0], words[1], words[2], call.options.get("app") or "", shared)


def _shared(call: Call) -> frozenset[str]:
    return shared_directories(ProcessSettings.of(call.settings).shared_directories)


def _merge(call: Call, store: Store, words: Sequence[str]) -> None:
    if len(words) != 2:
        raise _wanted("merge")
    merged = store.merge(words[0], words[1], by=_by(), now=call.now())
    into = store.organisation(words[1])
    print(f"{words[0]} goes on as {into.called}: it can be read, and no longer changed")
    for old, new in (*merged.cases, *merged.records):
        print(f"    {words[0]}:{old} is {new}")


def _list(call: Call, store: Store, words: Sequence[str]) -> None:
    if words:
        raise _wanted("list")
    open_ = dict(store.tenants_with_deadlines())
    every = store.organisations()
    for one in every:
        print(f"{one.called}{_state(one)}, {counted(open_.get(one.id, 0), 'open deadline')}")
        for binding in store.bindings(one.id):
            print(f"    {binding.outside.called}, {binding.how}, {binding.at:%Y-%m-%d}")
    if not every:
        print("there is no organisation yet: irmer org add makes one, and so does the first start")
    for place in store.unlinked(since=call.now() - LATELY):
        times = counted(place.times, "time")
        print(f"leads nowhere: {place.outside.called}, asked from {times} on {place.day}")


def _state(one: Organisation) -> str:
    code = f", ODS {one.ods_code}" if one.ods_code else ""
    return f"{code}, merged into {one.merged_into}" if one.merged_into else code


_ACTS: dict[str, Callable[[Call, Store, Sequence[str]], None]] = {
    "add": _add, "bind": _bind, "unbind": _unbind, "list": _list, "merge": _merge,
}  # fmt: skip

"""`irmer doctor`, `verify`, `backup`, `restore`, `export`: what looks after the database."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot import backup_folder
from bot.call import Call, address_of
from bot.paths import file_of, path_of
from bot.usage import Declined, Usage
from storage.errors import Invalid, StoreError
from storage.memory_model import FOUND_WELL
from storage.model import BOT, MACHINE, Person
from storage.restore import restore as put_back
from storage.store import Store

MOST_ERASED = 200  # that verify lists, the latest
MOST_KEPT = 10_000  # backups in a folder


def verify(call: Call) -> int:
    """With `--since`, also against the checkpoints of a file, which lies where nobody writes who can write to
    the database. With `--entry` the trail keeps that all was well, so that monitoring can tell how old that
    is."""
    call.nothing_more()
    since = call.options.get("since")
    with there(call).store() as store:
        problems = store.verify(now=call.now())
        if since is not None:
            problems += _not_as_witnessed(call, store, path_of(since))
        erased = () if problems else store.erasures()
        if "entry" in call.options and not problems:
            for tenant in store.tenants():
                store.log(tenant, FOUND_WELL, "", {}, by=BOT, now=call.now())
    for line in (*problems, *(f"erased: {line}" for line in erased[-MOST_ERASED:])):
        print(line)
    if len(erased) > MOST_ERASED:
        print(f"erased: {len(erased) - MOST_ERASED} times more, earlier")
    if not problems:
        print(f"{call.database()}: all is well.")
    return 1 if problems else 0


def _not_as_witnessed(call: Call, store: Store, file: Path) -> list[str]:
    """Raises Usage where the file or the key cannot be read."""
    from storage.signing import SigningKeys  # 50 ms with the library, which verify alone does without

    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise Usage(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Usage(f"{file} is no file of checkpoints: give the one that IRMER_CHECKPOINTS names") from None
    if not text.strip():
        raise Usage(f"{file} is empty: give the file of checkpoints that IRMER_CHECKPOINTS names")
    return store.held_to(text, SigningKeys.of(call.witness().keys))


def keys(call: Call) -> int:
    """Makes the key that checkpoints are signed with where there is none, and shows its public part."""
    from storage.signing import SigningKeys, make_key  # 50 ms, as above

    call.nothing_more()
    witness = call.witness()
    try:
        if not witness.ready:
            make_key(witness.keys)
        made = SigningKeys.of(witness.keys)
    except StoreError as error:
        raise Usage(str(error)) from None
    print(f"key          {witness.keys}")
    print(f"checkpoints  {witness.file}")
    if call.is_there():  # by the name of the organisation, which it does not have before
        with call.store() as store:
            for tenant in store.tenants():
                print(f"public       {made.public(tenant)}")
    return 0


def migrate(call: Call) -> int:
    call.nothing_more()
    for line in there(call).brought_up_to_date(as_owner=True) or [f"{call.database()} is up to date."]:
        print(line)
    return 0


def backup(call: Call) -> int:
    """Into a file; or into a folder under a name of its time, the way that a timer does it."""
    path, now = _file(there(call), "copy.sqlite"), call.now()
    keep, also = call.options.get("keep"), call.options.get("also")
    if keep is not None and not (keep.isascii() and keep.isdecimal() and 0 < int(keep) < MOST_KEPT):
        raise Usage(f"--keep wants how many backups stay: a whole number from 1 to {MOST_KEPT - 1}")
    with call.store() as store:
        write = partial(store.backup, now=now)
        if keep is None and also is None and not path.is_dir():
            print(write(path))
            return 0
        second = path_of(also) if also else None
        for line in backup_folder.make(write, path, keep=int(keep) if keep else None, also=second, now=now):
            print(line)
    return 0


def copy(call: Call) -> int:
    """Once, and for good."""
    call.nothing_more()
    given = call.options.get("to")
    to = address_of(given, typed="--to") if given else call.database()
    if "from" not in call.options or isinstance(to, Path):
        raise Usage(
            "irmer copy wants --from FILE, and --to ADDRESS or the server's address in IRMER_DATABASE"
        )
    from storage.postgres.copy import copy_to_server  # 100 ms, and an extra

    try:
        print(copy_to_server(path_of(call.options["from"]), to, now=call.now()))
    except StoreError as error:
        raise Usage(str(error)) from None
    return 0


def restore(call: Call) -> int:
    """By whoever is logged in where the database lies."""
    from bot.terminal.session import user  # 290 ms, which verify and backup do without

    copy, who, last = _file(call, "copy.sqlite"), user(call.file()), call.options.get("last")
    numbers = None if last is None else () if last == "none" else last.replace(",", " ").split()
    try:
        by = Person(who.id, who.name)
        print(put_back(call.file(), copy, last=numbers, by=by, now=call.now()))
    except Invalid as refused:
        raise Declined(str(refused)) from None
    except StoreError as error:
        raise Usage(str(error)) from None
    except OSError as error:
        which = f", {error.filename}" if error.filename else ""
        raise Usage(f"{call.database()} cannot be restored: {error.strerror or error}{which}") from None
    return 0


def export(call: Call) -> int:
    """For whoever may by the tenant's settings, under the name by which they are logged in."""
    from bot.core.cases import export as exporting  # 120 ms, as above
    from bot.process_settings import ProcessSettings  # pydantic, 90 ms, which verify and backup do without
    from bot.terminal.session import user  # 290 ms, as above

    path = file_of(str(_file(there(call), "irmer.jsonl")))
    admins = ProcessSettings.of(call.settings).admins
    with (
        whole_file(path) as unfinished,
        unfinished.open("w", encoding="utf-8") as out,
        call.store() as store,
        exporting.export(
            store, tenant_of(call, store), user(call.database()), call.now(), admins=admins
        ) as found,
    ):
        lines = sum(out.write(json.dumps(one, ensure_ascii=False) + "\n") > 0 for one in found)
    print(f"{path}: {lines} rows")
    return 0


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A file beside it to write, readable by its owner alone, which takes its name once it is whole and takes
    nobody's place."""
    unfinished = path.with_name(f"{path.name}.partial")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except OSError as error:
        raise Usage(f"{unfinished} cannot be written: {error.strerror}") from None
    try:
        if path.exists():
            raise FileExistsError
        yield unfinished
        os.link(unfinished, path)  # unlike a rename, this does not overwrite what came there meanwhile
    except FileExistsError:
        raise Usage(f"{path} is there already, and an export overwrites nothing: give another name") from None
    except OSError as error:
        raise Usage(f"{path} cannot be written: {error.strerror or error}") from None
    finally:
        unfinished.unlink(missing_ok=True)


def there(call: Call) -> Call:
    """Whose database there is: a mistyped name is not to be found in good order. Raises Usage."""
    if call.is_there():
        return call
    raise Usage(f"there is no database {call.database()}: give its path with --database or IRMER_DATABASE")


def _file(call: Call, example: str) -> Path:
    if len(call.words) != 1:
        raise Usage(f"irmer {call.command} wants one file: irmer {call.command} {example}")
    return path_of(call.words[0])


def tenant_of(call: Call, store: Store) -> str:
    there = [one for one in store.tenants() if one != MACHINE]
    given = call.options.get("tenant") or (there[0] if len(there) == 1 else "")
    if given not in there:
        first = (
            "nothing has been kept yet: set its nation first, in Slack or Teams, or here with irmer settings"
        )
        known = f"--tenant wants one of: {', '.join(there)}" if there else f"{first} nation england"
        raise Usage(f"which tenant's? {known}")
    return given

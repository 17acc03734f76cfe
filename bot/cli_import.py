"""`irmer import FILE --map MAPPING`: tries it; with `--go` and the code that trying gave, does it."""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.call import Call
from bot.cli_upkeep import tenant_of, there
from bot.core.cases.export import may_take_out
from bot.core.words.phrases import counted
from bot.importing.apart import LONG, FileToRead, attempt_apart
from bot.importing.failed_rows import list_failed, no_longer_failing
from bot.importing.import_run import AT_ONCE, Keeping, not_finished
from bot.importing.mapping import read_mapping
from bot.importing.sketch import sketch_of
from bot.importing.source_bytes import SourceBytes, source_bytes
from bot.importing.source_files import read_table
from bot.importing.trial import attempt, nowhere, told
from bot.paths import path_of
from bot.process_settings import ProcessSettings
from bot.terminal.session import user
from bot.usage import Declined, Usage
from rules.deadlines import uk_date

A_RECORD = 12_000  # bytes at most, about


def import_(call: Call) -> int:
    """0 where every row came in or would; 1 where some fail."""
    if len(call.words) != 1:
        raise Usage("irmer import wants one file, such as datix.csv, and --map with its mapping")
    with source_bytes(path_of(call.words[0])) as source:
        if "sketch" in call.options:
            print(sketch_of(source), end="")
            return 0
        return _imported(call, source)


def _imported(call: Call, source: SourceBytes) -> int:
    path = source.path
    if "map" not in call.options:
        raise Usage("irmer import wants --map MAPPING.toml: irmer import FILE --sketch writes a first one")
    texts = call.options.get("texts", "leave")
    if texts not in ("leave", "keep"):
        raise Usage("--texts wants leave, which leaves what seems to name somebody where it is, or keep")
    words = _read(path_of(call.options["map"]))
    mapping = read_mapping(words)
    table = read_table(source, mapping)
    beside = f"{words}\0{texts}"
    code = source.code(beside)
    today, who = uk_date(call.now()), user(call.database())
    admins = ProcessSettings.of(call.settings).admins
    with there(call).store() as store:
        tenant = tenant_of(call, store)
        by = may_take_out(store, tenant, who, call.now(), "import", admins=admins)
        known = store.known_imports(tenant, mapping.source)
        go = call.options.get("go")
        if go is not None and go != code:
            raise Declined(f"{path.name} or its mapping is not what was tried: try it again, without --go")
        if go is not None:
            _room(call, table.most)
        keeping = Keeping(store, tenant, mapping.source, code, by, call.now()) if go is not None else None
        to, keep_texts = keeping.add if keeping else nowhere, texts == "keep"
        if keeping and table.most > LONG:
            done = attempt_apart(FileToRead(path, words, code, beside, known, today, keep_texts), to)
        else:
            done = attempt(table, mapping, known, today, keep_texts=keep_texts, to=to)
        what = f"{path.name}, {counted(done.rows, 'row')}, mapping {Path(call.options['map']).name}"
        for line in told(
            done, f"{what}, {'nothing was written' if go is None else 'brought in'}", tried=go is None
        ):
            print(line)
        if done.failed:
            print(f"  {list_failed(path, done.failed)}")
        elif said := no_longer_failing(path):
            print(f"  {said}")
        waiting = store.unfinished_imports(tenant, mapping.source) if go is None else ()
        for one in waiting:
            print(f"  {not_finished(one)}: they come into the lists with this one")
        if go is None and not (done.new or waiting):
            print("There is nothing new to bring in.")
        elif go is None:
            print(f"It opens no case, sets no deadline and reminds nobody. To do it: --go {code}")
        else:
            assert keeping is not None
            count = keeping.finish()
            brought = counted(count, "incident was", "incidents were")
            print(f"{brought} brought in: irmer incidents imported notify, and undecided")
    return 1 if done.failed else 0


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Usage(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Usage(f"{path} is not text in UTF-8") from None


def _room(call: Call, rows: int) -> None:
    """Raises Usage before anything is written."""
    if not isinstance(call.database(), Path):
        return
    wanted = (rows + min(rows, AT_ONCE)) * A_RECORD  # some are in the log as well, beside the file
    free = shutil.disk_usage(call.file().parent).free
    if free < wanted:
        raise Usage(f"{wanted >> 20} MB are wanted beside {call.database()}, and {free >> 20} MB are free")

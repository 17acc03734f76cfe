"""The register with 100,000 incidents: bringing them in, and what is asked of it. `python -m bench.register`.

A file as an incident system gives it, 20 columns and 300 characters of text in each row, is tried and brought
in as by `irmer import`, each in a process of its own: rows a second by the clock and of processor time, which
says the same on a busy machine, and the most memory. Beside it stands what does a part of it: the same rows
read by csv and by openpyxl, and put into one table by SQLAlchemy, without a verdict, a trail or a look for
who somebody is. Then the list, what is alike, themes and trends, in milliseconds through the bot. `--rows`
and `--keep DIRECTORY` for another size, and for the files.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bot.core.bot import Bot
from bot.core.messages import Capabilities, Command, Place, Request, User
from storage.model import Person
from storage.sqlite import open_store
from storage.theme_model import Shared, ThemeAnswer

NOW, T = datetime(2026, 11, 24, 9, 30, tzinfo=UTC), "local"
FACE = Capabilities(dialogs=True, private_answers=True, hears_everything=True, name="bench")
HEADER = (
    "ID", "Ref", "Category", "Sub category", "Incident date", "Time", "Reported", "Opened date", "Location",
    "Exact location", "Service", "Severity", "Result", "Description", "Action taken", "Handler", "Dose",
    "Age", "Equipment", "Modality",
)  # fmt: skip
CAUSES = {
    "Wrong patient exposed": "wrong patient identified", "Wrong side": "wrong side", "Set-up": "set-up",
    "Wrong protocol": "wrong protocol", "Equipment fault": "equipment fault",
}  # fmt: skip
# An account is some of these, so that hardly two are alike.
SENTENCES = (
    "The request was for another examination, and that was only seen once the images had been looked at.",
    "The ward was told.",
    "The radiologist reported what there was, and the referrer was rung.",
    "The examination that was meant was done on the next day.",
    "Nobody had asked for the date of birth when the list was changed in the morning before.",
    "The porter brought another patient of bay 4.",
    "The console had been restarted at 14:20.",
    "Two films were taken again, since the first did not show the joint.",
    "The protocol of the day before was still chosen.",
    "A student had positioned, and the operator exposed.",
    "The side on the request had been changed by hand.",
    "The old scanner was out of use, room 3 had its list.",
    "The physicist was asked for the dose.",
    "It was found at the weekly check of rejected images.",
    "The previous examination, of 2 November, was not seen by the practitioner who justified this one.",
)
MAPPING = """
source = "datix"
ref = "Ref"
dates = "%d/%m/%Y"
fact.nation.value = "england"
fact.exposure.value = "unintended"
fact.category.value = "diagnostic"
fact.occurred_on.column = ["Incident date", "Time"]
fact.discovered_on.column = "Reported"
fact.total_dose = { column = "Dose", unit = "mSv" }
fact.age_years.column = "Age"
fact.modality.column = "Modality"
fact.cause.column = "Sub category"
detail.account.column = "Description"
detail.equipment.column = "Equipment"
detail.site.column = "Location"
"""
TARGETS = {"import": "2,000 rows a second", "memory": "CSV as the file, XLSX 300 MB", "ask": "300 ms"}


def rows(count: int) -> list[list[object]]:
    drawn = random.Random(1)
    made: list[list[object]] = []
    for at in range(count):
        day = date(2023, 5, 1) + timedelta(days=drawn.randrange(1280))
        reported = day + timedelta(days=drawn.randrange(6))
        hour, dates = f"{drawn.randrange(24):02}{drawn.randrange(60):02}", [f"{reported:%d/%m/%Y}"] * 2
        dose, age = drawn.choice(["", "", "0.02", "4", "12", "40"]), drawn.choice(["", "34", "7", "71"])
        where = [drawn.choice(["Main", "East", "West"]), f"Room {drawn.randrange(9)}"]
        what = [f"CT {drawn.randrange(40)}", drawn.choice(["ct", "radiography"])]
        made.append(
            [at, f"W{at:06}", "Radiation", drawn.choice(list(CAUSES)), f"{day:%d/%m/%Y}", hour, *dates,
             *where, "Imaging", "No harm", "", " ".join(drawn.sample(SENTENCES, 5)), "The ward was told.", "",
             dose, age, *what]
        )  # fmt: skip
    return made


def make(folder: Path, count: int) -> None:
    every = rows(count)
    with (folder / "datix.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([HEADER, *every])
    import xlsxwriter  # an extra, and only what is made with it is read again

    book = xlsxwriter.Workbook(str(folder / "datix.xlsx"), {"constant_memory": True})
    sheet = book.add_worksheet("Sheet1")
    for at, row in enumerate([list(HEADER), *every]):
        sheet.write_row(at, 0, row)
    book.close()
    values = ", ".join(f'"{said}" = "{cause}"' for said, cause in CAUSES.items())
    (folder / "map.toml").write_text(f"{MAPPING}fact.cause.values = {{ {values} }}\n", encoding="utf-8")
    store = open_store(folder / "irmer.sqlite")
    store.set_setting(T, "may_export", ["os:" + os.environ.get("USER", "root")], by=Person("U1"), now=NOW)
    store.close()


def alone(task: str, folder: Path) -> dict[str, float]:
    """One task in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.register", "--task", task, "--keep", str(folder)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise SystemExit(f"{task}: {done.stderr.strip().splitlines()[-1:]}")
    return dict(json.loads(done.stdout.splitlines()[-1]))


def most_memory() -> float:
    """MB that this process had at most. What getrusage tells on Linux may be its parent's."""
    status = Path("/proc/self/status")
    if status.exists():
        found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="utf-8"))
        return int(found[1]) / 1024 if found else 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(act: Callable[[], int]) -> dict[str, float]:
    """With what a process that it begins takes."""
    wall, cpu = time.perf_counter(), of_the_processor()
    before = most_memory()
    count = act()
    besides = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return {
        "rows": count, "wall": time.perf_counter() - wall, "cpu": of_the_processor() - cpu,
        "before": before, "most": most_memory() + besides,
    }  # fmt: skip


def of_the_processor() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def tried(folder: Path, name: str) -> int:
    from bot.importing.mapping import read_mapping
    from bot.importing.source_bytes import source_bytes
    from bot.importing.source_files import read_table
    from bot.importing.trial import attempt, nowhere

    mapping = read_mapping((folder / "map.toml").read_text(encoding="utf-8"))
    with source_bytes(folder / name) as source:
        table = read_table(source, mapping)
        return attempt(table, mapping, {}, NOW.date(), keep_texts=False, to=nowhere).new


def brought_in(folder: Path) -> int:
    from bot.importing.apart import FileToRead, attempt_apart
    from bot.importing.import_run import Keeping
    from bot.importing.source_bytes import source_bytes

    words, path = (folder / "map.toml").read_text(encoding="utf-8"), folder / "datix.csv"
    with source_bytes(path) as source:
        code = source.code("")
    store = open_store(folder / "irmer.sqlite")
    keeping = Keeping(store, T, "datix", "bench", Person("U1"), NOW)
    attempt_apart(FileToRead(path, words, code, "", {}, NOW.date(), keep_texts=False), keeping.add)
    count = keeping.finish()
    store.close()
    return count


def by_csv(folder: Path) -> int:
    with (folder / "datix.csv").open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def by_openpyxl(folder: Path) -> int:
    from openpyxl import load_workbook

    sheet = load_workbook(folder / "datix.xlsx", read_only=True).worksheets[0]
    return sum(1 for _ in sheet.iter_rows(values_only=True)) - 1


def by_sqlalchemy(folder: Path) -> int:
    """The same rows into one table, 500 in a transaction, as much on the disk as ours."""
    from sqlalchemy import Column, MetaData, Table, Text, create_engine, event

    engine = create_engine(f"sqlite:///{folder / 'peer.sqlite'}")
    event.listen(engine, "connect", lambda conn, _: conn.execute("pragma synchronous=full"))
    table = Table("incident", MetaData(), *(Column(name, Text) for name in HEADER))
    table.metadata.create_all(engine)
    with (folder / "datix.csv").open(encoding="utf-8", newline="") as file:
        some: list[dict[str, str]] = []
        count = 0
        for row in csv.DictReader(file):
            some.append(row)
            count += 1
            if len(some) == 500:
                with engine.begin() as conn:
                    conn.execute(table.insert(), some)
                some = []
    return count


TASKS: dict[str, Callable[[Path], int]] = {
    "irmer, CSV tried": lambda folder: tried(folder, "datix.csv"),
    "irmer, XLSX tried": lambda folder: tried(folder, "datix.xlsx"),
    "irmer, CSV brought in": brought_in,
    "csv, read alone": by_csv,
    "openpyxl, read alone": by_openpyxl,
    "SQLAlchemy, one table": by_sqlalchemy,
}  # fmt: skip
ASKED = (
    "incidents", "incidents undecided ct 2025", "incidents page 400", "incidents W050000", "case 2026-0500",
    "theme 2026-0500", "themes", "trends", "trends ct 2025", "trends by cause", "trends days to notify",
)  # fmt: skip


def asked(folder: Path) -> dict[str, float]:
    """Milliseconds of processor time, the middle of five."""
    store = open_store(folder / "irmer.sqlite")
    given = ThemeAnswer(("2026-0001", "2026-0002"), Shared("set-up", "diagnostic", "site", "main"), "no",
                        "not_known", None, "two rooms")  # fmt: skip
    if not store.count_themes(T):
        store.answer_theme(T, given, by=Person("U1"), now=NOW)
    bot, spent = Bot(store), dict[str, float]()
    for words in ASKED:
        request = Request(T, User("U1", "A", "member"), Place("c1", personal=True), NOW, Command(words))
        assert bot.handle(request, FACE)
        each = []
        for _ in range(5):
            start = time.process_time()
            bot.handle(request, FACE)
            each.append(1e3 * (time.process_time() - start))
        spent[words] = statistics.median(each)
    store.close()
    return spent


def report(folder: Path, count: int) -> None:
    csv_size = (folder / "datix.csv").stat().st_size
    print(f"{count:,} incidents, {csv_size / 1e6:.0f} MB as CSV\n")
    print("| | rows a second | of processor time | most memory, MB |\n|---|---|---|---|")
    for task in TASKS:
        try:
            made = alone(task, folder)
        except SystemExit as missing:
            print(f"| {task} | {missing} | | |")
            continue
        rate, of_cpu = made["rows"] / made["wall"], made["rows"] / made["cpu"]
        memory = f"{made['most']:,.0f} (began with {made['before']:.0f})"
        print(f"| {task} | {rate:,.0f} | {of_cpu:,.0f} | {memory} |")
    size = (folder / "irmer.sqlite").stat().st_size
    print(f"\n{size / 1e6:,.0f} MB in the file, {size / count:,.0f} bytes an incident\n")
    print("| asked | ms |\n|---|---|")
    for words, spent in asked(folder).items():
        print(f"| `{words}` | {spent:.0f} |")
    print(f"\nTo be reached: {', '.join(f'{what} {goal}' for what, goal in TARGETS.items())}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--task", choices=TASKS)
    given = parser.parse_args()
    if given.task:
        print(json.dumps(measured(lambda: TASKS[given.task](given.keep))))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = given.keep or Path(made)
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "datix.csv").exists():
            make(folder, given.rows)
        report(folder, given.rows)


if __name__ == "__main__":
    main()

"""What was played of a run, kept in a file: a line a batch, the first of what the run is."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

from tools.truth.batches import Batch, Came

ROOT = Path(__file__).parents[2]
# What is tried, and by what.
OF_CODE = ("bot", "rules", "storage", "tests")


def state_of_the_code() -> str:
    """Changes whenever any of it does."""
    found = hashlib.sha256()
    for folder in OF_CODE:
        for path in sorted((ROOT / folder).rglob("*.py*")):
            if path.suffix in (".py", ".jsonl"):
                found.update(path.read_bytes())
    return found.hexdigest()[:12]


class Kept:
    """A run of other code, or of other plays, is begun anew in the same file."""

    def __init__(self, path: Path, code: str, plays: int, start: int) -> None:
        self.played: dict[Batch, Came] = {}
        run = {"code": code, "plays": plays, "start": start}
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
        whole = [json.loads(line) for line in lines if line.endswith("\n")]  # the last may be cut
        if whole[:1] == [run]:
            for row in whole[1:]:
                came = Came(Counter(row["counted"]), row["found"], row["seconds"])
                self.played[Batch(*row["batch"])] = came
        self._path, rows = path, (_row(batch, came) for batch, came in self.played.items())
        beside = path.with_name(f"{path.name}.new")
        beside.write_text("".join(f"{json.dumps(row)}\n" for row in (run, *rows)), encoding="utf-8")
        beside.replace(path)

    def add(self, batch: Batch, came: Came) -> None:
        self.played[batch] = came
        with self._path.open("a", encoding="utf-8") as file:
            file.write(f"{json.dumps(_row(batch, came))}\n")


def _row(batch: Batch, came: Came) -> dict[str, object]:
    return {"batch": batch, "counted": came.counted, "found": came.found, "seconds": came.seconds}

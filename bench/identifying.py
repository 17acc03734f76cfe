"""How well what seems to tell who somebody is gets noticed, and how long that takes.

`python -m bench.identifying`. The sets of `tests/privacy` were written before the gate and by somebody else.
Times are of the processor; the hostile texts of 40,000 characters are twice as long as the bot takes.
"""

from __future__ import annotations

import time
from pathlib import Path

from bot.core.identifying import find
from storage import identifiers

SETS = Path(__file__).parents[1] / "tests" / "privacy"
USUAL = (
    "Wrong patient had CT head yesterday at 14:30 on the Siemens Force, about 2 mSv; the request was for "
    "Mr B in bed 6. Reported by the duty radiographer, MPE informed."
)
HOSTILE = (
    "Mr ", "Smith ", "Jones, ", "12 Abc Def ", "d.o.b ", "tel 0", "acc A 9 ", "a@", "a.", "1/1/", "9%20",
    "9\u200b", "é ", "O'", "zero ", "lives at A", "address 1 ", "9-", "K9", "1 ", "a-", " ", "(", "1 A St ",
)  # fmt: skip


def milliseconds(text: str, times: int = 1) -> float:
    begun = time.process_time()
    for _ in range(times):
        find(text)
    return (time.process_time() - begun) / times * 1000


def main() -> None:
    for name in ("identifying", "neutral"):
        lines = (SETS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
        told = [line for line in lines if line and not line.startswith("#")]
        noticed = sum(bool(find(line) or identifiers.find(line)) for line in told)
        print(f"{name}: {noticed} of {len(told)} are asked about or masked")
    print(f"a usual message of {len(USUAL)} characters: {milliseconds(USUAL, 500):.2f} ms")
    slowest, unit = max((milliseconds((unit * 40_000)[:40_000]), unit) for unit in HOSTILE)
    print(f"the slowest of {len(HOSTILE)} hostile texts of 40,000 characters, {unit!r}: {slowest:.0f} ms")


if __name__ == "__main__":
    main()

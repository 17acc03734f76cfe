"""The changes that mutmut makes to one module of rules/."""

from __future__ import annotations

import difflib
import pickle
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mutmut.mutation.file_mutation import MutatedFile

ROOT = Path(__file__).parents[2]
SEED = 20230419  # of the sample


class Change(NamedTuple):
    """What is changed in a function: the lines before and after, in one."""

    function: str
    before: str
    after: str


class Changes:
    """Every change to a module. `place` is where they are kept, since making them takes a while."""

    def __init__(self, module: str, place: Path) -> None:
        source = (ROOT / f"rules/{module}.py").read_text("utf-8")
        kept = place / "changes.pickle"
        made: tuple[str, MutatedFile] = pickle.loads(kept.read_bytes()) if kept.exists() else ("", None)
        if made[0] != source:
            # Half a second, which the tests of the tables would pay in every process.
            from mutmut.mutation.file_mutation import mutate_file_contents

            made = (source, mutate_file_contents(f"rules/{module}.py", source))
            kept.write_bytes(pickle.dumps(made))
        self.module, self.file = module, made[1]
        self.code = self.file.code
        self.names = tuple(self.file.mutant_names)
        self._lines = self.code.splitlines()

    def sample(self, most: int | None) -> list[str]:
        """At most so many, drawn by chance but always the same ones, more of them with more; all for None."""
        drawn = [*self.names]
        Random(f"{SEED} {self.module}").shuffle(drawn)
        kept = {*drawn[:most]}
        return [name for name in self.names if name in kept]

    def version(self, name: str) -> str:
        """Differs once the function does."""
        return self.file.hash_by_function_name[function_of(name)]

    def change(self, name: str) -> Change:
        function = function_of(name)
        lines = [*difflib.ndiff(self._source(f"{function}__mutmut_orig"), self._source(name))]
        before, after = (" ".join(line[2:].strip() for line in lines if line[0] == sign) for sign in "-+")
        return Change(function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", "."), before, after)

    def _source(self, name: str) -> list[str]:
        span = self.file.line_span_by_function_name[name]
        return [line.replace(name, "it") for line in self._lines[span.start - 1 : span.end]]


def function_of(name: str) -> str:
    """As mutmut calls it."""
    return name.rpartition("__mutmut_")[0]

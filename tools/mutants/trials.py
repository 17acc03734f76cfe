"""Runs the tests against the changes to one module: `python -m tools.mutants.trials`, in a copy of rules/.

mutmut's own runner starts pytest anew for every change, which takes longer than the tests. Here pytest
collects the tests once and runs them once, to see which tests reach which function and how long they take.
Then each change is tried in a fork of that process, on the tests that reach its function, those first that
noticed another change to it, then the quick ones. A function that is called while modules are imported has
built its part of the tables by then: changes to it are tried in a fork from before the import.
"""

import gc
import json
import mmap
import os
import resource
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings
from mutmut.mutation.trampoline import set_mutant_under_test
from mutmut.state import state

from tools.mutants.changes import function_of

NO_CHANGE = "x_nothing__mutmut_0"  # no function has it: all of them stay as they are
MEMORY = 3 * 2**30
WITHOUT = ("terminal", "cacheprovider", "timeout", "asyncio", "xdist")
OPTIONS = ("-s", *(option for plugin in WITHOUT for option in ("-p", f"no:{plugin}")))


class Seen:
    """What a run of the unchanged code has shown."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.seconds: dict[str, float] = {}
        self.reaching: defaultdict[str, set[str]] = defaultdict(set)
        self.noticed: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.at_import: set[str] = set()

    def hits(self) -> set[str]:
        found = {name.removeprefix(f"rules.{self.module}.") for name in state()._stats}
        state()._stats.clear()
        return found

    def order(self, function: str, tests: Iterable[str]) -> list[str]:
        noticed = self.noticed[function]
        return sorted(tests, key=lambda test: (-noticed[test], self.seconds[test], test))


class Trial:
    """What came of one change; `by` is the test that noticed it."""

    def __init__(self, name: str, noticed: bool, by: str = "") -> None:
        self.name, self.noticed, self.by = name, noticed, by

    def line(self) -> str:
        return json.dumps(vars(self), ensure_ascii=False)


class Session:
    """A plugin that takes the place of pytest's own loop over the tests."""

    def __init__(self, seen: Seen, names: list[str], out: Callable[[Trial], None]) -> None:
        self.seen, self.names, self.out = seen, names, out

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        if report.failed:
            print(report.longreprtext, file=sys.stderr)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        gc.disable()  # a fork is done before there is much to collect, and would copy all that it looks at
        seen, items = self.seen, {item.nodeid: item for item in session.items}
        seen.at_import = seen.hits()
        for test, item in items.items():
            forget()
            begun = time.process_time()
            item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
            if session.testsfailed:
                print(f"{test} fails without any change", file=sys.stderr)
                pytest.exit(returncode=1)
            seen.seconds[test] = time.process_time() - begun
            for function in seen.hits():
                seen.reaching[function].add(test)
        forget()
        gc.collect()
        gc.freeze()
        print(f"{len(items)} tests in {sum(seen.seconds.values()):.1f} s", file=sys.stderr)
        if by := self.tried(session, NO_CHANGE, [*items.values()]).by:
            print(f"{by} fails in a fork without any change", file=sys.stderr)
            pytest.exit(returncode=1)
        for name in self.names:
            function = function_of(name)
            if function not in seen.at_import:
                tests = seen.order(function, seen.reaching[function])
                self.out(self.tried(session, name, [items[test] for test in tests]))
        Path("seen.json").write_text(
            json.dumps({"at_import": sorted(seen.at_import), "seconds": seen.seconds}), "utf-8"
        )
        return True

    def tried(self, session: pytest.Session, name: str, tests: list[pytest.Item]) -> Trial:
        running = mmap.mmap(-1, 4)  # which test runs in the fork

        def run() -> int:
            for n, test in enumerate(tests):
                running[:] = n.to_bytes(4)
                with suppress(session.Failed):
                    test.ihook.pytest_runtest_protocol(item=test, nextitem=None)
                if session.testsfailed:
                    return 1
            return 0

        seconds = sum(self.seen.seconds[test.nodeid] for test in tests)
        noticed = in_fork(run, self.seen.module, name, seconds)
        by = tests[int.from_bytes(running[:])].nodeid if noticed else ""
        if noticed:
            self.seen.noticed[function_of(name)][by] += 1
        return Trial(name, noticed, by)


class QuickFirst:
    """A plugin for a run from the beginning: the quick tests first."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self.seconds.get(item.nodeid, 0))


def forget() -> None:
    """Rows are planned and compiled once, and what was looked up is kept: what was remembered before a change
    would hide it."""
    from rules import thresholds
    from rules.editions import EDITIONS

    thresholds._PLAIN.clear()
    for edition in EDITIONS:
        for name in ("rows", "by_code"):
            vars(edition).pop(name, None)
    for name, module in [*sys.modules.items()]:
        if name.startswith("rules."):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()
                elif isinstance(thing, dict) and hasattr(thing, "__missing__"):
                    thing.clear()


def in_fork(run: Callable[[], int], module: str, name: str, seconds: float) -> bool:
    """Does the run fail with the change made, or take much longer than `seconds`?"""
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        return status != 0
    code = 1
    try:
        set_mutant_under_test(f"rules.{module}.{name}")
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        limit = int(2 * seconds + 5)
        resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
        code = run()
    finally:
        os._exit(code)


def main() -> None:
    order = json.loads(sys.stdin.read())
    module, names, tests = order["module"], order["names"], order["tests"]
    settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None)
    settings.load_profile("mutants")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    arguments = [*OPTIONS, *tests]
    results = os.dup(1)
    os.dup2(2, 1)

    def out(trial: Trial) -> None:
        os.write(results, (trial.line() + "\n").encode())

    def whole() -> int:
        return int(pytest.main(arguments, plugins=[Session(Seen(module), names, out)]))

    child = os.fork()
    if child == 0:
        set_mutant_under_test("stats")
        os._exit(whole())
    _, status = os.waitpid(child, 0)
    if status:
        sys.exit(1)
    seen = json.loads(Path("seen.json").read_text("utf-8"))
    late = [name for name in names if function_of(name) in seen["at_import"]]
    plugins, seconds = [QuickFirst(seen["seconds"])], sum(seen["seconds"].values())

    def again() -> int:
        return int(pytest.main(["-x", *arguments], plugins=plugins))

    if late and in_fork(again, module, NO_CHANGE, seconds):
        sys.exit("The tests fail from the beginning without any change")
    for name in late:
        out(Trial(name, in_fork(again, module, name, seconds), "at import"))


if __name__ == "__main__":
    main()

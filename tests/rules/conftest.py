"""While it is recorded which test runs which function, every test starts from nothing remembered.

Rows are planned and compiled once, and a test that finds them ready would not be counted as one of theirs.
"""

import os
import sys

import pytest

RECORDING = os.environ.get("MUTANT_UNDER_TEST") == "stats"


@pytest.fixture(autouse=RECORDING)
def nothing_remembered():
    from rules.edition import editions

    for edition in editions():
        for name in ("rows", "compiled", "by_code"):
            vars(edition).pop(name, None)
    for name, module in [*sys.modules.items()]:
        if name.startswith("rules."):
            for thing in vars(module).values():
                if hasattr(thing, "cache_clear"):
                    thing.cache_clear()


def pytest_collection_modifyitems(items):
    """The quick tests first, since one that fails is enough."""
    if "MUTANT_UNDER_TEST" in os.environ:
        items.sort(key=lambda item: ("test_cases" not in item.nodeid, "against" in item.nodeid))

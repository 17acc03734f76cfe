"""While mutants are tried: short runs, the quick tests first, and nothing remembered.

Rows are planned and compiled once: a test that finds them ready would not be counted among those that do it.
"""

import os
import sys

import pytest
from hypothesis import settings

RECORDING = os.environ.get("MUTANT_UNDER_TEST") == "stats"


if "MUTANT_UNDER_TEST" in os.environ:
    settings.register_profile("mutants", deadline=None, max_examples=20, derandomize=True, database=None)
    settings.load_profile("mutants")


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

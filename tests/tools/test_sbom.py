"""The bill of materials is whole, valid, and what the lock says today; no licence comes in unseen."""

import json
from importlib import import_module
from types import ModuleType

import pytest

from tests.test_locks import pinned


@pytest.fixture(scope="module")
def sbom() -> ModuleType:
    """What it is made with takes 0.3 s to import: only where the tests of it run."""
    return import_module("tools.sbom")


def test_it_is_what_the_lock_says_today(sbom: ModuleType) -> None:
    assert sbom.BILL.read_text() == sbom.bill(), "python -m tools.sbom"


def test_it_is_of_the_form_that_it_says(sbom: ModuleType) -> None:
    from cyclonedx.schema import SchemaVersion  # as above
    from cyclonedx.validation.json import JsonStrictValidator

    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(sbom.BILL.read_text()) is None


def test_each_part_has_its_version_hashes_and_licence(sbom: ModuleType) -> None:
    parts = json.loads(sbom.BILL.read_text())["components"]
    versions = pinned("serve")
    assert {part["name"]: part["version"] for part in parts}.items() <= versions.items()
    assert versions.keys() - {part["name"] for part in parts} <= {
        "hatchling", "packaging", "pathspec", "tomlkit", "trove-classifiers"
    }, "what is left out only builds"  # fmt: skip
    assert all(part["hashes"] and part["licenses"] for part in parts)


def test_every_licence_is_one_that_was_agreed_to(sbom: ModuleType) -> None:
    for name, *_ in sbom.locked():
        said = sbom.licence_of(name)
        named = said.replace(" AND ", " OR ").split(" OR ")
        assert set(named) <= sbom.ALLOWED, f"{name}: {said}"


def test_a_licence_that_nobody_has_seen_stops_it(sbom: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sbom, "distribution", lambda name: type("D", (), {"metadata": Says()}))
    with pytest.raises(LookupError, match="names no licence that is known here"):
        sbom.licence_of("some-package")


class Says:
    def get(self, name: str) -> str | None:
        return "GPL-3.0" if name == "License" else None

    def get_all(self, name: str) -> list[str]:
        return ["License :: OSI Approved :: GNU General Public License v3 (GPLv3)"]

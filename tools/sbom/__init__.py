"""A software bill of materials of what a server installs: `locks/serve.txt` with each package's licence.

`python -m tools.sbom` writes `locks/serve.cdx.json` (CycloneDX 1.6). Versions and hashes are the lock's,
licences what the installed packages say of themselves; what only builds is left out. Nothing in it depends on
the machine or the day.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom, BomMetaData
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

ROOT = Path(__file__).parents[2]
LOCK, BILL = ROOT / "locks" / "serve.txt", ROOT / "locks" / "serve.cdx.json"
_ENTRY = re.compile(r"^([a-z0-9.-]+)==([^ ;\\\n]+).*\\\n((?:    --hash=.*\n?)+)((?:    # .*\n?)*)", re.M)
# Of those that say it by a classifier or in other words, as SPDX names it.
_SPDX = {
    "Apache Software License": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}
# Of those whose metadata name none, or that are installed on other systems alone: read in their sources.
_READ = {
    "click-default-group": "LicenseRef-Public-Domain",
    "colorama": "BSD-3-Clause",
    "importlib-metadata": "Apache-2.0",
    "pysqlite3": "Zlib",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "zipp": "MIT",
}
# LGPL of psycopg, which is used as it comes, and as an extra.
ALLOWED = frozenset(
    "0BSD Apache-2.0 BSD-2-Clause BSD-3-Clause CC0-1.0 CNRI-Python ISC LGPL-3.0-only MIT MIT-0"
    " MIT-CMU MPL-2.0 PSF-2.0 Zlib LicenseRef-Public-Domain".split()
)


def locked() -> Iterator[tuple[str, str, tuple[str, ...], frozenset[str]]]:
    """Name, version, SHA-256 hashes, and who wants it, of each package that a server installs and runs."""
    entries = {
        name: (version, tuple(sorted(re.findall(r"sha256:(\w+)", hashes))), _wanted_by(why))
        for name, version, hashes, why in _ENTRY.findall(LOCK.read_text())
    }
    builds = {"hatchling"}
    while more := {n for n, (_, _, by) in entries.items() if by and by <= builds} - builds:
        builds |= more
    for name, (version, hashes, by) in sorted(entries.items()):
        if not (name in builds or by <= builds):
            yield name, version, hashes, by - builds


def _wanted_by(comment: str) -> frozenset[str]:
    """The packages that a lock's comment says want it; our own is named `irmer-bot`."""
    lines = (line.removeprefix("    #").strip().removeprefix("via").strip() for line in comment.splitlines())
    return frozenset(line.split(" ")[0] for line in lines if line and not line.startswith("-"))


def licence_of(name: str) -> str:
    """The licence as an SPDX expression.

    Raises:
        LookupError: its metadata name none that is known, nor has anybody read it.
    """
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        metadata = None
    if name in _READ:
        return _READ[name]
    if metadata is None:
        raise LookupError(f"{name} is not installed here: read its licence and name it in tools/sbom")
    if expression := metadata.get("License-Expression"):
        return str(expression)
    classifiers = [
        c.rpartition(" :: ")[2] for c in metadata.get_all("Classifier") or () if c.startswith("License")
    ]
    for said in (metadata.get("License") or "", *classifiers):
        if found := _SPDX.get(said, said if said in ALLOWED else None):
            return found
    raise LookupError(f"{name} names no licence that is known here: {classifiers}")


def bill() -> str:
    """The whole bill as JSON text, the same on every machine that has all of it installed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    licences = LicenseFactory()
    root = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        bom_ref="irmer-bot",
        licenses=[licences.make_from_string(project["license"])],
    )
    made, parts, wanted = Bom(metadata=BomMetaData(component=root)), {"irmer-bot": root}, {}
    for name, version, hashes, wanted[name] in locked():
        parts[name] = Component(
            name=name,
            version=version,
            type=ComponentType.LIBRARY,
            purl=PackageURL("pypi", name=name, version=version),
            bom_ref=f"{name}=={version}",
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=one) for one in hashes],
            licenses=[licences.make_from_string(licence_of(name))],
        )
        made.components.add(parts[name])
    for name, part in parts.items():
        made.register_dependency(part, [parts[other] for other, by in wanted.items() if name in by])
    made.serial_number = uuid5(NAMESPACE_URL, LOCK.read_text())
    whole = json.loads(JsonV1Dot6(made).output_as_string())
    del whole["metadata"]["timestamp"]
    whole["metadata"].pop("tools", None)
    return json.dumps(whole, indent=1, sort_keys=True) + "\n"

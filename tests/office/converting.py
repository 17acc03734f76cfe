"""LibreOffice, as somebody opens a document with it: into pages, and what stands on them read back."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

TOOLS = {"soffice": "LibreOffice Writer", "pdftotext": "poppler-utils", "pdfinfo": "poppler-utils"}
ASKED_FOR = "IRMER_OFFICE"


def why_not_here() -> str:
    """Why nothing is converted here; empty where all is there."""
    if not os.environ.get(ASKED_FOR):
        return "papers are opened in LibreOffice by `make papers-test`"
    lacking = dict.fromkeys(package for tool, package in TOOLS.items() if not shutil.which(tool))
    return f"papers-test lacks {' and '.join(lacking)}" if lacking else ""


def as_pages(documents: list[Path], folder: Path) -> list[list[str]]:
    """Of each document the text of each of its pages, as it is laid out."""
    home = f"-env:UserInstallation={(folder / 'office').as_uri()}"
    subprocess.run(
        ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, documents)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return [_pages_of(folder / f"{one.stem}.pdf") for one in documents]


def _pages_of(pdf: Path) -> list[str]:
    text = _output_of(["pdftotext", "-layout", "-enc", "UTF-8", str(pdf), "-"])
    pages = text.removesuffix("\f").split("\f")
    counted = re.search(r"^Pages:\s+(\d+)$", _output_of(["pdfinfo", str(pdf)]), re.M)
    assert counted
    assert int(counted[1]) == len(pages)
    return pages


def _output_of(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, timeout=60).stdout.decode()


if __name__ == "__main__":
    os.environ[ASKED_FOR] = "1"
    print(why_not_here())

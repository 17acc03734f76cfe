"""Where the links of a page lead."""

import re
from pathlib import Path


def slug(heading: str) -> str:
    """A heading as it is linked to."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def broken_links(text: str, folder: Path) -> list[str]:
    """The links of a text in this folder that lead to no file, or to no heading of one; others' are left."""
    broken = []
    for target, _, part in re.findall(r"\]\((?!https?:)([^)#\s]+)(#([\w-]+))?\)", text):
        there = folder / target
        if not there.exists() or (part and part not in headings(there)):
            broken.append(f"{target}#{part}")
    return broken


def headings(page: Path) -> set[str]:
    return {slug(heading) for heading in re.findall(r"^#+ (.*)$", page.read_text(), re.M)}

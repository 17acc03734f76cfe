"""Writes docs/contract.md anew: `make contract`."""

from pathlib import Path

from tools.contract.page import page

PLACE = Path(__file__).parents[2] / "docs/contract.md"

if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")

"""`python -m tools.criteria` writes docs/criteria.md."""

from pathlib import Path

from tools.criteria.page import page

PLACE = Path(__file__).parents[2] / "docs" / "criteria.md"

if __name__ == "__main__":
    PLACE.write_text(page(), encoding="utf-8")

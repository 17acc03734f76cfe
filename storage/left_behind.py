"""What a restore leaves behind: what people have done since the copy stands in the file that is put aside,
and in no other place; and what was taken out since then stands in the copy again."""

from __future__ import annotations

from collections.abc import Iterator

from storage.model import BOT
from storage.redaction import COPIES
from storage.sql import Row, Sql
from storage.verify_trail import ERASED

MOST_NAMED = 12


def left_behind(there: Sql, copy: Sql, tenant: str) -> list[str]:
    """In a line each, of one organisation."""
    since = list(_since(there, copy, tenant))
    done = [row for row in since if row["by_id"] != BOT.id and row["what"] not in COPIES]
    lines = []
    if done:
        many = "1 entry" if len(done) == 1 else f"{len(done)} entries"
        lines.append(
            f"what people did since then is not in it, {many} of {tenant}'s trail{_about(done)}: enter it "
            "again, by what was there"
        )
    if erased := [row for row in since if row["what"] == ERASED]:
        lines.append(
            f"what was taken out since then stands in it again{_about(erased)}: take it out once more"
        )
    return lines


def _since(there: Sql, copy: Sql, tenant: str) -> Iterator[Row]:
    """The entries after the last that both have, the latest first."""
    for row in there.each(
        "select seq, hash, subject, what, by_id from audit where tenant = ? order by seq desc", tenant
    ):
        same = copy.value("select hash from audit where tenant = ? and seq = ?", tenant, row["seq"])
        if same == row["hash"]:
            return
        yield row


def _about(rows: list[Row]) -> str:
    subjects = sorted({str(row["subject"]) for row in rows} - {""})
    if not subjects:
        return ""
    more = f" and {len(subjects) - MOST_NAMED} more" if len(subjects) > MOST_NAMED else ""
    return f", about {', '.join(subjects[:MOST_NAMED])}{more}"

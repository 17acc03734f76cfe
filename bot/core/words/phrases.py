"""How days, times and names are written, everywhere the same."""

from __future__ import annotations

from datetime import date, datetime

from rules.deadlines import UK

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def day(when: date) -> str:
    """`Mon 7 December 2026`: without the host's language settings."""
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]} {when.year}"


def iso_day(text: str) -> str:
    return day(date.fromisoformat(text[:10]))


def moment(when: datetime) -> str:
    """`Mon 7 December 2026 at 09:05`, UK time."""
    local = when.astimezone(UK)
    return f"{day(local.date())} at {local:%H:%M}"


def days(count: int) -> str:
    return "1 day" if count == 1 else f"{count} days"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 row`, `1,204 rows`; `many` where an s does not make it of one."""
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def listed(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """`a, b and c`."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def within(line: str) -> str:
    """As it stands in the middle of a sentence: `total dose`, `LFPSE number`."""
    return line if line[1:2].isupper() else line[:1].lower() + line[1:]


def capitalised(line: str) -> str:
    """Whoever or whatever it begins with; `str.capitalize` makes small letters of all that follow."""
    return line[:1].upper() + line[1:]


def plain_words(text: str, ends: str = ".!?") -> str:
    """What was typed, in small letters, without what ends a sentence."""
    return " ".join(text.lower().replace("’", "'").split()).rstrip(ends)


def sentence(line: str) -> str:
    line = line.strip()
    return capitalised(line) + ("" if line.endswith((".", "?", "!")) else ".") if line else ""


def one_line(text: str, limit: int = 80) -> str:
    """What somebody wrote, for a title: cut after a word."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    whole = flat[:limit].rpartition(" ")[0]
    return (whole if len(whole) > limit // 2 else flat[: limit - 1]).rstrip(" ,;:") + "…"

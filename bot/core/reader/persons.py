"""Whether it was a patient at all who was exposed, who else was, and of which sex the patient is."""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.guards import another
from bot.core.reader.matching import said
from bot.core.reader.tags import Hit, Tagged
from bot.core.reader.tokens import Token

# The value, who that is, and by which tag.
_WHO = (
    ("carer_or_comforter", "a carer or comforter", "carer"),
    ("research_participant", "a research participant", "participant"),
    ("member_of_public", "a member of the public", "public"),
    ("worker", "a member of staff", "staff"),
)
_THERE = "(there | entering ~2 room)"


def persons(t: Tagged) -> Iterator[Finding]:
    """Who may have been exposed in a patient's place, and who beside: the former is asked."""
    patients = t.first("@patients_own") is not None
    others: dict[str, tuple[Hit, str]] = {}
    for value, who, tag in _WHO:
        exposed = _exposed(t, tag)
        beside = None if exposed else _beside(t, tag)
        hit = exposed or beside or _about(t, tag)
        if hit is None:
            continue
        if patients and tag in ("staff", "public") and (exposed or tag == "staff" or t.has("patient")):
            sure = exposed or (beside and not t.has_in(beside.i, beside.j, "organ_dose"))  # not a badge alone
            others[value] = hit, "" if sure else f"was {who} exposed as well?"
        else:
            yield said(t, "exposed_person", value, hit, f"was {who} exposed, or a patient?")
    unsure = next((doubt for _, doubt in others.values() if doubt), "")
    for hit, doubt in others.values():
        doubt = doubt or unsure
        yield said(t, "others_exposed", tuple(sorted(others)), hit, doubt)


def _exposed(t: Tagged, tag: str) -> Hit | None:
    """ "The porter was exposed", "0.1 mSv to the carer"."""
    more = " | had|made" if tag == "participant" else ""
    words = (
        f"({tag} who? ~4 (exposed | got a? approx? dose|Sv|n | had approx? Sv{more}) | exposed a? {tag}"
        f" | dose to a? {tag} | Sv to|by {tag})"
    )
    return next((hit for hit in t.find(words) if not t.first("@elsewhere", hit.i, hit.j)), None)


def _beside(t: Tagged, tag: str) -> Hit | None:
    """Who holds the patient is a carer; who is merely there, a member of the public."""
    holding = t.first("relative ~8 hold")
    if tag == "carer":
        return holding
    who = {"staff": "staff|we", "public": "public" if holding else "public|relative"}.get(tag, tag)
    hits = t.find(f"{who} who? ~6 {_THERE}")
    return next((hit for hit in hits if not t.first("@elsewhere", *t.clause(hit.i))), None)


def _about(t: Tagged, tag: str) -> Hit | None:
    """Named where this sentence or the next says that somebody was there, or named at all in research."""
    for hit in t.find("staff|we" if tag == "staff" else tag):
        begin, end = t.sentence(hit.i)
        near = t.sentence(end + 1)[1] if end + 1 < len(t.tokens) else end
        if tag == "participant" or (t.first(_THERE, begin, near) and not t.first("@elsewhere", begin, end)):
            return hit
    return None


def sex(t: Tagged) -> str:
    """`male` or `female` where the person's own age or description says so, and nothing of the other sex.

    A pronoun is not enough: "he" may be the radiographer.
    """
    if any(another(t, hit.i, hit.j) for hit in t.find("@own")) or t.first(
        "relative|carer|public|other_person"
    ):
        return ""
    own = {_sex(token) for hit in t.find("@own") for token in t.tokens[hit.i : hit.j]} - {""}
    named = {_sex(token) for token in t.tokens} - {""}
    if own == {"female"}:
        return "female" if named == own else ""
    womanly = (
        t.has("she", "preg", "feeding", "preg_check", "patients")
        or "her" in t.words_said
        or "mum" in t.words_said
    )
    return "male" if own == named == {"male"} and not womanly else ""


def _sex(token: Token) -> str:
    if "sex" in token.tags:
        return {"m": "male", "f": "female"}[token.word]
    person = token.of("person")
    return person[0] if person else ""

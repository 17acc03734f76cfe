"""Typical doses of adults, as a hint beside the questions about a dose. They are no facts and decide nothing:
nothing here returns a fact, and nothing of it is stored.

The doses and their source: `rules.typical`. Only examinations that have one value for any adult, and no
therapy, interventional work, children or pregnancies.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from bot.core.check.check import Check
from rules.spans import Span
from rules.typical import BY_NAME

DOSES = frozenset({"total_dose", "intended_dose"})
# Eighteen counts as an adult in all four nations.
ADULT_FROM = 18


class Typical(NamedTuple):
    name: str
    dose: str
    category: str
    words: re.Pattern[str]


def _row(published: str, category: str, words: str) -> Typical:
    dose = BY_NAME[published].dose
    name = published.partition(" (")[0]
    name = name if name.startswith("CT") else name[:1].lower() + name[1:]
    return Typical(name, dose, category, re.compile(rf"(?:{words})(?: scan| film| radiograph)?", re.I))


def _film(part: str) -> str:
    plain = r"x[ -]?ray|xr|plain film|film|radiograph"
    return rf"(?:{part}) (?:{plain})|(?:{plain})(?: of the| of)? (?:{part})"


def _ct(part: str) -> str:
    return rf"(?:{part}) ct|ct(?: scan)?(?: of the| of)? (?:{part})"


_BOTH = r"abdo(?:men)?(?: and | ?& ?| ?/ ?| )pelvis"
TYPICAL = (
    _row("Chest X-ray", "diagnostic", rf"cxr|{_film('chest')}"),
    _row("Hip X-ray", "diagnostic", _film("hip")),
    _row("Abdomen X-ray", "diagnostic", rf"axr|{_film('abdo(?:men|minal)?')}"),
    _row("Pelvis X-ray", "diagnostic", rf"pxr|{_film('pelvis|pelvic')}"),
    _row("CT head", "diagnostic", _ct("head")),
    _row("CT chest", "diagnostic", _ct("chest")),
    _row("CT abdomen and pelvis", "diagnostic", _ct(_BOTH)),
    _row("Bone scan (Tc-99m)", "nuclear_medicine", "bone scan"),
)
# More of the body than the words that were understood: "CT head" in "CT head, neck and chest".
_MORE = r"(?:\s*(?:,|&|\+|/|-|and|with|plus|\s)\s*(?:the\s+)?(?:{parts}|contrast|angio\w*|perfusion|spect))*"
_PREGNANCY = re.compile(r"pregnan|gravid|gestat|f(?:o?e)?tus|f(?:o?e)tal|breast[ -]?fe|weeks? gone", re.I)


def hint(name: str, check: Check) -> str:
    """One line for the question about the fact `name`, or ""."""
    if name not in DOSES or not _plain_adult(check):
        return ""
    found = _examination(name, check.draft.details)
    if found is None or check.facts.only("category") != found.category:
        return ""
    return f"Typical for an adult: {found.name} {found.dose} mSv (a hint, not this person's dose)"


def _plain_adult(check: Check) -> bool:
    facts = check.facts
    age, group = facts.known.get("age_years"), facts.known.get("age_group")
    adult = age.low.value >= ADULT_FROM if isinstance(age, Span) else group == frozenset({"adult"})
    carries = any(
        facts.stated.get(name) not in (None, False)
        for name in facts.stated
        if "foetal" in name or "infant" in name or "breast" in name
    )
    denied = facts.stated.get("unintended_foetal_exposure") is False
    spoken_of = not denied and _PREGNANCY.search(check.draft.details.get("account", ""))
    return adult and not carries and not spoken_of


def _examination(name: str, told: Mapping[str, str]) -> Typical | None:
    """The one that was intended, or performed; or the only one of which the account speaks at all."""
    stated = told.get("examination_intended" if name == "intended_dose" else "examination_performed")
    account = told.get("account", "")
    if stated:
        return _whole(stated, account)
    if told.get("examination_intended") or told.get("examination_performed"):
        return None
    heard = [
        (one, match)
        for one in TYPICAL
        for match in re.finditer(rf"\b(?:{one.words.pattern})\b", account, re.I)
    ]
    if len({one.name for one, _ in heard}) != 1:
        return None
    from bot.core.reader.lexicon import parts  # 130 ms, which most checks do without

    spoken = parts().findall(account.lower())
    within = [part for _, match in heard for part in parts().findall(match[0].lower())]
    return heard[0][0] if len(spoken) == len(within) else None


def _whole(stated: str, account: str) -> Typical | None:
    """Of the words with whatever the account says goes with them."""
    from bot.core.reader.lexicon import parts  # 130 ms, as above

    more = _MORE.format(parts=parts().pattern)
    places = [m[0] for m in re.finditer(re.escape(stated) + more, account, re.I)] or [stated]
    found = [one for words in places for one in TYPICAL if one.words.fullmatch(" ".join(words.split()))]
    return found[0] if len(found) == len(places) and len(set(found)) == 1 else None

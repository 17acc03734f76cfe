"""What was said and gave no fact: named, so that nothing is dropped without a word."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page
from bot.core.reader.vocabulary import TERMS

_PARTS = re.compile(r"[,;:!?()\n]+|\.(?=\s|$)|\s-+\s|\b(?:and|but|then)\b")
_TELLING = re.compile(
    r"\d|\b(?:dose|lesion|ulcer\w*|burn\w*|blister\w*|skin|hair|eryth\w+|redness|pregnan\w*|fo?et\w*|breast|scan\w*"
    r"|exposure\w*|exposed|radiation|isotope|tracer|activity|fractions?|images?|pati?ents?|pts?|fault\w*|fail\w*)\b"
)
_MOST = 20


def unused(page: Page, found: Iterable[Finding]) -> list[str]:
    """Phrases that hold a number, a unit or a word of the field, where no finding took a word of them."""
    taken = sorted((finding.start, finding.end) for finding in found)
    phrases, begin = [], 0
    for end in (*(match.start() for match in _PARTS.finditer(page.low)), len(page.low)):
        words = page.low[begin:end]
        if not any(a < end and begin < b for a, b in taken) and _tells(words):
            phrases.append(" ".join(page.text[begin:end].split()).strip(" .,;:!?()-"))
        begin = end + (end < len(page.low) and not page.low[end].isalnum())
    return list(dict.fromkeys(phrase for phrase in phrases if phrase))[:_MOST]


def _tells(words: str) -> bool:
    return bool(_TELLING.search(words)) or any(term.words.search(words) for term in TERMS)

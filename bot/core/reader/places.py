"""The nation, where the text names it, a large town, or a health board."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.core.reader.findings import Finding
from bot.core.reader.page import Page

_NATIONS = (
    ("northern_ireland",
        r"northern ireland|n\.? ireland|\bni\b(?= |$|[,.;)])|ulster|hsc trust|(?:belfast|western|southern"
        r"|south eastern|northern) (?:hsc|health and social care) trust|rqia|hscni"),
    ("england", r"england|english|nhs england|cqc|care quality commission"),
    ("wales", r"wales(?! road)|welsh|healthcare inspectorate wales|nhs wales"),
    ("scotland", r"scotland(?! road)|scottish|healthcare improvement scotland|nhs scotland"),
)  # fmt: skip
_TOWNS = (
    ("northern_ireland",
        r"belfast|derry|londonderry|lisburn|craigavon|antrim|ballymena|omagh|enniskillen|coleraine"
        r"|dungannon|altnagelvin|armagh"),
    ("wales",
        r"cardiff|swansea|wrexham|bangor gwynedd|aberystwyth|llanelli|merthyr(?: tydfil)?|llandudno|rhyl"
        r"|carmarthen|haverfordwest|bridgend|caernarfon|pontypridd|cwmbran|llantrisant|betsi cadwaladr"
        r"|bcuhb|aneurin bevan|cwm taf(?: morgannwg)?|hywel dda|powys|cardiff and vale|swansea bay|velindre"),
    ("scotland",
        r"glasgow|edinburgh|aberdeen|dundee|inverness|stirling|falkirk|kilmarnock|dumfries|paisley"
        r"|kirkcaldy|dunfermline|livingston|elgin|stornoway|lerwick|kirkwall|oban|larbert|airdrie"
        r"|ayr(?:shire)?|lanarkshire|fife|tayside|grampian|lothian"
                 r"|nhs ?ggc|nhs (?:lothian|greater glasgow(?: and clyde)?|ggc|grampian|tayside|fife|highland"
                 r"|borders|forth valley|lanarkshire|ayrshire(?: (?:and|&) arran)?"
                 r"|dumfries(?: and galloway)?|orkney|shetland|western isles|golden jubilee)"),
    ("england",
        r"london|manchester|leeds|liverpool|sheffield|birmingham|bristol|nottingham|leicester|southampton"
        r"|portsmouth|plymouth|exeter|norwich|cambridge|oxford|coventry|hull|bradford|sunderland"
        r"|middlesbrough|derby|stoke(?:[- ]on[- ]trent)?|wolverhampton|preston|blackpool|york"
                r"|brighton|truro|cornwall|kent|essex|sussex|yorkshire|lancashire|cumbria|devon|somerset"
                r"|gloucester|cheltenham|ipswich|luton|milton keynes|swindon|peterborough|doncaster"
                r"|rotherham|wigan|bolton|salford|stockport"),
)  # fmt: skip
# Names of people, streets, scores and syndromes.
_NOT_THE_PLACE = re.compile(
    r"\s+(?:claudication|questionnaire|depression|postnatal|coma|criteria|scale|score|protocol"
    r"|classification|system|view|road|street|ward|ratio|disease"
    r"|test|brace|method|rules?)\b"
)
_COMES_FROM = re.compile(
    r"\b(?:from|transferred (?:from|to)|lives in|born in|resident of|referred (?:from|by)|sent to|visiting"
    r"|moved (?:from|to)|report(?:ed)? to|tell|notify|told)(?: the)?\s+$"
)
_SURE = tuple((nation, re.compile(rf"\b(?:{words})(?!\w)")) for nation, words in _NATIONS)
_TOWN = tuple((nation, re.compile(rf"\b(?:{words})(?!\w)")) for nation, words in _TOWNS)


def places(page: Page, nation: str | None) -> Iterator[Finding]:
    """`nation` is the site's setting: a town that speaks against it is in doubt, but it is never a finding
    itself."""
    for patterns, doubtful in ((_SURE, False), (_TOWN, True)):
        for value, pattern in patterns:
            for match in pattern.finditer(page.low):
                start, end = match.span()
                if _NOT_THE_PLACE.match(page.low, end) or page.denied(start, end, 12) is True:
                    continue
                doubt = "was it there that it happened?" if _COMES_FROM.search(page.before(start)) else ""
                if value == "england" and match[0] in ("cqc", "care quality commission"):
                    doubt = "is that where it happened?"
                if doubtful and nation and nation != value:
                    doubt = doubt or "that is not in the nation of the settings: where did it happen?"
                yield Finding("nation", value, start, end, doubt, 0 if doubtful else 1)

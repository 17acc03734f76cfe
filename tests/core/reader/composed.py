"""Sentences put together from parts whose facts are known, in any order and punctuation.

Each part is one way of saying something; together they show whether parts that are understood alone are still
understood beside others, which a list of whole sentences cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

Part = tuple[str, dict[str, object]]
DOSES = ("0.02", "0.3", "0.7", "1.5", "2", "2.5", "3", "4.2", "6", "8", "10", "12.5", "14", "25", "31")
EXAMINATIONS = (
    ("CT head", "diagnostic"), ("CT TAP", "diagnostic"), ("chest x-ray", "diagnostic"), ("CXR",
    "diagnostic"),
    ("mammogram", "diagnostic"), ("DEXA scan", "diagnostic"), ("barium swallow", "diagnostic"), ("OPG",
    "diagnostic"),
    ("xray of the L wrist", "diagnostic"), ("lumbar spine film", "diagnostic"), ("CTPA", "diagnostic"),
    ("bone scan", "nuclear_medicine"), ("PET-CT", "nuclear_medicine"), ("V/Q scan", "nuclear_medicine"),
    ("DMSA", "nuclear_medicine"), ("myocardial perfusion scan", "nuclear_medicine"),
    ("coronary angiogram", "interventional"), ("EVAR in the cath lab", "interventional"),
    ("planning CT", "radiotherapy_planning"), ("CT sim", "radiotherapy_planning"),
)  # fmt: skip
MISHAPS = (
    "wrong patient had {}", "{} on wrong pt", "{} repeated in error", "{}, wrong protocol",
    "unnecessary {}",
    "{} performed on the wrong patient", "{} of wrong side", "wrong {} for this pt",
)  # fmt: skip
PAIRS = (
    "intended {a}, total {b}", "{b} instead of {a}", "{a} intended, {b} received",
    "total dose {b} (intended {a})",
    "planned dose {a} but received {b}", "{b} given, {a} planned", "received {b} rather than {a}",
    "intended dose was {a}; total dose was {b}", "{b} total vs {a} intended",
    "should have had {a} but got {b}",
    "dose received {b} and dose intended {a}", "intended: {a} total: {b}",
    "{b} in total against {a} intended",
    "instead of {a} received {b}", "expected {a} - actual {b}", "{b} (planned {a})",
)  # fmt: skip
TOTALS = (
    "total dose {}", "received {}", "{} received", "total effective dose of {}", "{} in total", "total {}",
    "dose received was {}",
)  # fmt: skip
UNCLEAR = ("about {}", "approx {}", "extra {}", "additional dose {}", "?{}", "{} each")
# The whole of what the wrong patient got; of anybody else it may be one exposure of two.
ALONE = ("dose {}", "{}")
AGES = (
    "{} yr old", "{}yo", "{} y/o", "aged {}", "{}-year-old", "{} years old", "age {}", "male {}",
    "{} year old lady",
    "Age: {}", "pt is {}", "{} years of age", "aged {} years",
)  # fmt: skip
OCCURRED = (
    ("yesterday", "2026-05-13"), ("on 12 May", "2026-05-12"), ("on Monday", "2026-05-11"),
    ("happened on 3/5/26", "2026-05-03"), ("2 days ago", "2026-05-12"),
    ("at 14:30 on 12/05/2026", "2026-05-12T14:30"), ("yesterday at 2pm", "2026-05-13T14:00"),
    ("happened last Friday at 09:15", "2026-05-08T09:15"), ("occurred 1st May 2026", "2026-05-01"),
    ("this morning", "2026-05-14"), ("10/5/26 at 0930hrs", "2026-05-10T09:30"), ("Tues 12 May",
    "2026-05-12"),
    ("the day before yesterday", "2026-05-12"),
)  # fmt: skip
DISCOVERED = (
    ("discovered today", "2026-05-14"), ("noticed this morning", "2026-05-14"),
    ("found out on Wednesday", "2026-05-13"), ("discovered 14/5/26", "2026-05-14"),
    ("came to light on 13 May at 16:40", "2026-05-13T16:40"), ("spotted today at 8am", "2026-05-14T08:00"),
)  # fmt: skip
PLACES = (
    ("England", "england"), ("in Scotland", "scotland"), ("Wales", "wales"), ("Northern Ireland",
    "northern_ireland"),
    ("NHS Fife", "scotland"), ("Cardiff", "wales"), ("Belfast", "northern_ireland"),
)  # fmt: skip
FLAGS: tuple[Part, ...] = (
    ("not pregnant", {"unintended_foetal_exposure": False}),
    ("later found to be pregnant", {"unintended_foetal_exposure": True}),
    ("no equipment fault", {"equipment_fault": False}),
    ("scanner failure", {"equipment_fault": True}),
    ("not clinically significant", {"clinically_significant": False}),
    ("clinically significant", {"clinically_significant": True}),
    ("only one patient affected", {"individuals_exposed": 1}),
    ("2 patients affected", {"individuals_exposed": 2}),
    ("procedures were followed", {"procedural_failure": False}),
    ("foetal dose 3 mGy", {"foetal_dose": "3 mGy"}),
    ("no skin effects", {"deterministic_effect": "none"}),
)
# Numbers and words that say nothing of any fact.
CHATTER = (
    "room 12", "ref 2026-0042", "bed 14, ward 7", "DLP 900 mGy.cm", "MPE informed", "Datix 123456",
    "20 min scan",
    "wt 82 kg", "second attempt", "CT scanner 2", "see photo", "call me on ext 4411",
)  # fmt: skip
THERAPY: tuple[Part, ...] = (
    ("prescribed 60 Gy in 30 fractions, delivered 66 Gy", {"target_dose_ratio": "1.1"}),
    ("PTV received 0.88 of the prescribed dose over the whole course", {"target_dose_ratio": "0.88"}),
    ("target received 92% of the intended dose over the whole course", {"target_dose_ratio": "0.92"}),
    ("one fraction delivered at 1.3 times the intended dose", {"fraction_dose_ratio": "1.3"}),
    ("single fraction dose 25% more than intended", {"fraction_dose_ratio": "1.25"}),
    ("total geographical miss", {"geographical_miss": "total"}),
    ("no geographical miss", {"geographical_miss": "none"}),
)
ACTIVITIES: tuple[tuple[str, str, str], ...] = (
    ("I-131 therapy", "nuclear_medicine_therapy", "other"),
    ("radioiodine for thyrotoxicosis", "nuclear_medicine_therapy", "other"),
    ("SIRT", "nuclear_medicine_therapy", "sirt"),
    ("Lu-177 PRRT", "nuclear_medicine_therapy", "other"),
    ("FDG PET", "nuclear_medicine", ""),
    ("Tc-99m bone scan", "nuclear_medicine", ""),
)
GIVEN = (
    "{a} MBq prescribed, {b} MBq given", "prescribed {a} MBq, delivered {b} MBq",
    "{b} MBq instead of {a} MBq",
    "{b} MBq administered rather than {a} MBq", "given {b} MBq, prescribed {a} MBq",
)  # fmt: skip
VERIFYING: tuple[Part, ...] = (
    ("set-up error, 3 images in one fraction", {"set_up_error": True, "images_in_fraction": 3}),
    ("four CBCTs in a single fraction", {"images_in_fraction": 4}),
    ("20 intended images and 12 additional images", {"intended_images": 20, "additional_images": 12}),
)


@dataclass
class Sentence:
    text: str = ""
    facts: dict[str, object] = field(default_factory=dict)
    to_confirm: set[str] = field(default_factory=set)


def sentences(seed: int, count: int) -> Iterator[Sentence]:
    random = Random(seed)
    for _ in range(count):
        yield _joined(random, _parts(random))


def _parts(random: Random) -> list[Part]:
    parts = [random.choice((_imaging, _imaging, _imaging, _therapy, _radionuclide, _verifying))(random)]
    doses = not {"prescribed_activity", "target_dose_ratio"} & parts[0][1].keys()
    if random.random() < 0.6:
        age = random.randrange(1, 98)
        parts.append((random.choice(AGES).format(age), {"age_years": age}))
    elif random.random() < 0.5:
        parts.append(random.choice((("adult", {"age_group": "adult"}), ("a child", {"age_group": "child"}))))
    if doses and "category" in parts[0][1] and random.random() < 0.8:
        parts.append(random.choice((_two_doses, _two_doses, _one_dose, _unclear_dose, _dose_alone))(random))
    for chance, choices, fact in (
        (0.5, OCCURRED, "occurred_on"),
        (0.3, DISCOVERED, "discovered_on"),
        (0.4, PLACES, "nation"),
    ):
        if random.random() < chance:
            words, value = random.choice(choices)
            parts.append((words, {fact: value}))
    parts += random.sample(FLAGS, random.choice((0, 0, 1)))
    parts += [(words, {}) for words in random.sample(CHATTER, random.choice((0, 0, 1, 2)))]
    if random.random() < 0.7:
        random.shuffle(parts)
    return parts


def _joined(random: Random, parts: list[Part]) -> Sentence:
    made = Sentence()
    for words, facts in parts:
        if made.text:
            made.text += random.choice((", ", ", ", ". ", "; ", " - ", "\n"))
        made.text += words[0].upper() + words[1:] if made.text.endswith((". ", "\n")) else words
        for name, value in facts.items():
            if name == "dose_alone":
                name, value = "total_dose", value if re.search(r"wrong (?:pt|patient)", _all(parts)) else None
            if value is None:
                made.to_confirm.add(name)
            else:
                made.facts[name] = value
    return made


def _all(parts: list[Part]) -> str:
    return " ".join(words for words, _ in parts)


def _imaging(random: Random) -> Part:
    name, category = random.choice(EXAMINATIONS)
    return random.choice(MISHAPS).format(name), {"category": category}


def _therapy(random: Random) -> Part:
    words, facts = random.choice(THERAPY)
    return f"linac, {words}", facts | {"category": "radiotherapy_treatment"}


def _verifying(random: Random) -> Part:
    words, facts = random.choice(VERIFYING)
    return f"linac, {words}", facts | {"category": "radiotherapy_verification"}


def _radionuclide(random: Random) -> Part:
    name, category, therapy = random.choice(ACTIVITIES)
    a, b = random.sample((40, 185, 370, 400, 600, 800, 1100, 3700), 2)
    facts: dict[str, object] = {
        "category": category,
        "prescribed_activity": f"{a} MBq",
        "delivered_activity": f"{b} MBq",
    }
    return f"{name}, {random.choice(GIVEN).format(a=a, b=b)}", facts | (
        {"nm_therapy": therapy} if therapy else {}
    )


def _amount(random: Random, number: str) -> str:
    return number + random.choice((" mSv", "mSv", " millisievert", " msv"))


def _two_doses(random: Random) -> Part:
    a, b = sorted(random.sample(DOSES, 2), key=float)
    words = random.choice(PAIRS).format(a=_amount(random, a), b=_amount(random, b))
    return words, {"intended_dose": f"{a} mSv", "total_dose": f"{b} mSv"}


def _one_dose(random: Random) -> Part:
    number = random.choice(DOSES)
    return random.choice(TOTALS).format(_amount(random, number)), {"total_dose": f"{number} mSv"}


def _unclear_dose(random: Random) -> Part:
    return random.choice(UNCLEAR).format(_amount(random, random.choice(DOSES))), {"total_dose": None}


def _dose_alone(random: Random) -> Part:
    number = random.choice(DOSES)
    return random.choice(ALONE).format(_amount(random, number)), {"dose_alone": f"{number} mSv"}

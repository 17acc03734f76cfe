"""The facts that any incident can have: where, when, what kind, who, doses, effects; in a form's order."""

from rules.fact_model import Fact, Kind, choice, count, flag, number

OF_INCIDENT = (
    choice(
        "nation",
        "Where in the UK did it happen?",
        "In England an accidental exposure has a dose threshold; elsewhere every one is notifiable. "
        "The age that makes a child, and the authority, differ too.",
        ("england", "England", 1),
        ("wales", "Wales", 1),
        ("scotland", "Scotland", 1),
        ("northern_ireland", "Northern Ireland", 1),
    ),
    Fact(
        "discovered_on",
        Kind.DATE,
        "When did anybody in the organisation first know of it?",
        "Both deadlines run from the day of discovery, not from the day of the exposure.",
        example="yesterday, or 2026-11-03",
    ),
    Fact(
        "occurred_on",
        Kind.DATE,
        "When did the exposure happen?",
        "It is part of the record.",
        example="2026-11-02",
    ),
    choice(
        "exposure",
        "Was any exposure of this person intended?",
        "Accidental means that no exposure of any kind was intended for this person; unintended, that one "
        "was, but not the one they got. The thresholds differ.",
        ("unintended", "Yes, but not the exposure they got", 0.55),
        ("accidental", "No, none at all", 0.35),
        ("near_miss", "Nobody was exposed: it was caught in time", 0.08),
        (
            "as_intended",
            "Right person, correct request, right examination, side, time and dose, once; something else is "
            "in doubt",
            0.02,
        ),
        beside="A duplicate, or a request for the wrong patient, is not as intended, however well it was "
        "carried out.",
    ),
    choice(
        "category",
        "What kind of exposure was it?",
        "Each kind of exposure has its own criteria.",
        ("diagnostic", "X-ray, CT, mammography, dental, DXA, diagnostic fluoroscopy", 5),
        ("interventional", "Interventional radiology or cardiology, interventional CT", 1),
        ("nuclear_medicine", "Nuclear medicine scan, PET, sentinel node", 2),
        ("radiotherapy_planning", "Radiotherapy planning scan", 1),
        ("radiotherapy_verification", "Radiotherapy verification images", 1),
        ("radiotherapy_treatment", "Radiotherapy treatment, brachytherapy, intraoperative", 2),
        ("nuclear_medicine_therapy", "Nuclear medicine therapy, SIRT", 1),
    ),
    count(
        "age_years",
        "How old was the person, in whole years?",
        "The dose that counts is 3 mSv for an adult and 1 mSv for a child: under 16 in Scotland, under 18 "
        "elsewhere.",
        unit="years",
        highest=120,
        usual=(1, 90),
        example="9, or adult, or child",
    ),
    choice(
        "age_group",
        "Was the person an adult or a child?",
        "The dose that counts is 3 mSv for an adult and 1 mSv for a child: under 16 in Scotland, under 18 "
        "elsewhere.",
        ("adult", "Adult", 0.8),
        ("child", "Child", 0.2),
    ),
    choice(
        "exposed_person",
        "Who was exposed?",
        "Workers and members of the public are protected by other regulations.",
        ("patient", "A patient", 0.97),
        ("carer_or_comforter", "A carer or comforter", 0.01),
        ("research_participant", "A research participant", 0.01),
        ("worker", "A member of staff", 0.005),
        ("member_of_public", "A member of the public", 0.005),
    ),
    choice(
        "others_exposed",
        "Was anybody else exposed besides this person: staff, or a member of the public?",
        "They are protected by other regulations, and the health and safety regulator may have to be told. A "
        "carer or comforter counts as exposed in error, and is checked on their own.",
        ("worker", "A member of staff", 0.5),
        ("member_of_public", "A member of the public", 0.5),
        many=True,
    ),
    flag(
        "equipment_in_clinical_use",
        "Was the equipment in clinical use already?",
        "A fault before clinical use, at a critical examination for example, goes to the health and safety "
        "regulator.",
        prior=0.99,
    ),
    number(
        "total_dose",
        "What effective dose did the whole incident give, in mSv? Count the intended part, the "
        "over-exposure and any repeat that was needed.",
        "The thresholds are set against the total dose from the incident. Limits are an answer too, such as "
        "<3 mSv.",
        "mSv",
        example="2 mSv, or 10-12 mSv, or <3 mSv",
    ),
    number(
        "intended_dose",
        "What effective dose was intended, in mSv?",
        "The dose that was intended decides which threshold the total is held against.",
        "mSv",
        example="0.02 mSv",
    ),
    number(
        "dose_ratio",
        "How many times the intended dose was the total? Scanned twice is 2, half as much again is 150%.",
        "A ratio can rule out the dose thresholds without any dose being known.",
        usual=(0.5, 20),
        example="2, or 150%",
    ),
    choice(
        "deterministic_effect",
        "Is there a tissue reaction, such as skin reddening, burns or hair loss?",
        "In interventional work an observable effect is a criterion of its own. Skin reddening that fades "
        "within days is transient erythema, which does not count.",
        ("none", "None", 0.85),
        ("transient_erythema", "Transient erythema only", 0.05),
        ("observable", "An observable effect", 0.1),
        in_doubt="A skin injury: burns, hair loss, or redness that stays",
    ),
    flag(
        "procedural_failure",
        "Did a procedure fail, or was it not followed?",
        "For an observable effect and for a breast-fed infant the criterion asks for it.",
        prior=0.5,
    ),
    flag(
        "effect_predicted",
        "Was the effect intended, or predicted and consented to?",
        "Without a procedural failure only an unintended or unpredicted effect is notifiable. Known to be "
        "possible is not predicted.",
        prior=0.5,
        given=(("deterministic_effect", ("observable",)),),
    ),
)

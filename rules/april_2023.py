"""The edition of 19 April 2023: every row of the table of notification codes.

Facts, thresholds and codes are the guidance's; the wording is our own. For R1 to R24 see `rules.readings`. A
row gives code, exposure category, criterion in words and where it stands; where it applies; when it is met.
The guidance has one table, and so it stays one file, however long: the two are held against each other.
"""

from datetime import date

from rules.conditions import Choice, Number
from rules.edition_model import Criterion, Edition
from rules.facts import IMAGING, NO, NUCLEAR, YES
from rules.spans import ZERO, Bound, Span, above, at_most, below, between

# ----------------------------------------------------------------------- the facts that rows speak of
exposure = Choice("exposure")
category = Choice("category")
nation = Choice("nation")
age_group = Choice("age_group")
intended_dose = Number("intended_dose")
total_dose = Number("total_dose")
procedural_failure = Choice("procedural_failure")
deterministic_effect = Choice("deterministic_effect")
effect_predicted = Choice("effect_predicted")
planning_scans = Number("planning_scans")
set_up_error = Choice("set_up_error")
images_in_fraction = Number("images_in_fraction")
intended_images = Number("intended_images")
additional_images = Number("additional_images")
imaging_failure = Choice("imaging_failure")
unintended_foetal_exposure = Choice("unintended_foetal_exposure")
foetal_dose = Number("foetal_dose")
breastfed_infant_exposed = Choice("breastfed_infant_exposed")
infant_dose = Number("infant_dose")
wrong_radiopharmaceutical = Choice("wrong_radiopharmaceutical")
target_dose_ratio = Number("target_dose_ratio")
organ_dose_ratio = Number("organ_dose_ratio")
fraction_dose_ratio = Number("fraction_dose_ratio")
geographical_miss = Choice("geographical_miss")
miss_margin_ratio = Number("miss_margin_ratio")
nm_therapy = Choice("nm_therapy")
prescribed_activity = Number("prescribed_activity")
delivered_activity = Number("delivered_activity")
individuals_exposed = Number("individuals_exposed")
clinically_significant = Choice("clinically_significant")
equipment_fault = Choice("equipment_fault")
voluntary = Choice("voluntary")

# ----------------------------------------------------------------------- who and what a row is about
accidental = exposure.is_("accidental")
unintended = exposure.is_("unintended")
in_error = exposure.is_("accidental", "unintended")  # R19: 3 to 10.2, M and C hold for accidental ones too
exposed = exposure.is_("accidental", "unintended", "as_intended")  # R22: 3, 5, 6, M and C hold for these
any_exposure = exposure.is_("accidental", "unintended", "as_intended", "near_miss")
all_modalities = category.is_("interventional", *IMAGING)  # R15, R20: interventional too, therapy not
interventional = category.is_("interventional")
planning = category.is_("radiotherapy_planning")
verification = category.is_("radiotherapy_verification")
treatment = category.is_("radiotherapy_treatment")
nuclear_medicine = category.is_(*NUCLEAR)  # R18
nuclear_medicine_therapy = category.is_("nuclear_medicine_therapy")

child = age_group.is_("child")
CHILD_AGES = {"england": 18, "wales": 18, "northern_ireland": 18, "scotland": 16}  # R4: younger than this

# ----------------------------------------------------------------------- conditions that rows share
dose_for_age = (total_dose >= 3) | child & (total_dose >= 1)
half_again = additional_images >= "0.5" * intended_images  # R5
over = (target_dose_ratio >= "1.1") | (organ_dose_ratio >= "1.1") | (fraction_dose_ratio >= "1.2")
under = target_dose_ratio <= "0.9"
outside_20 = (delivered_activity < "0.8" * prescribed_activity) | (
    delivered_activity > "1.2" * prescribed_activity
)  # R10, R23
outside_10 = (delivered_activity < "0.9" * prescribed_activity) | (
    delivered_activity > "1.1" * prescribed_activity
)

UNINTENDED = "Unintended exposure: all modalities including nuclear medicine and radiotherapy imaging"
DELIVERED = "Radiotherapy delivered dose (including brachytherapy)"
MISS = "Radiotherapy geographical miss (including brachytherapy)"
THERAPY = "Nuclear medicine therapy"
COMPLEMENTARY = "Complementary notification codes"

CRITERIA = (
    Criterion(
        "1",
        "Accidental exposure: all modalities including therapy",
        "Nobody was to be exposed, and the person got 3 mSv or more (a child 1 mSv or more) in England; in "
        "Northern Ireland, Scotland and Wales any dose at all.",
        "Accidental exposure, both rows of code 1",
        accidental,
        nation.is_("wales", "scotland", "northern_ireland") | dose_for_age,
        figure="3 mSv or more in England (a child 1 mSv or more), any dose elsewhere in the UK",
        child_figure="1 mSv or more in England (an adult 3 mSv or more), any dose elsewhere in the UK",
    ),
    Criterion(
        "2.1",
        "Intended dose less than 0.3 mSv",
        "Less than 0.3 mSv was intended, and the incident gave 3 mSv or more in all (a child 1 mSv or more).",
        f"{UNINTENDED}, row 2.1",
        unintended & all_modalities,
        (intended_dose < "0.3") & dose_for_age,  # R1, R3
        figure="3 mSv or more in all (a child 1 mSv or more)",
        child_figure="1 mSv or more in all (an adult 3 mSv or more)",
    ),
    Criterion(
        "2.2",
        "Intended dose between 0.3 mSv and 2.5 mSv",
        "From 0.3 to 2.5 mSv was intended, and the incident gave 10 times that in all, or more.",
        f"{UNINTENDED}, row 2.2",
        unintended & all_modalities,
        (intended_dose >= "0.3") & (intended_dose <= "2.5") & (total_dose >= 10 * intended_dose),  # R1, R2
        figure="10 or more times the intended dose",
    ),
    Criterion(
        "2.3",
        "Intended dose between 2.5 mSv and 10 mSv",
        "More than 2.5 and up to 10 mSv was intended, and the incident gave 25 mSv or more in all.",
        f"{UNINTENDED}, row 2.3",
        unintended & all_modalities,
        (intended_dose > "2.5") & (intended_dose <= 10) & (total_dose >= 25),  # R1, R2
        figure="25 mSv or more in all",
    ),
    Criterion(
        "2.4",
        "Intended dose more than 10 mSv",
        "More than 10 mSv was intended, and the incident gave 2.5 times that in all, or more.",
        f"{UNINTENDED}, row 2.4",
        unintended & all_modalities,
        (intended_dose > 10) & (total_dose >= "2.5" * intended_dose),  # R1
        figure="2.5 or more times the intended dose",
    ),
    Criterion(
        "3",
        "Interventional/cardiology",
        "A tissue reaction can be observed, more than transient erythema, and a procedure failed, or the "
        "reaction was neither intended nor predicted.",
        "Unintended exposure, row 3; section on interventional radiology and cardiology",
        exposed & interventional,
        deterministic_effect.is_("observable")
        & (procedural_failure.is_(YES) | effect_predicted.is_(NO)),  # R7, R21
        newer="any unintended exposure with observable tissue reactions, equipment malfunctions included",
        figure="Tissue reactions that can be observed, not predicted or after a failed procedure",
    ),
    Criterion(
        "4.1",
        "Radiotherapy planning scans",
        "Three planning scans or more, the intended one included, were needed for a usable data set.",
        "Unintended exposure, row 4.1",
        in_error & planning,
        planning_scans >= 3,
        figure="3 planning scans or more, the intended one included",
    ),
    Criterion(
        "4.2a",
        "Radiotherapy treatment verification images",
        "A set-up error led to three images or more in a single fraction, the intended one included.",
        "Unintended exposure, row 4.2a; section on verification imaging",
        in_error & verification,
        set_up_error.is_(YES) & (images_in_fraction >= 3),
        newer="hardware or software failure as well as set-up error",
        figure="3 images or more in one fraction, the intended one included, after a set-up error",
    ),
    Criterion(
        "4.2b",
        "Radiotherapy treatment verification images",
        "A protocol failure led to 50% more images than intended, or more, over the course of treatment.",
        "Unintended exposure, row 4.2b; section on verification imaging",
        in_error & verification,
        imaging_failure.is_("protocol") & half_again,
        figure="50% more images than intended, or more, over the course, after a protocol failure",
    ),
    Criterion(
        "4.2c",
        "Radiotherapy treatment verification images",
        "A persistent hardware or software failure, or a repeated human error, led to 50% more images than "
        "intended, or more, over the course of treatment.",
        "Unintended exposure, row 4.2c; section on verification imaging",
        in_error & verification,
        imaging_failure.is_("thematic") & half_again,
        figure="50% more images than intended, or more, over the course, after a persistent failure of "
        "hardware or software, or a repeated human error",
    ),
    Criterion(
        "5",
        "Foetal: all modalities",
        "A foetus was exposed without that being intended, and got 10 mGy or more.",
        "Unintended exposure, row 5; section on foetal exposure",
        exposed,
        unintended_foetal_exposure.is_(YES) & (foetal_dose >= 10),  # R6
        figure="10 mGy or more",
    ),
    Criterion(
        "6",
        "Breast feeding infant: nuclear medicine only",
        "A procedure failed, and a breast-fed infant got an effective dose of 1 mSv or more.",
        "Unintended exposure, row 6",
        exposed & nuclear_medicine,
        breastfed_infant_exposed.is_(YES) & procedural_failure.is_(YES) & (infant_dose >= 1),
        figure="1 mSv or more to the infant, after a failed procedure",
    ),
    Criterion(
        "7",
        "Incorrect radiopharmaceutical",
        "The wrong radiopharmaceutical was given, whatever the dose.",
        "Unintended exposure, row 7; section on incorrect radiopharmaceutical administration",
        in_error & nuclear_medicine,
        wrong_radiopharmaceutical.is_(YES),
        figure="Any administration, whatever the dose",
    ),
    Criterion(
        "8.1",
        "Therapy over-exposure",
        "The planned treatment volume or an organ at risk got 1.1 times its intended dose or more over the "
        "whole course, or 1.2 times or more in any fraction.",
        f"{DELIVERED}, row 8.1",
        in_error & treatment,
        over,
        figure="1.1 times the intended dose or more over the course, 1.2 times or more in any fraction",
    ),
    Criterion(
        "8.2",
        "Therapy under-exposure",
        "The planned treatment volume got 0.9 times its intended dose or less over the whole course, for "
        "another reason than a geographical miss that 9.1 or 9.2 covers.",
        f"{DELIVERED}, row 8.2; section on under-exposures",
        in_error & treatment,
        under  # R9
        & (geographical_miss.is_("none") | geographical_miss.is_("partial") & (miss_margin_ratio <= "2.5")),
        figure="0.9 times the intended dose or less over the course",
    ),
    Criterion(
        "9.1",
        "Geographical miss: total",
        "The target was missed totally, even if only in one fraction or a significant part of it.",
        f"{MISS}, row 9.1",
        in_error & treatment,
        geographical_miss.is_("total"),
        figure="Any total miss, even in one fraction",
    ),
    Criterion(
        "9.2",
        "Geographical miss: partial",
        "The target was partly missed, by more than 2.5 times the locally defined error margin, and a dose "
        "factor of 8.1 or 8.2 is reached.",
        f"{MISS}, row 9.2",
        in_error & treatment,
        geographical_miss.is_("partial") & (miss_margin_ratio > "2.5") & (over | under),  # R8
        figure="More than 2.5 times the error margin, and a dose factor of 8.1 or 8.2 reached",
    ),
    Criterion(
        "10.1",
        "Selective internal radiation therapy",
        "The delivered activity is more than 20% above or below the prescribed activity.",
        f"{THERAPY}, row 10.1",
        in_error & nuclear_medicine_therapy,
        nm_therapy.is_("sirt") & outside_20,
        figure="More than 20% above or below the prescribed activity",
    ),
    Criterion(
        "10.2",
        "All other nuclear medicine therapies",
        "The delivered activity is more than 10% above or below the prescribed activity.",
        f"{THERAPY}, row 10.2",
        in_error & nuclear_medicine_therapy,
        nm_therapy.is_("other") & outside_10,
        figure="More than 10% above or below the prescribed activity",
    ),
    Criterion(
        "M",
        "More than one individual",
        "More than one person was exposed in the same incident or theme, whatever the doses.",
        f"{COMPLEMENTARY}, row M; section on multiple individuals",
        exposed,
        individuals_exposed > 1,  # R12, R13
        figure="More than one person, whatever the doses",
    ),
    Criterion(
        "E",
        "Equipment fault exposure",
        "An equipment fault, software included, was the direct cause. It labels the incident and decides "
        "nothing.",
        f"{COMPLEMENTARY}, row E; section on equipment errors",
        any_exposure,
        equipment_fault.is_(YES),
        notifies=False,
        figure="A label: it decides nothing",
    ),
    Criterion(
        "V",
        "Voluntary notification",
        "The employer wants to share the learning. It labels the incident and decides nothing.",
        f"{COMPLEMENTARY}, row V; section on voluntary notifications",
        any_exposure,
        voluntary.is_(YES),
        notifies=False,
        figure="A label: it decides nothing",
    ),
    Criterion(
        "C",
        "Clinically significant event",
        "The exposure is clinically significant by the employer's own procedure, whatever the dose.",
        f"{COMPLEMENTARY}, row C; section on clinically significant exposures",
        exposed,
        clinically_significant.is_(YES),  # R12
        figure="Clinically significant, whatever the dose",
    ),
)

# What no exposure has that was given as intended (R22): one that has, was not.
NOT_AS_INTENDED = (
    (total_dose < "1" * intended_dose) | (total_dose > "1" * intended_dose),
    over | under,
    (nm_therapy.is_("sirt") & outside_20) | (nm_therapy.is_("other") & outside_10),
    wrong_radiopharmaceutical.is_(YES),
    geographical_miss.is_("partial", "total"),
    additional_images > 0,
    planning_scans > 1,
    set_up_error.is_(YES),
)

# The bands of intended dose, by the code that stands for them; 2.5 mSv itself is 2.2 (R2).
BANDS = {
    "2.1": Span(Bound(ZERO, 1), below("0.3").high),
    "2.2": between("0.3", "2.5"),
    "2.3": above("2.5") & at_most(10),
    "2.4": above(10),
}

EDITION = Edition(
    published=date(2023, 4, 19),
    title="Notification codes, categories and criteria, updated 19 April 2023",
    criteria=CRITERIA,
    child_ages=CHILD_AGES,
    # Before this edition, over-exposure in therapy was 7.1 and the geographical miss 8.1.
    bands=BANDS,
    not_as_intended=NOT_AS_INTENDED,
    old_codes={"7.1": ("8.1",), "8.1": ("9.1",)},
)

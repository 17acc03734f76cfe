"""What people type to look up a threshold, and the codes that it is about."""

from __future__ import annotations

from typing import NamedTuple

DOSES = "2.1 2.2 2.3 2.4"
IMAGING = f"1 {DOSES} 5"
NUCLEAR = f"{IMAGING} 6 7"
COURSE = "8.1 8.2 9.1 9.2"


class Topic(NamedTuple):
    """Words or phrases, separated by commas and in lower case; one that ends in * begins a word.

    `codes` are those that it is about. `note` is said with them; `asides` name what else is shown. `typical`
    names, with commas, the examinations of `rules.typical` that the words can mean, of which a `modality`
    beside them leaves its own. `whose` is an age: it changes the number, and which rows only where it stands
    alone. `measured`: a dose as a machine shows it, which is no effective dose.
    """

    words: str
    codes: str = ""
    note: str = ""
    asides: str = ""
    typical: str = ""
    modality: str = ""
    whose: str = ""
    measured: bool = False


TOPICS = (
    Topic("accidental*, accident, wrong person, not intended, nothing intended, unreferred", "1"),
    Topic(
        "wrong patient, wrong referral, wrong request, referr*, misidentif*, identification, patient id, "
        "id check",
        f"1 {DOSES}",
        "A wrong patient for whom no exposure was intended is accidental, code 1. If another exposure of "
        "that person was intended, it is unintended, codes 2.1 to 2.4.",
    ),
    Topic(
        "wrong side, laterality, left, right",
        DOSES,
        "Wrong side: an unintended exposure. The total is the dose to the wrong side, plus that of the right "
        "side where it was done or still has to be.",
    ),
    Topic(
        "unintended, wrong site, wrong part, wrong area, wrong exam*, wrong scan, wrong "
        "protocol, wrong modality, wrong time, wrong view*, timing, too early, "
        "intended dose, effective dose, msv, dose, doses, excessive, multiplication factor",
        DOSES,
    ),
    Topic(
        "repeat*, twice, again, duplicate*, recall*, rescan*, unnecessary, non diagnostic, nondiagnostic",
        f"{DOSES} 4.1",
        "The total counts: the intended part, the over-exposure and any repeat that was needed. Doing one "
        "examination twice doubles the dose, and that alone reaches none of codes 2.1 to 2.4.",
    ),
    Topic("ct, cta, ctpa, cat scan, tomography", IMAGING, modality="CT"),
    Topic("x ray*, xray*, radiograph*, plain film, film, films", IMAGING, modality="X-ray"),
    Topic(
        "radiology, mammo*, dxa, dexa, fluoro*, barium, imaging, image, images, scan, scans, diagnostic*, "
        "hybrid",
        IMAGING,
    ),
    Topic(
        "ankle*, foot, feet, toe*, knee*, leg, legs, tibia*, fibula, femur, thigh, hand, hands, finger*, "
        "thumb, wrist*, scaphoid, forearm, elbow*, arm, arms, humerus, shoulder*, clavicle, limb*, joint*, "
        "heel, patella",
        IMAGING,
        typical="Limb or joint X-ray",
    ),
    Topic("bitewing*", IMAGING, typical="Bitewing X-ray"),
    Topic(
        "opg, opt, panoramic, panoramic dental, dental panoramic", IMAGING, typical="Panoramic dental X-ray"
    ),
    Topic("dental, tooth, teeth", IMAGING, typical="Bitewing X-ray, Panoramic dental X-ray"),
    Topic("chest, cxr, thorax", IMAGING, typical="Chest X-ray, CT chest"),
    Topic("head, brain, skull", IMAGING, typical="Skull X-ray, CT head"),
    Topic("cervical spine, c spine, cervical, neck", IMAGING, typical="Cervical spine X-ray"),
    Topic("thoracic spine, t spine, thoracic", IMAGING, typical="Thoracic spine X-ray"),
    Topic("lumbar spine, l spine, lumbar", IMAGING, typical="Lumbar spine X-ray"),
    Topic("spine, spinal", IMAGING, typical="Cervical spine X-ray, Thoracic spine X-ray, Lumbar spine X-ray"),
    Topic("hip, hips", IMAGING, typical="Hip X-ray"),
    Topic("pelvis, pelvic", IMAGING, typical="Pelvis X-ray, CT abdomen and pelvis"),
    Topic("abdomen, abdominal, abdo, axr", IMAGING, typical="Abdomen X-ray, CT abdomen and pelvis"),
    Topic(
        "abdomen and pelvis, abdomen pelvis, abdo pelvis, abdo and pelvis, abdominal and pelvic",
        IMAGING,
        typical="CT abdomen and pelvis",
    ),
    Topic("barium swallow*", IMAGING, typical="Barium swallow"),
    Topic("barium meal*", IMAGING, typical="Barium meal"),
    Topic("barium follow*", IMAGING, typical="Barium follow-through"),
    Topic("barium enema*", IMAGING, typical="Barium enema"),
    Topic("ivu, ivp, urogra*", IMAGING, typical="IVU"),
    Topic(
        "skin dose*, peak skin dose*, air kerma, kerma, screening time, fluoroscopy time, cumulative dose, "
        "psd",
        "3",
        asides="measured",
        measured=True,
    ),
    Topic(
        "dlp, dap, kap, ctdi*, dose length*, dose area*, entrance dose, glandular dose, mgd, agd, esd, "
        "exposure index, dose indicator",
        asides="measured",
        measured=True,
    ),
    Topic(
        "mri, mr, magnetic resonance, ultrasound, non ionising",
        "1",
        "MRI and ultrasound do not ionise. Where one of them was intended and X-rays or a "
        "radiopharmaceutical were given, no exposure was intended: accidental, code 1.",
    ),
    Topic(
        "child*, paed*, pediatric*, teenage*, adolescent*, kid, kids, minor, under 18, under 16, age, "
        "ages, years old",
        "1 2.1",
        asides="child",
        whose="child",
    ),
    Topic("neonat*, newborn*, baby, babies", "1 2.1 6", asides="child", whose="child"),
    Topic("adult*", "1 2.1", whose="adult"),
    Topic("foet*, fetal, fetus*, pregnan*, unborn, embryo*, conceptus, in utero, uterus, mgy", "5"),
    Topic("breast fe*, breastfe*, breast milk, infant*, lactat*, nursing mother*", "6"),
    Topic(
        "radiopharmac*, wrong drug, drug, wrong tracer, tracer*, wrong isotope, isotope*, wrong injection,"
        " injection*, wrong vial, wrong kit, wrong syringe, technetium*, tc99m, tc 99m, mdp, hdp, maa, "
        "fdg, psma, wrong agent",
        "7",
    ),
    Topic(
        "nuclear medicine, nm, pet, spect, gamma camera, scintigra*, dmsa, mag3, sentinel*, administ*",
        NUCLEAR,
    ),
    Topic("bone scan*", NUCLEAR, typical="Bone scan (Tc-99m)"),
    Topic("lung perfusion", NUCLEAR, typical="Lung perfusion scan (Tc-99m)"),
    Topic("lung ventilation", NUCLEAR, typical="Lung ventilation scan (Kr-81m)"),
    Topic(
        "v q, vq, lung scan*",
        NUCLEAR,
        typical="Lung ventilation scan (Kr-81m), Lung perfusion scan (Tc-99m)",
    ),
    Topic("kidney scan*, renogram*", NUCLEAR, typical="Kidney scan (Tc-99m)"),
    Topic("thyroid scan*", NUCLEAR, typical="Thyroid scan (Tc-99m)"),
    Topic(
        "myocardial perfusion, cardiac perfusion, dynamic cardiac, mps, mpi",
        NUCLEAR,
        typical="Dynamic cardiac scan (Tc-99m), Myocardial perfusion scan (Tl-201)",
    ),
    Topic("iodine*, radioiodine*, radio iodine*, i 131, i131, i 123, i123, thyroid*", "6 7 10.2"),
    Topic("sirt, selective internal*, y 90, y90, 90y, yttrium*, microsphere*, radioemboli*, tare", "10.1"),
    Topic(
        "lutetium*, lu 177, lu177, radium*, ra 223, ra223, prrt, mibg, molecular radiotherapy, "
        "radioligand*, strontium*, radiosynovectomy",
        "10.2",
    ),
    Topic(
        "nuclear medicine therapy, radionuclide therapy, activity, activities, mbq, gbq, prescribed, "
        "prescription, delivered activity",
        "10.1 10.2",
    ),
    Topic(
        "planning, planning ct, ct planning, planning scan*, simulat*, sim ct, pre treatment scan",
        "4.1",
    ),
    Topic(
        "verification, cbct, cone beam, kv, mv image*, portal*, igrt, image guid*, epid, verification imag*",
        "4.2a 4.2b 4.2c",
    ),
    Topic(
        "sabr, sbrt, stereotactic*, hypofraction*, short course",
        "4.2a 4.2b 4.2c",
        "These are the thresholds for verification images, in short courses too. The delivered dose of a "
        "stereotactic treatment is judged by 8.1 to 9.2, as of any course.",
    ),
    Topic(
        "set up, setup, set up error, mispositi*, immobilis*, tattoo*, bladder filling, single fraction "
        "images",
        "4.2a",
    ),
    Topic("protocol failure, protocol", "4.2b"),
    Topic("thematic, persistent, mlc, multi leaf*, multileaf*", "4.2c"),
    Topic(
        "theme, themes, more than one, more than one patient, more than one person, more than one "
        "individual, multiple, several, two patients, two people, individuals, cohort, group of patients, "
        "batch",
        "M",
    ),
    Topic(
        "equipment, fault*, malfunction*, hardware, software, machine*, breakdown, pacs, ris, injector*, "
        "artificial intelligence, ai",
        "4.2c E",
        asides="devices",
    ),
    Topic("mhra, device*, yellow card, iric, hfs, niaic", "E", asides="devices"),
    Topic(
        "deterministic*, tissue reaction*, skin, erythema, redden*, redness, burn*, hair, hair loss, "
        "alopecia, epilation, ulcer*, necrosis, radiation injury",
        "3",
    ),
    Topic(
        "interventional*, cardiol*, cardiac, cath lab, angio*, pci, stent*, tavi",
        f"3 {DOSES}",
    ),
    Topic(
        "radiotherapy, linac*, external beam, brachy*, intraoperative, iort, treatment*, course, "
        "fraction*, organ at risk, organs at risk, oar, ptv, planned treatment volume, target, target "
        "volume, hdr, proton*",
        COURSE,
    ),
    Topic("therapy, therapeutic", f"{COURSE} 10.1 10.2"),
    Topic(
        "over exposure*, overexposure*, overdose*, over dose*, too much, too high, higher than intended",
        f"{DOSES} 8.1 10.1 10.2",
    ),
    Topic(
        "under exposure*, underexposure*, underdos*, under dos*, too little, too low, lower than intended,"
        " less than intended",
        "8.2 10.1 10.2",
        "An exposure lower than intended is notifiable in therapy only.",
    ),
    Topic(
        "geographic miss*, geographical miss*, geographical, geographic, geo miss, miss, missed, missed "
        "target, error margin, margin, action level",
        "9.1 9.2",
    ),
    Topic("total miss*, totally missed, missed totally, total geographical miss", "9.1"),
    Topic("partial miss*, partly missed, missed partly, partial geographical miss", "9.2"),
    Topic("clinically significant*, csaue, significan*, harm*", "C", asides="candour"),
    Topic("duty of candour, candour, candor, tell the patient", "C", asides="candour"),
    Topic(
        "voluntary*, share, sharing, learning, near miss*, nearmiss*",
        "V",
        "A near miss exposed nobody, so no criterion is met: it can be notified as voluntary.",
    ),
    Topic(
        "deadline*, two weeks, 2 weeks, twelve weeks, 12 weeks, 14 days, 84 days, two dates, dates, date, "
        "days, weeks, when, how long, how soon, notify by, report by, report, clock, discovery, discovered",
        asides="deadlines",
    ),
    Topic(
        "worker*, staff, member of staff, public, member of public, visitor*, hse, hseni, irr17, critical "
        "examination, occupational",
        asides="outside",
    ),
    Topic(
        "carer*, comforter*, research participant*, volunteer*, trial",
        f"1 {DOSES}",
        "Carers and comforters, and people in research, fall under IR(ME)R as patients do: the same "
        "criteria hold.",
    ),
    Topic("licen*, arsac, unlicensed", asides="licence"),
    Topic(
        "authority, authorities, who, whom, contact*, regulator*, notify, notification*, inspector*",
        asides="authorities",
    ),
    Topic("england, english, cqc, care quality commission", asides="england"),
    Topic("wales, welsh, hiw", asides="wales"),
    Topic("scotland, scottish, healthcare improvement", asides="scotland"),
    Topic("northern ireland, ulster, rqia", asides="northern_ireland"),
)

# Every phrase with its topic, the longest first.
ALL_WORDS = sorted(
    ((phrase, topic) for topic in TOPICS for phrase in topic.words.split(", ")),
    key=lambda pair: (-len(pair[0]), pair[0]),
)

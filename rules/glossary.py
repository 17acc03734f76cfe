"""What the abbreviations stand for that answers are given in, and those that people bring."""

from __future__ import annotations

import re

GLOSSARY = {
    "ARSAC": "Administration of Radioactive Substances Advisory Committee. Its Support Unit is told of a "
    "breach of licensing.",
    "CBCT": "cone beam computed tomography, such as the images that verify a radiotherapy set-up.",
    "CQC": "Care Quality Commission, the enforcing authority in England.",
    "CSAUE": "clinically significant accidental or unintended exposure. Your employer's own procedure says "
    "what counts as one; each is notifiable (code C) and calls for the duty of candour.",
    "CT": "computed tomography.",
    "CTDI": "computed tomography dose index, in mGy: what the scanner shows, and no effective dose.",
    "DAP": "dose-area product, in Gy cm²: what the equipment shows, and no effective dose. Also called KAP.",
    "DLP": "dose-length product, in mGy cm: what a CT scanner shows, and no effective dose.",
    "GBq": "gigabecquerel, 1000 MBq: an activity.",
    "Gy": "gray, the unit of absorbed dose. 1 Gy is 1000 mGy.",
    "HFS": "Health Facilities Scotland. Its IRIC is told of faults of devices in Scotland.",
    "HIS": "Healthcare Improvement Scotland, the enforcing authority in Scotland.",
    "HIW": "Healthcare Inspectorate Wales, the enforcing authority in Wales.",
    "HSE": "Health and Safety Executive, for workers and the public in England, Wales and Scotland.",
    "HSENI": "Health and Safety Executive for Northern Ireland, for workers and the public there.",
    "IRIC": "Incident Reporting and Investigation Centre, of Health Facilities Scotland: told of faults of "
    "devices.",
    "IR(ME)R": "Ionising Radiation (Medical Exposure) Regulations 2017, in Northern Ireland 2018.",
    "IVU": "intravenous urogram.",
    "KAP": "kerma-area product: another name for the dose-area product (DAP), and no effective dose.",
    "LFPSE": "Learn from patient safety events, the NHS's reporting service in England. It moves no date of "
    "IR(ME)R.",
    "MBq": "megabecquerel: an activity, such as that of a radiopharmaceutical as it is given.",
    "mGy": "milligray: an absorbed dose, such as a foetus's.",
    "MHRA": "Medicines and Healthcare products Regulatory Agency: told of faults of devices in England and "
    "Wales.",
    "MPE": "medical physics expert: works out the doses and confirms the decision.",
    "MRI": "magnetic resonance imaging, which does not ionise.",
    "mSv": "millisievert, the unit of effective dose that the criteria are given in.",
    "NHS": "National Health Service.",
    "NIAIC": "Northern Ireland Adverse Incident Centre: told of faults of devices there.",
    "OAR": "organ at risk: one that radiotherapy has to spare.",
    "PET": "positron emission tomography.",
    "PSIRF": "Patient Safety Incident Response Framework, in England. It moves no date of IR(ME)R.",
    "PTV": "planning target volume of radiotherapy; the guidance says planned treatment volume.",
    "RPA": "radiation protection adviser, who advises on staff and the public.",
    "RPS": "radiation protection supervisor, who sees to local rules on the spot.",
    "RQIA": "Regulation and Quality Improvement Authority, the enforcing authority in Northern Ireland.",
    "SABR": "stereotactic ablative radiotherapy: few fractions of a high dose.",
    "SAUE": "significant accidental or unintended exposure: one that meets a criterion and has to be "
    "notified.",
    "SIRT": "selective internal radiation therapy, with microspheres given into a liver artery.",
    "SPECT": "single photon emission computed tomography.",
    "Sv": "sievert, the unit of effective dose. 1 Sv is 1000 mSv.",
    "UK": "United Kingdom.",
}
_BY_SPELLING = {re.sub(r"\W", "", name).lower(): name for name in GLOSSARY}
_ASKED = re.compile(
    r"(?:(?:is|are|does)\s+)?(?:(?:an?|the)\s+)?(.{1,20}?)(?:\s+(?:mean|stand for))?[\s?.!]*", re.I
)


def meaning(asked: str) -> str:
    """`is CSAUE?` in full: `CSAUE: clinically …`. Empty where it is none of these."""
    found = _ASKED.fullmatch(asked.strip())
    name = _BY_SPELLING.get(re.sub(r"\W", "", found[1]).lower(), "") if found else ""
    return f"{name}: {GLOSSARY[name]}" if name else ""

"""The names of examinations and treatments, and the kind of exposure that each is.

Data, longest meaning first: once "PET-CT" is understood its "CT" is no more to be read. Each row is a
category, a modality (or none), how much the words say, and the words as a regular expression. SURE settles
the category by itself, LEANING only where nothing surer speaks, and HINT is never more than a question.
"""

from __future__ import annotations

import re
from typing import NamedTuple

SURE, LEANING, HINT = 3, 2, 1
NO_RADIATION = "no_radiation"

PLANNING, VERIFICATION, TREATMENT = (
    "radiotherapy_planning",
    "radiotherapy_verification",
    "radiotherapy_treatment",
)
NUCLEAR, NM_THERAPY = "nuclear_medicine", "nuclear_medicine_therapy"

PART = (
    r"chest|thorax|abdo(?:men|minal)?|pelvi[cs]|pelvis|spine|spinal|lumbar|cervical|thoracic|c-?spine"
    r"|l-?spine|t-?spine|hips?|knees?|hands?"
    r"|wrists?|feet|foot|ankles?|elbows?|shoulders?|skull|sinus(?:es)?|head|facial|jaw|arms?|legs?|limb"
    r"|toes?|fingers?|thumb|ribs?|forearms?|humerus|femur|tibia|clavicle|heel|thigh"
)
PARTS = re.compile(
    rf"\b(?:{PART}|brain|neck|liver|kidneys?|kub|tap|colon|lungs?|heart|cardiac|orbits?|abdo/pelvis|ap"
    rf"|renal)\b"
)

_ROWS: tuple[tuple[str, str, int, str], ...] = (
    # No ionising radiation: a CT given instead of one of these is accidental.
    (NO_RADIATION, "", SURE,
        r"m\.?r\.?i|mr(?= (?:scan|imaging|spine|brain|head|knee|lumbar|requested|instead|was))(?: scan)?"
        r"|magnetic resonance|ultra-?sound|uss|u/s|us (?:scan|abdo\w*|pelvis|neck|renal|kidneys?|liver|kub"
        r"|doppler|guided)|us(?= (?:was |were )?(?:requested|booked|asked|ordered|instead|wanted))"
        r"|sonogra\w+|doppler|mrcp|mra"),
    # Nuclear medicine therapy, before the nuclides and pharmaceuticals that scans use as well.
    (NM_THERAPY, "", SURE,
        r"sirt|selective internal radi\w+(?: therapy)?|sir-?spheres?|therasphere|quiremspheres?"
        r"|radio-?embolisation"
     r"|(?:y-?90|yttrium(?:-?90)?|90-?y|ho-?166|holmium)(?: (?:resin|glass))?(?: (?:micro)?spheres?)?"),
    (NM_THERAPY, "", SURE,
        r"(?:radio-?iodine|radio-?active iodine|rai|i-?131|131-?i"
        r"|iodine(?:-?131)?)(?: \w+){0,2}?[ -](?:therapy|treatment|ablation|capsules?)"
     r"|radio-?iodine|radio-?active iodine|(?:i-?131|131-?i)(?= (?:for|to treat)\b)"
     r"|[\d.]+ ?gbq (?:of )?(?:i-?131|131-?i)|(?:i-?131|131-?i)[ ,:]*[\d.]+ ?gbq|(?:thyroid"
     r"|remnant) ablation|ablation dose"),
    (NM_THERAPY, "", SURE,
        r"lu[ -]?(?:psma|dotatate)|(?:lu|lutetium)-?177(?:[ -]?(?:psma|dotatate))?|177-?lu|lutetium"
        r"|lutathera|pluvicto|prrt|(?:ra"
        r"|radium)-?223|223-?ra|radium|xofigo"
     r"|samarium|sm-?153|strontium(?:-?89)?|sr-?89|(?:p|phosphorus)-?32|mibg therapy|molecular radiotherapy"
     r"|radio-?synov\w+|radionuclide therapy"
     r"|nuclear medicine therapy|radiopharmaceutical therapy|(?:ac|actinium)-?225"),
    (NM_THERAPY, "", LEANING, r"thyrotox\w*"),
    (NM_THERAPY, "", HINT, r"i-?131|131-?i|iodine-?131|mrt"),
    # Nuclear medicine, with PET and the CT of hybrid scans.
    (NUCLEAR, "pet_ct", SURE,
        r"(?:(?:fdg|psma|f-?18|ga-?68|choline|amyloid|dotatate) ){0,2}pet(?!(?:[ /-]*ct)? plan)(?:[ /-]*ct"
        r"|[ /-]*mri?)?(?: scans?)?"),
    (NUCLEAR, "spect_ct", SURE, r"spect[ /-]*ct"),
    (NUCLEAR, "", SURE,
        r"spect|gamma camera|nuclear medicine|nuc(?:lear)? med(?:icine)?|nm(?= (?:scan|patient|pt|list|dept"
        r"|department|camera|injection|study|imaging)\b)"
     r"|scintigra\w+|radio-?nuclide(?: imaging| scan)?|sentinel(?: lymph)? nodes?|slnb|v/?q(?: scans?)?"
     r"|ventilation[ /-]perfusion|lung perfusion(?: (?:scan|study))?"
     r"|myocardial perfusion(?: (?:scan|imaging|study))?|mpi|(?:bone|thyroid|renal|parathyroid|lung|gallium"
     r"|hida|dmsa|mag-?3|muga|mibg|octreotide|datscan|dat|white cell|leucocyte|meckel'?s?)"
     r" (?:scans?|scintigram|study|uptake)|isotope (?:bone )?(?:scan|study)|renogram|cardiac perfusion"
     r"|gastric emptying|(?:cardiac|myocardial|nuclear) stress(?: test| study| scan)?"),
    (NUCLEAR, "", SURE,
        r"(?:99m-?tc|tc-?99m|technetium(?:-?99m)?)(?:[ -](?:mdp|hdp|maa|mibi|dmsa|mag-?3|dtpa|hmpao"
        r"|nanocolloid|tetrofosmin|pertechnetate|labelled))?|f-?18|18-?f|ga-?68|68-?ga|in-?111|tl-?201"
        r"|thallium|i-?123"
     r"|cr-?51|fdg|fludeoxyglucose|psma|dotatate|mdp|hdp|maa|mibi|sestamibi|tetrofosmin|myoview|dmsa|mag-?3"
     r"|dtpa|hmpao|ceretec|nanocoll(?:oid)?"
     r"|pertechnetate|mibg|datscan|hida|sehcat|edta|exametazime|macro-?aggregat\w+|fluoro-?choline|fet"
     r"|ioflupane|oxidronate|medronate|mertiatide|tilmanocept|florbeta\w+|flutemetamol|fluciclovine"),
    (NUCLEAR, "", LEANING,
        r"radio-?pharmaceuticals?|radio-?tracers?|tracers?|radio-?isotopes?|isotopes?|radio-?pharmacy"
        r"|radio-?nuclides?"),
    # Radiotherapy.
    (PLANNING, "ct", SURE,
        r"(?:(?:rt|radiotherapy|treatment|4d|ct|pet)[ -]+){0,2}plan(?:ning)?[ -]+(?:pet[ -]?ct|ct|pet|scans?"
        r"|images?|imaging|session)(?: scans?)?|(?:ct|pet)[ -]?sim(?:ulat(?:ion|or))?(?: scans?)?"
        r"|sim(?:ulat(?:ion|or))?[ -]?(?:ct|scan)s?"
     r"|(?:rt|radiotherapy) (?:ct|simulat(?:ion|or))(?: scans?)?|planning (?:was"
     r"|had been)(?= (?:re-?)?scann)|ct for (?:radiotherapy|rt|treatment) planning|4d-?ct"),
    (VERIFICATION, "", SURE,
        r"verification (?:imag\w+|images?|films?|cbcts?)|(?:treatment|portal|on-?treatment|online|daily"
        r"|set-?up|pre-?treatment) (?:verification |kv |mv )?imag(?:es?|ing)|epid"
     r"|(?:kv|mv)(?:[ /-](?:kv|mv))? (?:imag(?:es?|ing)|pairs?|exposures?|cbct)|xvi|obi|on-?board imag\w+"
     r"|exac-?trac|igrt|cbct preset"),
    ("diagnostic", "dental", SURE,
        r"panoramics?|dental (?:cbct|cone[ -]beam(?: ct)?|x-?rays?|radiograph\w*|films?|ct|opg|imaging)"
        r"|cbct of (?:the )?(?:\w+ )?(?:jaw|teeth|tooth|mandible|maxilla)|opg|opt(?! (?:out|in|for|to))"
        r"|orthopantomogra\w+|dpt|bite-?wings?|peri-?apicals?"
     r"|lateral ceph\w*|cephalogra\w+|(?:at the |by the )?(?:dentist|dental (?:surgery|practice|clinic"
     r"|nurse)|orthodontist)"),
    (VERIFICATION, "cbct", LEANING, r"cbcts?|cone[ -]beam(?: ct)?s?"),
    (TREATMENT, "brachytherapy", SURE,
        r"brachy(?:therapy)?|hdr|ldr|i-?125 seeds?|seed implant|dwell (?:time|position)s?"),
    (TREATMENT, "linac", SURE,
        r"(?:electron|photon|proton) (?:beam|treatment|field)s?|tbi|tset|gamma ?knife|cyber-?knife"),
    (TREATMENT, "", SURE,
        r"geog?(?:raphic(?:al)?)? miss(?:es)?|ptv|gtv|ctv|planned treatment volume|planning target volume"
        r"|target volume"
     r"|(?:treatment|radiotherapy|wrong|incorrect) plan(?! (?:scan|ct))|(?:intra-?op(?:erative)?(?: \w+)?"
     r"|superficial"
     r"|orthovoltage|dxr)(?: radio?therapy)?|iort|intrabeam"),
    (TREATMENT, "linac", LEANING,
        r"(?:treated|treatment|treating|delivered)(?: \w+){0,3} fractions?"
        r"|fractions?(?: \w+){0,3} (?:delivered|treated|given|treatment)|(?:treated|treatment) (?:on|at"
        r"|with|by) (?:the )?(?:linac|la)\b"
     r"|(?:wrong|incorrect) (?:vertebra|breast|site|side|lung|volume|patient|pt|field|level"
     r"|isocentre) (?:was |being |has been )?treated|external beam|ebrt|(?:treated"
     r"|treatment) (?:the )?(?:wrong|incorrect) (?:vertebra|site|side|field|patient|pt|breast)"),
    (TREATMENT, "", HINT,
        r"radio-?therapy|rt(?! (?:foot|hip|knee|hand|wrist|ankle|elbow|shoulder|leg|arm|side|breast|lung"
        r"|lateral|tibia|femur))|linacs?|linear accelerators?|fractions?|sabr|sbrt|vmat|imrt|rapidarc"
        r"|gantry"
        r"|isocentre|mlc|multi-?leaf collimator|applicator|electrons?|la ?\d|# ?\d{1,2}|single #"
        r"|(?:treatment|plan|tps|chart) (?:ran|error|check|field|delivered|plan)|fields?|beam"
        r"|[1-9]\d{0,2}(?:\.\d+)? ?gy"
        r"|[1-9]\d{2,3} ?cgy|\d+ ?fff|sgrt|oars?|cord compression|bolus|tps|brainlab|mould room"),
    (VERIFICATION, "", HINT, r"tattoos?|set-?up|setup|immobilisation"),
    # Interventional work.
    (
        "interventional", "ct", SURE,
        r"interv\w* ct(?: \w+)?|ct biops\w+|ct drain\w*|ct ablation|ct[ -]?(?:guided"
        r"|fluoro(?:scopy)?)(?: \w+)?(?: biopsy| drain(?:age)?| ablation"
        r"| injection)?",
    ),
    ("diagnostic", "ct", SURE,
        r"(?:ct|coronary ct|ct coronary|ct pulmonary|ct aort\w+|ct cerebral"
        r"|ct circle of willis)[ -]?(?:coronary |pulmonary )?angiogra(?:ms?|phy)|ct angios?|ctpa|ctca|cta"
        r"|hrct|ccta"),
    (NO_RADIATION, "", SURE, r"mr angiogra\w+|fluorescein angiogra\w+"),
    ("interventional", "fluoroscopy", SURE,
        r"cath(?:eter)?[ -]?lab\w*|interventional(?: (?:radiology|cardiology|suite|procedure))?|pci|ptca"
        r"|angioplast(?:y|ies)|(?:coronary |cerebral |leg |femoral |peripheral )?angio(?:gra(?:ms?|phy"
        r"|phic))?s?|dsa"
     r"|embolis\w+|emboliz\w+|tace|tips|tipss|tavi|f?evar|tevar|nephrostom\w+|pacemaker\w*|pacing"
     r"|icd implant|ep (?:study|ablation|lab)|cardiac (?:catheter\w*|cath|ablation)|thrombectomy"
     r"|vertebroplasty|ptc|ptbd|fistuloplasty"
     r"|stent(?:s|ing)?|coiling|in ir|ir (?:dept|department|suite|lab|theatre|room|procedure|case|list)"
     r"|uterine artery"),
    ("interventional", "fluoroscopy", HINT,
        r"ercp|picc(?: line)?|hickman|c-?arm|image intensifier|screening in theatre|theatre screening"
        r"|vascular|biliary|cardiologist"),
    # Diagnostic.
    ("diagnostic", "dexa", SURE, r"dexa(?: scans?)?|dxa(?: scans?)?|bone (?:mineral )?densit\w+(?: scans?)?"),
    ("diagnostic", "mammography", SURE, r"mammo(?:gra(?:ms?|phy|phic))?s?|tomosynthesis"),
    ("diagnostic", "fluoroscopy", SURE,
        r"ba(?:rium)? (?:swallow|meal|enema|follow[ -]through)s?|barium(?: (?:swallow|meal|enema"
        r"|follow[ -]through))?|video-?fluoroscop\w+|fluoroscop\w+|fluoro"
        r"|hysterosalping\w+|hsg|mcug|micturating \w+|contrast (?:swallow|enema|meal)|proctogram"
        r"|gastrografin \w+"),
    ("diagnostic", "ct", SURE,
        r"ct[ -]?kub|ct(?:['’]?s|'d|ed|[1-9])?(?=\b)|c\.t\.|cat scans?|computed tomograph\w+|triple phase"
        r"|ivu ct"
        r"|ct-?ap"),
    (
        "diagnostic", "radiography", SURE,
        r"x[ -]?ray(?:s|ed|ing)?|x ?rays?|xr|xrs|cxrs?|axrs?|pxr|radiogra(?:phs?|phed|phic|phy)"
        r"|plain films?|portable films?|mobile (?:chest|film)"
        rf"|(?:{PART})(?: \w+)?[ -]films?|lateral (?:c-?spine|lumbar spine|spine|lumbar|knee|hip|skull"
        rf"|view)|skeletal survey|baby ?grams?|dr room|ivu|urograms?|kub|chest drain film"
        rf"|(?:{PART}) filmed|digital radiograph\w*",
    ),
    ("diagnostic", "ct", LEANING, r"ctdi(?:vol)?|dlp"),
    ("diagnostic", "", LEANING,
        r"diagnostic(?! (?:radiographer|error|meeting|discrepanc\w+|review|accuracy|quality"
        r"|reference))(?: (?:exposure|imaging|radiology))?"),
    ("diagnostic", "dental", HINT, r"dental"),
    ("diagnostic", "radiography", HINT, rf"films?|imaged|radiology|bucky|cassette|detector|aec|dap|mas"
        rf"|exposure factors"
        rf"|wrong (?:side )?(?:of )?(?:{PART})"),
)  # fmt: skip


class Term(NamedTuple):
    category: str
    modality: str
    weight: int
    words: re.Pattern[str]


TERMS = tuple(Term(*row[:3], re.compile(rf"(?<!\w)(?:{row[3]})(?!\w)")) for row in _ROWS)

# "Meant for the man in the next bed".
SOMEBODY_ELSE = (
    r"(?:another\b|some(?:one|body) else\b|others?\b|(?:a|the) (?:\w+ ){0,2}?(?:different|next|other|wrong"
    r"|previous)\b"
    r"|(?:(?:the|a) )?(?:patient|pt|man|woman|lady|gent(?:leman)?|boy|girl|baby|child|person|one) (?:opposite"
    r"|next|in"
    r"|before|after|across|beside)\b|(?:(?:his|her|their|the|a) )?(?:brother|sister|sibling|twin|neighbour"
    r"|mother|father|son"
    r"|daughter))"
)
# Words that only name a place, a document or a bystander, not an exposure: "x-ray department", "CT report".
NOT_AN_EXPOSURE = re.compile(
    r"\s+(?:tube|generator|department|dept|reception|waiting|corridor|changing|reports?|staff|team"
    r"|images? (?:were|was) (?:reviewed|lost)"
    r"|secretar\w+|office|manager|meeting|audit|rota|booking)\b"
)
SIRT = re.compile(
    r"\b(?:sirt|selective internal|sir-?spheres?|therasphere|quiremspheres?|radio-?embolisation)|(?:y-?90"
    r"|yttrium|90-?y|ho-?166|holmium)[^.]{0,20}spheres?"
)
ANY_THERAPY_NUCLIDE = re.compile(r"\b(?:y-?90|yttrium|90-?y|ho-?166|holmium)\b")
WORK_UP = re.compile(r"\b(?:work-?up|pre-?therapy|planning|shunt|simulation)\b")

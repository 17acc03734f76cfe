"""The words that give a flag or a choice, each with the value it has and what a "not" before it makes of
it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.core.reader.findings import Value


@dataclass(frozen=True)
class Flag:
    """Words that give a fact a value. `denied` is the value where a "not" stands before them; without it
    they are then no evidence at all. `unsure` is the question where the words only suggest the fact."""

    fact: str
    value: Value
    words: re.Pattern[str]
    denied: Value | None = None
    unsure: str = ""


def _flag(fact: str, value: Value, words: str, denied: Value | None = None, unsure: str = "") -> Flag:
    return Flag(fact, value, re.compile(rf"\b(?:{words})(?!\w)"), denied, unsure)


_KIT = (
    r"equipment|c-?arm|sgrt|scanner|ct scanner|machine|x-?ray (?:set|unit|tube|machine)|tube"
    r"|detector|panel"
    r"|software"
    r"|hardware|pacs|ris|his|computer|injector|contrast injector|pump|mlc|collimator"
    r"|multi-?leaf collimator|linac|gantry|camera|gamma camera|generator|aec|console|table|couch"
    r"|workstation|system|network|server|interlock|door interlock|pedal|image intensifier|cbct|xvi|obi"
    r"|dose calibrator|calibrator|plate reader|cr reader|reader|bucky|(?:dr |cr |imaging )?plates?|cassette"
    r"|afterloader|imager|beam"
    r"|safety circuit|record and verify|tps|planning system|r&v|algorithm"
)
_FAIL = (
    r"fault(?:y|s)?|fail(?:ed|ure|ures|s|ing)?|malfunction(?:s|ed|ing)?|crash(?:ed|es|ing)?|broke(?: down)?"
    r"|break(?:ing)? ?down|broken|breakdown|bug|glitch(?:ed)?|defect(?:ive)?|error(?! (?:by"
    r"|of the (?:operator|user)))"
    r"|overheated|froze|frozen|hung|jammed|stuck(?: on)?|stopped working"
    r"|tripped|leaked|corrupted|lost (?:the )?(?:images?|data)|stayed on|cut out|died|aborted|drop(?:s|ped"
    r"|ping) out|blew(?: up)?|threw an error"
    r"|timed out|went off|packed up|shut down"
    r"|conked out"
    r"|not (?:working|functioning|recording|responding)|(?:did|would|was|were|had|has|is)(?: not"
    r"|n't) (?:fire|firing|work(?:ing|ed)?|read(?:ing)?|expos(?:e|ing)"
    r"|respond\w*|trigger\w*|start\w*|sav(?:e|ing)|send(?:ing)?|transfer\w*|terminat\w*|stop(?:ping)?|load\w*"
    r"|register\w*|captur\w*|record(?:ing)?|calibrated)"
)
_ARTICLE = (
    r"(?:(?:was|is|has|had|have|were|being|then|just|again|mid-?\w+|control|in|on|with|room|\d+|ct ?\d"
    r"|la ?\d|2d|panel"
    r"|unit|suddenly|completely)\s+){0,4}"
)
_BURNT = (
    r"hair loss|loss of hair|epilation|alopecia|radiation burns?|skin burns?|burns? (?:to|on) (?:the |his "
    r"|her )?(?:skin|back|scalp|arm|leg)|(?:skin|radiation) ulcer(?:s|ation|ated)?|necrosis|(?:moist "
    r"|dry )?desquamation|blister(?:s|ing|ed)?"
    r"|radiation dermatitis|skin (?:injury|injuries|necrosis|breakdown)|(?:lens |radiation )cataracts?"
    r"|observable (?:deterministic|tissue) (?:effects?|reactions?)"
)
_EFFECTS = (
    r"(?:skin|deterministic|tissue|observable|visible|adverse skin) (?:effects?|reactions?|changes?|injury"
    r"|injuries|damage)|tissue reactions?"
)
FLAGS: tuple[Flag, ...] = (
    _flag("equipment_fault", True,
        rf"(?:{_KIT})\s+{_ARTICLE}(?:{_FAIL})|(?:fault|failure|malfunction|bug|defect|problem"
        rf"|breakdown)s? (?:of|in|on|with) (?:the |our |a )?(?:\w+ )?(?:{_KIT}|kit)"
        rf"|faulty (?:\w+ )?(?:{_KIT})"
        rf"|equipment[ -]related", False),
    _flag("equipment_fault", True,
        r"power (?:cut|failure|outage)|(?:hardware|software|it|technical|mechanical) (?:problem|issue|fault"
        r"|failure|error)s?|(?:ai|triage) software|(?:went|was|were) (?:down(?! for\b)|offline)"
        r"|network (?:outage"
        r"|problem)|faults?(?= (?:found"
        r"|was|identified|noted|reported|with)\b)", None, "was an equipment fault the direct cause?"),
    _flag("procedural_failure", True,
        r"procedural (?:failure|error)s?|procedure failure|(?:failure|failed|omitted"
        r"|forgot) to follow (?:the |our |local |departmental )?(?:procedures?|protocols?)|failure (?:in"
        r"|of) (?:the )?procedures?", False),
    _flag("procedural_failure", True,
        r"(?:procedures?|sop) (?:was |were |had been |is )?(?:not|n't) (?:been )?(?:followed|adhered to"
        r"|observed)|(?:did|had|were|was)(?:n't| not) follow(?:ed|ing)? (?:the )?(?:procedures?|sop)"
        r"|procedures? (?:was |were )?(?:ignored|breached|bypassed)|breach of procedure"),
    _flag("procedural_failure", False,
        r"(?:all |local |departmental |correct |the )?(?:procedures?|sop) (?:was |were |had been |has been "
        r"|being )?(?:correctly |fully |properly )?followed|followed (?:all |the )?(?:correct )?procedures?"),
    _flag("procedural_failure", True,
        r"(?:not|n't|never|without)\s+(?:\w+\s+){0,3}?(?:asked|checked|check|checking|asking|told|enquired"
        r"|given|confirmed|confirming|identified)(?= |\b)|(?:id|identity|pregnancy|3-?point|three[- ]point"
        r"|pause and check|6-?point)(?: \w+){0,2} (?:not|n't) (?:been )?(?:done|checked|performed"
        r"|carried out|asked|completed|made|given)|failed to (?:check|ask|identify|confirm)|(?:id"
        r"|identity) check (?:missed|omitted|failed|skipped)|alert (?:was )?ignored"
        r"|advice (?:was )?not given", None, "did a procedure fail, or was it not followed?"),
    _flag("deterministic_effect", "transient_erythema",
        r"transient (?:skin )?(?:erythema|redd?ening|redness)|(?:erythema|redd?ening|redness) (?:that "
        r"|which )?(?:was transient|faded|settled|resolved|disappeared|gone)(?: within| in| after)?", "none"),
    _flag("deterministic_effect", "observable", _BURNT),
    _flag("deterministic_effect", "none",
        rf"(?:no|without(?: any)?|nil) (?:{_EFFECTS})|(?:{_EFFECTS}) (?:were |was )?(?:not (?:seen|observed"
        rf"|present|noted)|none|absent)"),
    _flag("deterministic_effect", "observable",
        r"(?:(?:persistent|prolonged|delayed|late|marked|severe) )?(?:erythema|redd?ening|redness"
        r"|red (?:patch|mark|area)\w*|sore skin|skin (?:is |was |has gone )?red|burns?|burnt|ulcer\w*"
        r"|cataracts?)", None, "is it transient erythema, or an observable effect?"),
    _flag("effect_predicted", False,
        r"(?:unpredicted|unpredictable|unexpected|unanticipated|not (?:predicted|expected|anticipated"
        r"|intended)|n't (?:predicted|expected|anticipated))"),
    _flag("effect_predicted", True,
        r"predicted(?: and consented(?: to)?)?|(?:effect|loss|epilation|erythema|burn) (?:was "
        r"|had been )?(?:expected|anticipated|intended)"),
    _flag("effect_predicted", True, r"consented(?: to| for)?|was expected|anticipated", None,
          "was it predicted and consented to, not merely known to be possible?"),
    _flag("clinically_significant", True, r"clin(?:ically)?\.? sig(?:nificant)?|csaue", False),
    _flag("clinically_significant", False,
        r"clinically insignificant|of no clinical significance|no clinical significance"),
    _flag("voluntary", True,
        r"voluntary (?:notification|report|submission)|(?:notif\w+|report\w*|submit\w*"
        r"|share)(?: \w+){0,3}? voluntarily|voluntarily (?:notif\w+|report\w*|submit\w*|share)|(?:want|wish"
        r"|like|keen|happy) to share (?:the )?learning|share (?:the )?learning|for (?:shared "
        r"|wider )?learning only", None),
    _flag("licence_held", False,
        r"(?:no|without(?: an?| the| a valid| valid)?|not have (?:an?|the)|did not hold (?:an?|the)"
        r"|lacked (?:an?|the)?|outside (?:of )?(?:the|our|its)|not covered by (?:the|our"
        r"|an?)) (?:\w+ ){0,2}?(?:arsac )?licen[cs]e(?! (?:issue|concern|problem|breach))"
        r"|not (?:been )?licen[cs]ed|unlicen[cs]ed"
          r"|(?:arsac |employer(?:'s)? |practitioner(?:'s)? |valid )?licen[cs]e (?:had |has |was "
          r"|is )?(?:already )?(?:expired|lapsed|not held|not in place|missing|run out|out of date"
          r"|not valid)|licen[cs]e (?:did|does)(?: not|n't) (?:include|cover|extend)"),
    _flag("licence_held", True,
        r"(?:arsac |employer(?:'s)? |practitioner(?:'s)? )?licen[cs]es? (?:was |were |is |are )?(?:both "
        r"|all )?(?:held"
        r"|in place|valid|in date)|licen[cs]e covers|(?:fully |both |were |was |is )licen[cs]ed|(?:hold(?:s"
        r"|ing)?"
        r"|held|have|has|had) (?:an?|the|both|valid|any) (?:\w+ ){0,2}licen[cs]es?", False),
    _flag("equipment_in_clinical_use", False,
        r"before (?:it (?:was|went|came) (?:put |brought )?(?:into )?)?(?:being put into )?clinical use"
        r"|not (?:yet )?(?:been )?(?:put |brought )?(?:in|into|in routine) (?:clinical )?use(?: on patients)?"
        r"|(?:not|n't) (?:yet )?(?:been )?commissioned|(?:before|prior to) commissioning"
        r"|not (?:yet )?(?:been )?(?:released|handed over) for clinical use|n't (?:yet )?in clinical use"
        r"|prior to clinical use|before first clinical use"),
    _flag("equipment_in_clinical_use", False,
        r"commissioning|acceptance test(?:ing|s)?|critical examination|installation (?:test|check)s?"
        r"|during installation", None, "was the equipment not yet in clinical use?"),
    _flag("wrong_radiopharmaceutical", True,
        r"(?:wrong|incorrect|mistaken|different) (?:radio-?pharmaceutical|radio-?tracer|tracer"
        r"|radio-?isotope|isotope|radio-?nuclide|nuclide|kit|pharmaceutical|radio-?active drug)s?", False),
    _flag("wrong_radiopharmaceutical", True,
        r"each other'?s (?:radio-?pharmaceutical|tracer|injection|dose)s?|(?:radio-?pharmaceutical|tracer"
        r"|syringe|vial|injection)s? (?:were |was |got )?(?:swapped|mixed up|mislabell?ed|confused)"
        r"|wrong (?:syringe|vial|injection|drug)", None, "was the wrong radiopharmaceutical given?"),
    _flag("wrong_radiopharmaceutical", False,
        r"(?:right|correct) (?:radio-?pharmaceutical|radio-?tracer|tracer|isotope|radio-?nuclide"
        r"|kit)(?!\s+(?:(?:was|were|is|has|had|been)\s*)*(?:not|n't)|\s*\w+n't)"),
    _flag("set_up_error", True,
        r"set[\s-]?up (?:error|mistake|fault|failure)s?|(?:wrong|incorrect"
        r"|erroneous) (?:patient )?(?:set[\s-]?up|moves?(?: from (?:the )?tattoos?)?|isocentre moves?"
        r"|couch moves?|shifts?)|(?:set[\s-]?up|setup) (?:was |had been )?(?:wrong|incorrect|erroneous)"
          r"|(?:incorrectly|wrongly) (?:set[\s-]?up|positioned on the linac)|set[\s-]?up (?:to|on|from"
          r"|at) (?:the |an? )?(?:wrong|incorrect) (?:tattoo|isocentre|reference|mark|point|board)s?"
          r"|set[\s-]?up (?:incorrectly|wrongly)|(?:wrong|incorrect) tattoos?", False),
    _flag("set_up_error", True,
        r"(?:wrong|incorrect) immobilisation|positioning error|misalign\w+|wrong (?:position|mask|headrest"
        r"|board)", None, "was it a set-up error that led to the images?"),
    _flag("imaging_failure", "protocol",
        r"(?:imaging |igrt |cbct |verification )?protocol (?:failure|error|fault|breach)s?|(?:imaging "
        r"|igrt |kv |mv |cbct |verification )+protocols? (?:was |were |had been )?(?:not|n't) followed"
        r"|failure of (?:the )?(?:imaging )?protocol|(?:imaging|igrt) protocol (?:was )?wrong"
        r"|wrong (?:imaging|igrt|verification) protocol"),
    _flag("imaging_failure", "thematic",
        r"thematic(?: (?:hardware|software|equipment|mlc))? (?:failure|fault|error|issue|problem)s?"
        r"|(?:repeated|repeating|recurr\w+) human (?:factor )?errors?"),
    _flag("imaging_failure", "thematic",
        r"(?:same|persistent|recurr\w+|recurring|repeated|ongoing|intermittent) (?:\w+ ){0,2}?(?:fault"
        r"|failure|problem|error|issue)s?"
        r"|(?:hardware|software) fail\w+|(?:keeps?|kept) (?:happening|failing)", None,
        "was it a protocol failure, a theme, or something else?"),
    _flag("imaging_failure", "protocol",
        r"(?:imaging )?protocol (?:was |were |had been )?(?:not|n't) followed|wrong protocol", None,
        "was it a protocol failure, a theme, or something else?"),
    _flag("geographical_miss", "total",
        r"(?:total|complete|full|entire) (?:geog?(?:raphic(?:al)?)?|target|ptv) miss(?:es)?"
        r"|geog?(?:raphic(?:al)?)? miss (?:was |is )?(?:total|complete)|(?:total|complete) miss(?! (?:margin"
        r"|of the appointment))"),
    _flag("geographical_miss", "partial",
        r"partial (?:geog?(?:raphic(?:al)?)?|target|ptv) miss(?:es)?|geog?(?:raphic(?:al)?)? miss (?:was |is "
        r"|,)?\s*\(?partial|partial miss|partially missed (?:the )?(?:target|ptv)|(?:target"
        r"|ptv) (?:was )?partially missed"),
    _flag("geographical_miss", "none",
        r"(?:no|without(?: an?)?|not an?) (?:geog?(?:raphic(?:al)?)?"
        r"|target) miss(?!\W+(?:\w+\W+){0,3}partial)"),
    _flag("geographical_miss", "total",
        r"(?<!total )(?<!complete )(?<!partial )geog?(?:raphic(?:al)?)? miss(?:es)?|missed the (?:target|ptv"
        r"|tumour)|(?:target|ptv) (?:was )?(?:completely |totally |entirely )?missed|(?:wrong"
        r"|incorrect) (?:vertebra\w*|site|side|breast|lung|level|anatomy)(?: \w+)? treated"
        r"|treated (?:the )?(?:wrong|incorrect) (?:vertebra\w*|site|side|breast|lung|level)",
        "none", "was the miss total or partial?"),
)  # fmt: skip

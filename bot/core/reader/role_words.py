"""The roles that a quantity can have, and the words that give each."""

from __future__ import annotations

import re
from enum import Enum

from bot.core.reader.vocabulary import SOMEBODY_ELSE


class Role(Enum):
    INTENDED = "intended"
    TOTAL = "total"
    RECEIVED = "received"
    MADE = "made"  # an examination was made; the quantity may be that examination's
    EXTRA = "extra"
    EACH = "each"
    ASIDE = "aside"  # a threshold, a typical value, another day's
    FOETAL = "foetal"
    INFANT = "infant"
    ORGAN = "organ"
    OTHER_PERSON = "other person"
    NONE = "none"


# Where none of these stands there is no infant beside the patient: the baby is the patient.
BREAST = re.compile(r"\bbreast|\bnursing mother|\bfeeding\b|\bmilk\b")
_INTENDING = (
    r"(?:due|meant|supposed|planned|scheduled|booked|intended|expected|was|were|going|ought) to (?:have"
    r"|receive|get|be given|be)(?: (?:had|given|received))?"
    r"|should(?:'ve| have)?(?: only| just)?(?: (?:have |be )?(?:been|had|got|received|given|delivered))*"
    r"|intend(?:ed|ing)?|planned|prescribed|prescription|expected|anticipated|requested|justified|ordered"
    r"|scheduled|booked|was due|due for|due an?|optimal|instead of"
    r"|rather than|in place of|would(?:'ve| have) (?:been|had|got|received|done)|supposed|correct dose"
    r"|desired"
    r"|plan(?=\s*[:=-]?\s*$)"
    r"|target dose|aimed for|meant|rx"
)
CUES: tuple[tuple[Role, str], ...] = (
    (Role.FOETAL, r"f(?:o)?etal|f(?:o)?etus|unborn(?: (?:child|baby))?|uter(?:us|ine)|conceptus|embryo"),
    (Role.INFANT, r"(?:breast[ -]?fed |nursing |suckling )?(?:infant|baby)(?:'s)?|breast[ -]?fed child"),
    (Role.EXTRA,
        r"(?:over|above|beyond|in excess of|greater than|higher than) (?:the |what was )?(?:intended"
        r"|planned|expected|prescribed)|extra|additional(?:ly)?|further|another(?! (?:\w+ )?(?:patient|pt"
        r"|person"
        r"|child|baby|lady|man|woman))|excess|on top(?: of)?|by(?=(?: an?)?\s*$)"
        r"|over and above|over-?exposure (?:of"
        r"|was)|overdose (?:of|was)|unintended dose|unnecessary dose|unintended effective dose"
                 r"|accidental dose|more than (?:was )?(?:intended|planned|expected|prescribed)|increase of"
                 r"|(?:less|lower) than (?:was |the |what was )?(?:intended|planned|expected|prescribed"
                 r"|it should)|in addition"
        r"|as well as|unintended(?! exposure)|increased by|more|too much|higher|difference|repeat (?:scan|ct"
        r"|exposure"
        r"|dose|film"
                 r"|image)|second (?:scan|ct|exposure|film)|first (?:scan|ct|exposure|film)"
                 r"|on repeat|repeats?"),
    (Role.EACH,
        r"each|both(?=(?: of| were| had| got)?\s*$)|apiece|per (?:scan|patient|pt|image|exposure|view|film"
        r"|person|fraction|acquisition|phase"
        r"|exam)"),
    (Role.ASIDE,
        r"(?:(?:less|lower|higher|greater|more) than|below|under|above|over) (?:the |our )?(?:threshold"
        r"|limit|trigger|drl)"
        r"|last year(?:'s)?|(?:month|week)'s|drawn up|dispensed|residual|left in|remain\w*|threshold|limits?"
        r"|trigger|drl|reference level"
        r"|typical(?:ly)?|usual(?:ly)?|normal(?:ly)?|average"
        r"|median|mean|background|annual|equivalent to|notifiable|previous(?:ly)?|prior|last time"
        r"|earlier (?:scan|ct)|history"
                 r"|guidance|criteri\w+|table|quote|cut-?off|standard|constraint|up to now"
                 r"|lifetime|cumulative from"),
    (Role.ORGAN,
        r"(?:skin|thyroid|lens|eye|gonad\w*|marrow|breast|organ|finger|extremity|peak|surface"
        r"|entrance)\s+(?:absorbed "
        r"|equivalent |surface )?dose|to (?:the |his |her |their )?(?:skin|thyroid|lens|eyes?|gonads|marrow"
        r"|breasts?|hands?|fingers?)|peak skin"
        r"|air kerma"),
    (Role.OTHER_PERSON,
        r"(?:(?:received |got |given )?by |(?:dose )?to )(?:the |a )?(?:carer|comforter|radiographer"
        r"|operator|staff"
        r"|porter|nurse|mother|public|engineer|member of)|(?:radiographer|operator|porter|nurse"
        r"|staff(?: member)?"
        r"|engineer) (?:received|got|had)"),
    (Role.INTENDED, rf"(?:{_INTENDING})(?! for {SOMEBODY_ELSE})"),
    (Role.TOTAL, r"in total|total(?:l?ed|ling|s)?|all in|in all|altogether|overall|combined|all together"
        r"|all told|tot\b"
        r"|summed"),
    (Role.RECEIVED,
        r"dose to (?:the )?(?:patient|pt)|reci?e?iev(?:ed|ing|es)|receiv(?:ed|ing|es)|got|gave|given"
        r"|deliver(?:ed|y)|actual(?:ly)?|administered|injected|resulting"
        r"|resulted in|came to(?! (?:light|our|my|the))|exposed to|irradiated with|ended up with|gets"
        r"|infused|(?:came|worked) out (?:at|as)|turned out (?:to be|at|as)"),
    (Role.MADE,
        r"had|has had|done|performed|scanned|imaged|x-?rayed|underwent|undergone|made|taken|carried out"
        r"|exposed|irradiated|did|delivering|treated with|treated"),
)  # fmt: skip
CUE = re.compile("|".join(rf"(?P<c{i}>\b(?:{words})\b)" for i, (_, words) in enumerate(CUES)))

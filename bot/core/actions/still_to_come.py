"""What beside a step says that it is still to come, wherever it stands: "draft saved, not submitted", "once
the MPE agrees". What a note tells of something else ("number to follow") says nothing of the step."""

from __future__ import annotations

import re

from bot.core.days.grammar import WEEKDAY
from bot.core.words.case_words import reference_in


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_APART = _any(r"[,;()\n]", r"\.(?=\s|$)", r"\s[-–—]+\s", r"\b(?:but|and|so)\b")
_TELLS = (
    r"(?:notif\w+|report(?:ed|ing)?|submi\w+|sen[dt]|sending|tell|told|inform(?!ation)\w*|file[ds]?"
    r"|do(?:ne)?)"
)
_NOT = r"(?:(?:been|yet|quite|actually)\s+)?"
# It is denied, or lies ahead: wherever the words say so, and of every step where they begin so.
_AHEAD = (
    rf"\bnot (?:yet|by us|{_NOT}(?:{_TELLS}|made|ready|completed?|finished))\b",
    r"['’]ll\b|\b(?:will|shall|should|must|needs? to|ought to|to (?:be|do|come|follow)|todo)\b",
    r"\b(?:(?:going|about|ready|yet|plan\w*|hop\w+) to|(?:is|are|has|have|got) to(?! hand))\b",
    rf"\b(?:tomorrow|tonight|tb[ac]|asap|as soon as|soon|shortly|next (?:week|month|{WEEKDAY}))\b",
    r"\b(?:unless|until)\b|(?<!asked )(?<!ask )\b(?:if|whether)\b",
    r"\b(?:wait(?:ing|s)? (?:for|on|to)|await\w*|pending)\b",
)
# What may be said of anything further on.
_AT_FIRST = _any(
    *_AHEAD,
    r"no\W*$|not (?:now|today|needed|required)\b|never\b|cannot\b|later\b|need(?:s|ed)?\b",
    r"nothing (?:yet|so far)\b",
    r"(?:is|has|was|are|have|were|wo|ca|do|does|did)n['’]?t\b|(?:is|has|was) (?:it|that|this)\b",
)
_OPEN = _any(
    *_AHEAD,
    rf"n['’]?t (?:yet|been|quite|actually|{_TELLS})\b",
    rf"\b(?:not|n['’]t|yet to {_TELLS})\W*$",
    r"\b(?:nobody|no[- ]one|none of us)\b",
    rf"\b(?:in the morning|by (?:{WEEKDAY}|the end of))\b",
    r"\b(?:later|next)\W*$|\bdue\W*(?:today|now)?$|\boverdue\b",
    # it hangs on something, or is asked
    r"^\W*(?:once|when(?:ever)?|till|who|what|why|how|where|which|wait|can|could|shall)\b",
    r"^\W*(?:is|are|am|was|were|has|have|do|does|did)\b"
    rf"(?! (?:now|just|already|been|so|it|this|that|by|via|on|{_TELLS})\b)",
    r"\?(?=\s)",
    # it is on its way
    r"\b(?:in progress|underway|nearly|almost|partly|half[- ]?\w+|being \w+|ready|working on|trying)\b",
    r"\bon (?:my|our|the) list\b|^\W*(?:(?:I|we|have|has|only|just)\s+)*(?:started|begun)\b",
    r"\b(?:form|e-?mail|letter|notification|submission)\s+(?:(?:is|has|been|was|only|just)\s+)*(?:started|begun)\b",
    r"\b(?:for (?:sign\w*|approval|comments?|review)|(?:in|only a|still a) draft)\b",
    r"\bdraft(?:ed|ing)?\W*$|\bdraft (?:only|saved|sent|ready|to)\b",
    # somebody is to do it
    r"^\W*(?:(?:the|our|on[- ]call|duty|lead|clinical)\s+)*(?:mpe|rps|rpa|governance(?: lead)?|matron"
    r"|consultant|physicist|radiographer|radiologist|superintendent|(?:\w+ )?(?:manager|lead|team|director)"
    r"|trust|hospital|physics|I|we|they|he|she|some(?:one|body)) (?:(?:is|are|am) )?to (?:notify|report|tell"
    r"|inform|submit|send|phone|call|ring|e-?mail|complete|file)\b",
    # it was not meant
    r"\b(?:wrong(?: (?:case|one|number|ref\w*)|\W*$)|mistakes?|undo|cancel\w*|ignore|scrap|never ?mind)\b",
)
# Of an order, and not of what is done: when it is to be carried out.
_WHEN = _any(
    r"(?:after|following|before|at)\b(?! (?:the |an? )?(?:request|advice|suggestion|instruction)\b)"
    r"(?!.*\b(?:\w{2,}ed|was|were|had|has|have|did|met|held|told|sent|given|done|seen|took|gone)\b)",
    rf"(?:(?:on|this|next)\s+)?{WEEKDAY}\b|on (?:the )?\d",
    r"in (?:an?|one|two|three|four|five|six|\d+) (?:\w+ )?(?:hours?|days?|weeks?|months?|fortnights?)\b",
    r"in (?:a )?fortnight\b",
)
# Where one way failed, another may be named, or the number that came of it.
_FAILED = _any(
    r"\b(?:tried|failed|unable|could(?:n['’]?t| not)|won['’]?t|not working|no access)\b",
    r"\b(?:can['’]?t|cannot)\b(?! be (?:ruled|excluded))|\b(?:is|was|portal|site) down\b",
)
# Nobody was reached: what else was done is in writing, or there is the number that came of it.
_UNANSWERED = _any(
    r"\bno answer\b|\b(?:voice ?mail|answer ?phone|answering machine|hold music|rang out)\b|\bon hold\b",
    r"\bleft (?:\w+ ){0,3}messages?\b|\bmessages? left\b|\b(?:not|n['’]t) (?:answer\w*|pick\w* up)\b",
    r"\bget through\b|\b(?:line|phone|cqc|hiw|his|rqia) (?:(?:is|was|were) )?(?:engaged|busy)\b",
    r"^\W*engaged\W*$|\b(?:opened the (?:portal|form)|logged in(?:to)?|attempt(?:ed)?|portal account)\b",
)
_IN_WRITING = _any(
    r"\b(?:by|via|per|through|using|on) (?:the |an? )?(?:e-?mail|post|letter|fax|courier|hand"
    r"|(?:web ?|online )?form|portal|web ?site)\b",
    r"\b(?:e-?mailed|posted|submitted|sent|got through|rang back|called back)\b",
)
_MEANS = _any(
    r"\b(?:by|via|per|through|using) (?:the |an? )?[\w-]*"
    r"(?:mail|phone|post|letter|form|portal|web|site|hand|courier|call|fax)",
    r"\b(?:e-?mailed|phoned|rang|posted|called)\b",
)
_LEADS = r"the|their|our|its|his|her|an?|this|all|full|final|any|mpe|action"
_LEAD = rf"(?:(?:{_LEADS})\s+)*"
_PEOPLE = r"patient|famil(?:y|ies)|relatives?|parents?|mother|referrer|consultant|gp|(?:duty of )?candour"
_ANSWER = (
    r"ref(?:erence)?|number|acknowledg\w+|receipt|repl(?:y|ies)|response|answer|confirmation|feedback|letter"
)
_THINGS = (
    r"doses?|estimate|investigation|meeting|details?|copy|append\w+|annex\w*|attachment|photos?|minutes"
    r"|learning|analysis|measures?|actions?|mpe|rps|rpa|mhra|hse|arsac"
)
_OF_PEOPLE = _any(rf"\W*{_LEAD}(?:{_PEOPLE})\b")
_OF_THINGS = _any(
    rf"\W*{_LEAD}(?:{_ANSWER}|{_THINGS})\b",
    r"\W*(?:which (?:is|are|was)|(?:they|he|she) (?:will|may|has|have|is|are))\b",
    r"\W*(?:the )?(?:authority|inspector|cqc|hiw|his|rqia) (?:will|may|has|is|to)\b",
)
_WAITED_FOR = _any(rf"\b(?:await\w*|wait\w* (?:for|on)|pending)\W+{_LEAD}(?:{_ANSWER})\b")
# Beside a notification or a report: what is sent after it.
_SENT_ON = (
    rf"\W*(?:with\s+)?(?:(?:{_LEADS}|written|closing|outcome|covering|paper|online|detailed|formal|signed|interim"
    r"|complete|further|additional|more|investigation|follow[- ]?up|dose|(?:mpe|rps|rpa)['’]s)\s+)*"
)
_MORE = _any(
    rf"{_SENT_ON}(?:{_ANSWER}|{_THINGS}|info(?:rmation)?|updates?|findings|outcome|results?|evidence"
    r"|statements?|paperwork|documents?|addendum|more)\b"
)
# The report is a step of its own, and so is the form of what was told in a call.
_REPORT = _any(
    rf"{_SENT_ON}report\b",
    r"\W*(?:(?:I|we|they|then|still)\s*)*(?:will|shall|['’]ll|must|need to|going to|yet to)\s+report\b"
    r"(?!.*\b(?:it|this|that|them|to|cqc|hiw|rqia)\b)",
)
_UNREPORTED = _any(
    r"\W*(?:(?:I|we|have|has|is|it|been)\s+)*(?:not|haven['’]t|hasn['’]t)(?: been)?(?: yet)? reported"
    r"(?: yet)?\W*$"
)
_FORM = _any(rf"{_SENT_ON}form\b")
_CALL = _any(
    r"\b(?:by|via|over|on) (?:the )?(?:tele)?(?:phone|e-?mail|call)|\b(?:phoned|rang|called|e-?mailed)\b"
)


def begins_so(words: str) -> bool:
    """Whether it is said first of all."""
    return bool(_AT_FIRST.match(re.sub(r"^[\W_]+", "", words)))


def not_now(words: str) -> bool:
    """Of closing, whose words are an order: whether they say when, or put it off otherwise."""
    return bool(_WHEN.match(re.sub(r"^[\W_]+", "", words))) or still_to_come(words)


def still_to_come(words: str, *, step: str = "") -> bool:
    """`step`: "notify" or "report", beside which something else is sent on."""
    if begins_so(words):
        return True
    parts = _APART.split(_WAITED_FOR.sub("", words))
    for at, part in enumerate(parts):
        if _OPEN.search(part) and not _of_another(part) and not _sent_on(part, " ".join(parts[:at]), step):
            return True
    if reference_in(words)[0] or (not step and any(mark.isdigit() for mark in words)):
        return False
    unanswered = step and _UNANSWERED.search(words) and not _IN_WRITING.search(words)
    return bool(unanswered or (_FAILED.search(words) and not _MEANS.search(words)))


def _of_another(part: str) -> bool:
    if _OF_PEOPLE.match(part):
        return not re.search(rf"\b(?!told|informed){_TELLS}\b", part, re.I)
    return bool(_OF_THINGS.match(part)) and not re.search(rf"\b{_TELLS}\b", part, re.I)


def _sent_on(part: str, before: str, step: str) -> bool:
    if step == "notify" and (
        _REPORT.match(part)
        or (_FORM.match(part) and _CALL.search(before))
        or (_UNREPORTED.match(part) and (_MEANS.search(before) or reference_in(before)[0]))
    ):
        return True
    return bool(step and _MORE.match(part)) and not re.search(rf"\b{_TELLS}\b", part, re.I)

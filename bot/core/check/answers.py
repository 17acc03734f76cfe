"""What a typed answer means: forgiving about the form, strict about the sense.

An answer is a number, the number of an option, its value, its label or words that only one label has. What
is not understood raises `Refused`, one line that names what is wanted and never repeats what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process

from bot.core.cards import Option
from bot.core.check.plain_answers import in_plain_words, nobody_knows_yet
from bot.core.check.told_by import told
from bot.core.days.written import read_day
from bot.core.refused import Refused
from bot.core.words.fact_words import title
from bot.core.words.phrases import listed, plain_words
from rules.deadlines import uk_date, uk_moment
from rules.facts import FACTS, Fact, Kind

_DO_NOT = ("don't", "dont", "do not")
DONT_KNOW = frozenset(
    {"?", "dk", "dunno", "unknown", "not known", "not sure", "unsure", "no idea", "skip"}
    | {f"{who}{do} know{yet}" for who in ("", "i ", "we ") for do in _DO_NOT for yet in ("", " yet")}
)  # fmt: skip
ALL_I_KNOW = frozenset(
    {f"{that} all{know}" for that in ("that is", "that's", "thats") for know in ("", " i know", " we know")}
    | {"all i know", "i know no more", "nothing more", "no more", "enough", "that is it", "that's it"}
    | {"no more questions", "i don't know any more", "that is everything", "that's everything"}
)  # fmt: skip
NOTHING_OF_IT = frozenset(
    {"nothing of this kind", "none of this kind", "not of this kind", "nothing of that kind"}
)
NONE_OF_THESE = frozenset(
    {"none", "no", "n", "neither", "nothing", "0", "nope", "nil", "none at all", "no to all", "all no"}
    | {f"none {what}" for what in ("apply", "applies", "of these", "of them", "of those", "of the above")}
    | {f"none of {which} {apply}" for which in ("these", "them", "those") for apply in ("apply", "applies")}
    | {f"no{then} {none}" for then in ("", ",", " -") for none in ("none", "nothing", "none of them")}
    | {"no, none of these", "none thanks", "none, thanks"}
)
NOBODY = frozenset({"nobody", "nobody else", "no one", "no one else", "noone"})
# Said beside those that apply. Without a word of the others nothing is taken of them.
NONE_OF_THE_OTHERS = frozenset(
    {f"{no} {others}" for no in ("none of the", "not the", "no") for others in ("others", "other", "rest")}
    | {
        f"{others} {no}"
        for others in ("the rest", "rest", "the others", "others")
        for no in ("no", "do not", "don't", "not")
    }
    | {"nothing else", "none else", "no more"}
)
# Of numbers alone: "only pregnant" may say what "just one person" does.
_NUMBERS = r"\d{1,3}(?:(?:[\s,;+&]+|\s*\band\s+)\d{1,3})*"
_LINE = re.compile(r"(?:number|line) (\d{1,3})")
_ONLY = re.compile(rf"(?:only|just)\s+(?P<those>{_NUMBERS})|(?P<these>{_NUMBERS})\s+only")
# So many people, or that line alone?
_SO_MANY = re.compile(r"(?:only|just)\s+\d{1,3}")
# Line by line: "1 no, 2 yes".
_EACH = re.compile(r"(\d{1,2})[\s:=.)-]*(yes|no|y|n)\b[\s,;&]*(?:and\s+)?")
_REMARK = re.compile(r"(?<=\d)\s*\((?!\s*(?:not|no|\?|un|per|may|if|pos))[^()?]*\)")
_ONE_PERSON = re.compile(
    r"(?:just |only )?(?:(?:one|1|a single) (?:person|patient)|one)\b(?! or more| .*more)"
)
_YES = frozenset({"y", "yes", "yes it was", "yep", "yeah", "true"})
_NO = frozenset({"n", "no", "no it wasn't", "nope", "false"})
AHEAD = timedelta(hours=1)  # a clock that is fast, or an hour that was rounded up


def dont_know(text: str) -> bool:
    return _plain(text) in DONT_KNOW


def not_known_yet(text: str) -> bool:
    """Is an answer to a question that nobody can say, or not yet?"""
    return dont_know(text) or nobody_knows_yet(_plain(text))


def all_i_know(text: str) -> bool:
    """Does it end the asking?"""
    return _plain(text) in ALL_I_KNOW


def nothing_of_it(text: str) -> bool:
    """Is the whole kind of exposure passed over?"""
    return _plain(text) in NOTHING_OF_IT


def yes_or_no(text: str) -> bool | None:
    plain = _plain(text)
    return True if plain in _YES else False if plain in _NO else None


def read_answer(name: str, text: str, now: datetime) -> tuple[str, object]:
    """The fact that the answer to `name` states, and its value as the rules take it. Raises `Refused`."""
    fact = FACTS[name]
    if told := in_plain_words(name, _plain(text)):
        return told
    if fact.kind is Kind.DATE:
        day = read_day(text, now)
        if "T" in day and day[:10] == uk_date(now).isoformat() and uk_moment(day) > now + AHEAD:
            raise Refused("that hour has not come yet: write the day on which it was")
        return name, day
    if fact.kind is Kind.FLAG:
        answer = yes_or_no(text)
        if answer is None and _plain(text) in ("1", "2"):
            answer = _plain(text) == "1"
        if answer is None:
            raise Refused("answer yes, no or don't know")
        return name, answer
    if fact.many:
        none = _plain(text) in NONE_OF_THESE | NOBODY
        return name, [] if none else list(read_several(text, options_of(fact)))
    if fact.kind is Kind.CHOICE:
        return name, choose(text, options_of(fact))
    return name, text.strip()


def options_of(fact: Fact) -> tuple[Option, ...]:
    return tuple(Option(answer.value, answer.label) for answer in fact.answers)


def choose(text: str, options: Sequence[Option]) -> str:
    """The value of the one option that `text` means. Raises `Refused`."""
    plain = _plain(text)
    if plain.rstrip(".)").isdecimal():
        number = int(plain.rstrip(".)")[:4])
        if not 1 <= number <= len(options):
            raise Refused(
                f"there are {len(options)} answers: type a number from 1 to {len(options)}, or its words"
            )
        return options[number - 1].value
    if plain.endswith("?"):
        raise Refused("that reads like a question: type the number of the answer, or don't know")
    for same in (_exact, _begins, _has_words):
        found = [option for option in options if same(plain, option)]
        if len(found) == 1 and (same is _exact or told(plain, found[0].value)):
            return found[0].value
        if len(found) == 1:
            break
        if found:
            meant = listed([f"“{option.label}”" for option in found], "or")
            raise Refused(f"that could be {meant}: type the number")
    close = _close(plain, options)
    guess = f"did you mean “{close}”? " if close else ""
    raise Refused(f"{guess}type a number from 1 to {len(options)}, the words of an answer, or don't know")


_DENIED = re.compile(r"\b(?:not|never|without)\b|n't\b")


def _exact(plain: str, option: Option) -> bool:
    return plain in (_plain(option.label), option.value, option.value.replace("_", " "))


def _begins(plain: str, option: Option) -> bool:
    return bool(_words(plain)) and _words(option.label)[: len(_words(plain))] == _words(plain)


def _has_words(plain: str, option: Option) -> bool:
    have = {*_words(option.label), *_words(option.value)}
    wanted = _words(plain)
    if _DENIED.search(plain):  # "not unintended" has words of it too
        return False
    return bool(wanted) and all(any(h == w or (len(w) > 3 and h.startswith(w)) for h in have) for w in wanted)


def _close(plain: str, options: Sequence[Option]) -> str:
    labels = {option.label: _plain(option.label) for option in options}
    best = (
        process.extractOne(plain, labels, scorer=fuzz.partial_ratio, score_cutoff=80)
        if len(plain) > 3
        else None
    )
    return str(best[2]) if best else ""


def fact_named(words: str, names: Iterable[str]) -> str:
    """The one of these facts that words name. Raises `Refused`."""
    words = re.sub(r"^(?:the|my|their)\s+", "", words.strip(), flags=re.I)
    if words.lower() == "age":
        return "age_years"
    return choose(words, [Option(name, f"{title(name)} {name.replace('_', ' ')}") for name in names])


def after_first(text: str) -> str:
    """What follows a word like "edit", as it was typed: "MBq" and "mBq" are two."""
    return " ".join(text.split()).rstrip(".!?").partition(" ")[2]


def with_value(what: str) -> Iterator[tuple[str, str]]:
    """`total dose to 30 mSv` as what is to be changed and the value that it is to have, where one may stand
    there: all of it first, and then ever fewer words."""
    words = what.split()
    for count in range(len(words), 0, -1):
        value = " ".join(words[count:])
        yield " ".join(words[:count]).rstrip(":,="), re.sub(r"^(?:to|is|as|=|:)\s+", "", value, flags=re.I)


# The flags, asked together


def flag_label(name: str) -> str:
    """How a yes/no fact is worded among others that are asked together."""
    return FACTS[name].flag or _FLAG_LABELS.get(name) or FACTS[name].ask


_FLAG_LABELS = {
    "equipment_fault": "An equipment fault was the direct cause (software counts)",
    "licence_held": "The employer or the practitioner held no licence for this administration",
}


def read_flags(text: str, options: Sequence[Option]) -> tuple[frozenset[str], bool | None]:
    """Which of the flags apply, and what was said of the rest: True that they do not, False that nobody
    knows, None nothing. Raises `Refused`."""
    if dont_know(text):
        return frozenset(), False
    plain = _LINE.sub(r"\1", _REMARK.sub("", _plain(text)))
    wanted = (
        "type the numbers of those that apply (such as 1, 3, or 1, 3 only), none, or don't know; there are "
        f"{len(options)}"
    )
    if _EACH.sub("", plain) == "" and plain:
        return _each(plain, options, wanted), True
    if _SO_MANY.fullmatch(plain) and any(option.value == "individuals_exposed" for option in options):
        raise Refused("that could be the number of people: type none, or the number of a line that applies")
    alone = _ONLY.fullmatch(plain)
    plain = alone["those"] or alone["these"] if alone else plain
    if plain in NONE_OF_THESE:
        return frozenset(), True
    pieces = [piece for piece in re.split(r"[,;+&\n]|\band\b|(?<=\d)\s+(?=\d)", plain) if piece.strip()]
    unknown = [piece for piece in pieces if piece.strip() in DONT_KNOW]
    if (yes_or_no(plain) is not None and len(options) > 1) or any(
        map(_ONE_PERSON.match, map(str.strip, pieces))
    ):
        raise Refused(wanted)
    if len(options) == 1 and yes_or_no(plain):
        return frozenset(option.value for option in options), True
    others_do_not = [piece for piece in pieces if piece.strip() in NONE_OF_THE_OTHERS]
    left = [piece for piece in pieces if piece not in unknown and piece not in others_do_not]
    try:
        ticked = frozenset(choose(piece.strip(), options) for piece in left)
    except Refused as refusal:
        raise Refused(wanted if "number from" in str(refusal) else str(refusal)) from None
    if not ticked:
        raise Refused(wanted)
    return ticked, False if unknown else True if alone or others_do_not else None


def _each(plain: str, options: Sequence[Option], wanted: str) -> frozenset[str]:
    """Those that apply, where a yes or a no was said of every line and no two of one. Raises `Refused`."""
    said = [(int(number), answer[0] == "y") for number, answer in _EACH.findall(plain)]
    if sorted(number for number, _ in said) != list(range(1, len(options) + 1)):
        raise Refused(wanted)
    return frozenset(options[number - 1].value for number, applies in said if applies)


def read_several(text: str, options: Sequence[Option]) -> tuple[str, ...]:
    """The values of any number of options, in the options' order. Raises `Refused`."""
    pieces = [piece.strip() for piece in re.split(r"[,;+\n]|(?<=\d)\s+(?=\d)", _plain(text)) if piece.strip()]
    found = {choose(piece, options) for piece in pieces}
    return tuple(option.value for option in options if option.value in found)


MALE = frozenset({"male", "man", "boy", "he is male", "the person is male", "a man", "a boy", "m"})
YOUNG_CHILD = frozenset({"young child", "a young child", "small child", "toddler", "baby", "infant"})


def said_of_person(text: str) -> str:
    """`male` or `young_child` where that is what was typed, else nothing."""
    plain = _plain(text)
    return "male" if plain in MALE else "young_child" if plain in YOUNG_CHILD else ""


def _plain(text: str) -> str:
    return plain_words(text, ".!")


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower())

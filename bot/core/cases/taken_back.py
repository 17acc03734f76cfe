"""What was told to be done and is not: its deadline runs again, by its own date."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.core.cases.steps import nation_of_case, take
from bot.core.refused import Refused
from bot.core.reminders.not_twice import not_twice
from bot.core.reminders.placing import answered, here, outcome_of, planner, planner_of, updates
from bot.core.reminders.replan import place_of, with_second_place
from bot.core.reminders.schedule import Planner
from bot.core.settings.chosen import Chosen
from bot.core.turn import Turn
from bot.core.words.case_words import deadline_word, due_of, kind_of, label, who
from bot.core.words.deadline_kinds import LOCAL, MPE, NOTIFY, REPORT
from bot.core.words.phrases import listed
from storage.case_rows import STATE_WORDS
from storage.case_states import ACTIVE, OVER
from storage.errors import OutOfOrder
from storage.measure_model import MEASURE
from storage.model import Case, Deadline, Step
from storage.plans import Also, DeadlinePlan

_WHY = "say why it is reopened"
_TOLD_LAST = {"notified": NOTIFY, "reported": REPORT}


def reopen(turn: Turn, case: Case, why: str, own: Deadline | None = None) -> Case:
    """What was withdrawn when it ended runs again, by its own dates, and `own`, which was said to be done; of
    one that has not ended, what was told last to be done towards the authority. Raises Refused and
    OutOfOrder."""
    if not why.strip():
        raise Refused(_WHY, about="note")
    if case.state in ACTIVE and case.last.kind == "reopen":
        _once(turn, case)
    plan, outcome = planner_of(turn, case.ref), outcome_of(turn.store, turn.tenant, case)
    undone = _TOLD_LAST.get(case.state)
    back = [
        d
        for d in case.deadlines
        if d.kind == undone
        or (not undone and d.state == "withdrawn" and (d.kind != MPE or outcome == "undecided"))
    ]
    nation = nation_of_case(turn, case)
    again = [run_again(turn, case, plan, one, nation) for one in back]
    if own:
        again.append(replace(run_again(turn, case, plan, own, nation), why=why))
    return take(turn, case, Step("reopen", why), deadlines=again)


def _once(turn: Turn, case: Case) -> None:
    """Raises OutOfOrder for a second person, and for one who says it twice of a case that had ended."""
    before = turn.store.steps(turn.tenant, case.ref)[-2]
    if before.state in OVER or case.last.by.id != turn.person.id:
        raise OutOfOrder(f"{case.ref} is {STATE_WORDS[case.state]} ({who(case.last.by)} reopened it)")


def run_again(turn: Turn, case: Case, plan: Planner, deadline: Deadline, nation: str) -> DeadlinePlan:
    """By its own date; what is asked about its authority is asked."""
    planned = plan.again(deadline.kind, due_of(deadline, case), case.discovered_on, nation=nation)
    again = not_twice(turn, plan, case.ref, planned, asked=())
    return with_second_place(turn.store, turn.tenant, plan, deadline, again)


# A trust's own deadline, and a corrective measure


def named_in(turn: Turn, case: Case, why: str) -> tuple[Deadline | None, str]:
    """The one that the words name, that is no step towards the authority, and the reason after it. Raises
    Refused where they may name another than would be taken back."""
    subjects = (case.ref, *case.records)
    every = [d for one in subjects for d in turn.store.deadlines(turn.tenant, subject=one, state="")]
    kind, rest = kind_of(re.sub(r"^\s*(?:the|our|its)\s+", "", why, flags=re.I), every)
    found = next((d for d in every if d.kind == kind), None)
    last = _TOLD_LAST.get(case.state)
    if found and _is_own(found):
        if found.state == "open" and case.state in ACTIVE:
            raise Refused(f"{label(found.kind)} is not done: nothing of it is taken back", about="note")
        if found.state == "met":
            return found, rest
    own = [d for d in every if _is_own(d) and d.state == "met"]
    other = found is not None and kind != last
    if last and (other or (not found and any(_names(why, d) for d in own))):
        kinds = [*([last] if last else []), *(d.kind for d in own)]
        ways = [turn.command(f"reopen {case.ref} {deadline_word(one)} <why>") for one in kinds]
        raise Refused(f"which of them is taken back: {listed(ways, 'or')}?", about="note")
    return None, why


def _is_own(deadline: Deadline) -> bool:
    return deadline.kind.startswith((LOCAL, MEASURE))


def _names(words: str, deadline: Deadline) -> bool:
    name = r"[\s-]+".join(map(re.escape, re.split(r"[\s-]+", deadline_word(deadline.kind))))
    return bool(re.search(rf"\b{name}\b", words, re.I))


def not_done(turn: Turn, case: Case, deadline: Deadline, why: str) -> None:
    """Raises Refused and storage.errors."""
    if not why.strip():
        raise Refused(_WHY, about="note")
    chosen, subject = Chosen(turn.settings), deadline.subject
    place = place_of(turn.store, turn.tenant, deadline, chosen, here(turn))
    plan = planner(turn, place)
    planned = not_twice(turn, plan, subject, plan.plan(deadline.kind, deadline.due_on))
    posts = (
        *answered(turn.store, turn.tenant, subject, deadline.kind),
        *updates(turn.store, turn.tenant, case.ref),
    )
    turn.store.set_deadlines(
        turn.tenant, subject, (replace(planned, why=why),), by=turn.person, now=turn.request.now,
        also=Also(turn.request.delivery, posts=posts),
    )  # fmt: skip

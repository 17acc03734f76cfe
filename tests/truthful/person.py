"""A person with a whole incident in mind, who answers truthfully whatever is on the screen, leaves things
out, slips and corrects it, quits, comes back on another day, presses old buttons, and starts another
incident in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.core.cards import Button
from bot.core.messages import Edited, Pressed, Submitted
from rules.agree import NOBODY_IS_TOLD
from rules.deadlines import UK
from rules.deciding import decide
from rules.facts import FACTS
from rules.parsing import parse
from storage.model import Record
from tests.truthful.cards import ASKS
from tests.truthful.forms import Forms
from tests.truthful.hand import typed_value
from tests.truthful.incident import Incident, drawn

MOST_STEPS = 150
OTHERS = ("cases", "due", "help", "threshold 4.2b", "why", "settings")
SITE = "East"
ALL_I_KNOW = "that is all I know"
NEUTRAL = ("check.why", "check.back", "check.edit", "check.resume", "case.show")


class Person(Forms):
    depth = 0  # how many incidents were begun in between

    def report(self, incident: Incident) -> None:
        """Tell of it on the day that it is discovered, and answer until it is kept, discarded or left."""
        self.incident = incident
        day = datetime.fromisoformat(f"{incident.facts['discovered_on'][:10]}T10:00").replace(tzinfo=UK)
        self.now = max(self.now, day)
        self._begin()
        self._go_on()

    def _go_on(self) -> None:
        for _ in range(MOST_STEPS):
            if not self._step():
                return
        self.fail("it never ends")

    def _begin(self) -> None:
        story = self.incident.story if self.random.random() < 0.8 else ""
        if story and not self.by_forms and self.random.random() < (0.6 if self.depth else 0.3):
            self.say(story)
            if self.asks():
                return
        self.command(f"check {story}".strip())

    def _step(self) -> bool:
        if (
            self.taken_up
            and not self.screen.form
            and self.of.get(self._key(), self.incident) is not self.incident
        ):
            self.come_back()  # it is another incident's, as one sees by what it holds
            return True
        if self._distracted():
            return True
        if self.screen.form:
            return self.form(self.screen.form)
        return self.card(self.screen.card) if self.screen.card else self.fail("nothing is shown")

    # What one does beside it

    def _distracted(self) -> bool:
        """Now and then somebody does something else."""
        ways: dict[str, tuple[float, Callable[[], bool]]] = {
            "other command": (0.02, self._something_else),
            "another day": (0.02, self._another_day),
            "quits": (0.01, self._quits),
            "old button": (0.03, self._press_old),
            "late form": (0.02, self._send_late),
            "edits": (0.006, lambda: self._correct_message(deleted=False)),
            "deletes": (0.006, lambda: self._correct_message(deleted=True)),
            "restart": (0.006, self._restarted),
            "another incident": (0.015, self._another_incident),
            "all I know": (0.01, self._knows_no_more),
        }
        due = [move for move, (chance, _) in ways.items() if self.wants(move, chance)]
        if not due:
            return False
        move = self.random.choice(due)
        if not ways[move][1]():
            return False
        self.did(move)
        if not self.asks() and not self.screen.form:
            self.come_back()
        return True

    def _something_else(self) -> bool:
        if self.face.dialogs:  # the dialog has to be closed for it
            self._put_away()
        way = self.say if self.random.random() < 0.5 else self.command
        way(self.random.choice(OTHERS))
        return True

    def _another_day(self) -> bool:
        self.now += timedelta(hours=self.random.choice((13, 40, 170)))
        self.come_back()
        return True

    def _quits(self) -> bool:
        if not self.by_forms:
            self.say("quit")
        self.come_back()
        return True

    def _press_old(self) -> bool:
        """A button further up, where what it says is true of what one speaks of."""
        true = [button for button in self.screen.old if self._is_harmless(button)]
        button = self.random.choice(true) if true else None
        return button is not None and self.tried(Pressed(button.action, button.value))

    def _is_harmless(self, button: Button) -> bool:
        mine = self.of.get(button.value.partition(":")[0]) is self.incident
        true = mine and (self._may_be_kept(button) or self._is_true(button))
        return button.action in NEUTRAL or true

    def _may_be_kept(self, button: Button) -> bool:
        """Nothing in that check is wrong, as far as one would see."""
        state = self._of(button.value.partition(":")[0])
        right = state is None or not self.wrong(state, with_assumed=True)
        return right and button.action in ("check.keep", "check.agree")

    def _is_true(self, button: Button) -> bool:
        _, name, value = (*button.value.split(":", 2), "", "")[:3]
        known = button.action == "check.answer" and name in self.incident.knows
        offered = known and value in {answer.value for answer in FACTS[name].answers}
        return offered and self.incident.holds(name, typed_value(value))

    def _send_late(self) -> bool:
        """A form that stood there before, on a device that shows it still."""
        mine = [
            form for form in self.screen.forms
            if form.name == "check" and self.of.get(form.key.partition(":")[0]) is self.incident
        ]  # fmt: skip
        if not mine:
            return False
        form = self.random.choice(mine)
        return self.tried(Submitted(form.name, form.key, self.filled(form)))

    def _correct_message(self, *, deleted: bool) -> bool:
        if not self.door.edits:
            return False
        if not self.tried(Edited(deleted=deleted)):
            self._put_away()
            self.say("due")
            self.do(Edited(deleted=deleted))
        return True

    def _restarted(self) -> bool:
        self.door.restart()
        self.store = self.door.store
        return True

    def _another_incident(self) -> bool:
        """In between: once that is over, the first is gone on with."""
        if self.depth or "unfinished" in (self.screen.card.title if self.screen.card else ""):
            return False
        first, self.depth = self.incident, 1
        self.report(drawn(self.random))
        self.incident, self.depth = first, 0
        self.come_back()
        return True

    def _knows_no_more(self) -> bool:
        """Whatever else there is, this is all that one knows."""
        heading = self.screen.card.title if self.screen.card and not self.screen.form else ""
        if heading not in ASKS:
            return False
        self.say(ALL_I_KNOW)
        return True

    # Afterwards

    def look_after(self) -> None:
        """What is done later with a record, by its number: somebody else's too."""
        for move, act in (("confirms", self._confirm), ("tells details", self._tell_details)):
            if self.told_kept and (self.wants(move, 0.1) or move in self.errands):
                act(self.random.choice(self.told_kept))
                self.did(move)

    def _confirm(self, number: str) -> None:
        """One that has to be compared first is so. It is a small department: who kept it may be the MPE."""
        self.command("settings role_mpe me")
        self.command("settings confirm_own yes")
        self.command(f"confirm {number} as MPE, compared")
        if (
            f"{number} is confirmed" in self.shown()
            and self.store.record(self.tenant, number).status != "confirmed"
        ):
            self.fail(f"told that {number} is confirmed, and it is not")

    def _tell_details(self, number: str) -> None:
        self.command(f"details {number} site: {SITE}")
        known = [one.value for one in self.store.record(self.tenant, number).details if one.field == "site"]
        if f"Kept with {number}" in self.shown() and SITE not in known:
            self.fail(f"told that a detail of {number} is kept, and it is not")

    def look_back(self) -> None:
        """What was told is in the store, and nothing is that was not said."""
        self.look_at_what_was_touched(set())  # also what the trail would not tell of
        records = {record.number: record for record in self.store.records(self.tenant)}
        if missing := set(self.told_kept) - records.keys():
            self.fail(f"told to be kept, and not there: {missing}")
        if len(records) != len(set(self.told_kept)):
            self.fail(f"kept, and not told: {records.keys() - set(self.told_kept)}")
        for record in records.values():
            self._compare(record)
            self.counted[f"kept as {record.outcome}"] += 1

    def _compare(self, record: Record) -> None:
        facts = {name: value for name, value in record.assessment.facts.items() if name in FACTS}
        wrong = {id(i): [n for n, v in facts.items() if not i.holds(n, v)] for i in self.of.values()}
        fitting = [incident for incident in self.of.values() if not wrong[id(incident)]]
        if not fitting:
            self.fail(f"facts that were not given: {min(wrong.values(), key=len)} of {facts}")
        if record.outcome in NOBODY_IS_TOLD and all(i.outcome not in NOBODY_IS_TOLD for i in fitting):
            self.fail(f"a no was kept of what is {fitting[0].outcome}: {facts}")
        decided = decide(parse(dict(record.assessment.facts), self.now.date())).outcome
        if decided != record.outcome:
            self.fail(f"kept as {record.outcome}, and its facts say {decided}")

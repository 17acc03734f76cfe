"""A person with a whole incident in mind, who answers truthfully whatever is on the screen, leaves things
out, slips and corrects it, quits, comes back on another day, presses old buttons, and starts another
incident in between."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.messages import Edited
from rules.agree import NOBODY_IS_TOLD
from rules.deadlines import UK
from rules.decide import decide
from rules.facts import FACTS
from rules.parsing import parse
from storage.model import Record
from tests.truthful.forms import Forms
from tests.truthful.incident import Incident

MOST_STEPS = 150
OTHERS = ("cases", "due", "help", "threshold 4.2b", "why", "settings")
NEUTRAL = ("check.why", "check.back", "check.edit", "check.resume")


class Person(Forms):
    def report(self, incident: Incident) -> None:
        """Tell of it on the day that it is discovered, and answer until it is kept, discarded or left."""
        self.incident = incident
        day = datetime.fromisoformat(f"{incident.facts['discovered_on'][:10]}T10:00").replace(tzinfo=UK)
        self.now = max(self.now, day)
        self._begin()
        for _ in range(MOST_STEPS):
            if not self._step():
                return
        self.fail("it never ends")

    def _begin(self) -> None:
        story = self.incident.story if self.random.random() < 0.8 else ""
        if story and not self.by_forms and self.random.random() < 0.3:
            self.say(story)
            if self.asks():
                return
        self.command(f"check {story}".strip())

    def _step(self) -> bool:
        if self._distracted():
            return True
        if self.screen.form:
            return self.form(self.screen.form)
        return self.card(self.screen.card) if self.screen.card else self.fail("nothing is shown")

    def _distracted(self) -> bool:
        """Now and then somebody does something else."""
        chance = self.random.random()
        if chance < 0.03 and not self.face.dialogs:
            self.say(self.random.choice(OTHERS))
        elif chance < 0.05:
            self.now += timedelta(hours=self.random.choice((13, 40)))
            self.come_back()
        elif chance < 0.06 and not self.face.dialogs:
            self.say("quit")
            self.come_back()
        elif chance < 0.09 and self.screen.old:
            self._press_old()
        elif chance < 0.10:
            self.do(Edited(deleted=self.random.random() < 0.5))
        else:
            return False
        if not self.asks() and not self.screen.form:
            self.come_back()
        return True

    def _press_old(self) -> None:
        """A button further up, where what it says is true of what one speaks of."""
        button = self.random.choice(self.screen.old)
        mine = self.of.get(button.value.partition(":")[0]) is self.incident
        if button.action in NEUTRAL or (mine and button.action in ("check.keep", "check.agree")):
            self.press(button)

    # Afterwards

    def look_back(self) -> None:
        """What was told is in the store, and nothing is that was not said."""
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

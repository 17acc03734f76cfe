"""How a truthful person answers what stands on a card."""

from __future__ import annotations

from bot.core.cards import Block, Card
from bot.core.words.fact_words import title
from rules.agree import NOBODY_IS_TOLD
from rules.facts import FACTS, Kind
from tests.truthful.hand import Hand, bullets, fact_by_name, shows_pair, text_of, typed_value, warns
from tests.truthful.incident import applies

ASKS = {fact.ask: name for name, fact in FACTS.items()}
TOGETHER = ("Which of these apply?", "What is in doubt?")
WHOSE = "Does this tell who somebody is?"  # of a dose to ten digits
UNKNOWN = ("don't know", "?", "not known")


class Cards(Hand):
    def card(self, card: Card) -> bool:
        """One thing done about it; False once nothing is left to do."""
        heading = card.title
        if "unfinished" in heading and "What is next" in heading:
            self._choose(card)
        elif heading in ASKS:
            self._answer(ASKS[heading], card)
        elif heading in TOGETHER:
            self._flags(card)
        elif heading == "Is this right?":
            self._agree(card)
        elif heading == WHOSE:
            self.say_or_press("it is not a person's", "gate.nobodys")
        elif "Discard it all the same?" in heading:
            self.did("discards, and not")
            self.say_or_press("no", "check.resume")
        elif heading.startswith("Kept a"):  # as a record; or already, by a colleague
            return False
        elif "Discarded" in heading:
            self.counted["discarded"] += 1
            return False
        elif any(b.action == "check.keep" for b in card.buttons) or "Keep it" in text_of(card.blocks):
            self._verdict(card)
        else:
            self.come_back()
        return True

    def asks(self) -> bool:
        """Does something of a check stand on the card?"""
        heading = self.screen.card.title if self.screen.card else ""
        known = heading in ASKS or heading in (*TOGETHER, "Is this right?", WHOSE)
        return known or any(word in heading for word in ("NOTIFY", "UNDECIDED", "unfinished", "NOT FOR"))

    # A question

    def _answer(self, name: str, card: Card) -> None:
        state = self.standing()
        slips = self.slips.get(state["id"], set())
        # What was read wrong is noticed where it is shown to be agreed to, or beside the verdict.
        wrong = [one for one in self.wrong(state) if one != name and (one in slips or warns(card))]
        if wrong and (warns(card) or self.random.random() < 0.3):
            self.did("corrects")
            self.say(f"edit {fact_by_name(wrong[0])}")
            return
        self._give(name, self._slip(name, card) or self._true(name), card)

    def _true(self, name: str) -> str:
        if name not in self.incident.knows:
            self.did("leaves out")
            return self.random.choice(UNKNOWN)
        return self._words(name, self.incident.facts[name])

    def _words(self, name: str, value: object) -> str:
        fact = FACTS[name]
        if isinstance(value, bool):
            return self.random.choice(("yes", "y") if value else ("no", "n"))
        if isinstance(value, list):
            return ", ".join(fact.label(one) for one in value) or "don't know"
        if fact.kind is Kind.CHOICE:
            number = [answer.value for answer in fact.answers].index(str(value)) + 1
            return self.random.choice((fact.label(str(value)), str(number), str(value)))
        return str(value)

    def _slip(self, name: str, card: Card) -> str:
        """A wrong answer, now and then; it is noticed later and put right."""
        rarely = name in self.incident.knows and self.wants("slips", 0.04)
        if not rarely or self.by_forms or "skips" in text_of(card.blocks) or FACTS[name].many:
            return ""
        values = (typed_value(answer.value) for answer in FACTS[name].answers)
        wrong = [value for value in values if not self.incident.holds(name, value)]
        said = "0.01 mSv" if FACTS[name].unit == "mSv" else ""
        said = self._words(name, self.random.choice(wrong)) if wrong else said
        if said:
            self.slips.setdefault(self.standing()["id"], set()).add(name)
            self.did("slips")
        return said

    def _give(self, name: str, text: str, card: Card) -> None:
        """In words, by a button, or in the card's input."""
        ways = [b for b in card.buttons if b.action == "check.answer"]
        buttons = {b.value.split(":", 2)[2]: b for b in ways if b.value.count(":") == 2}
        value = next((a.value for a in FACTS[name].answers if text in (a.label, a.value)), text)
        if FACTS[name].kind is Kind.FLAG:
            value = {"y": "true", "yes": "true", "n": "false", "no": "false"}.get(text, text)
        given = "?" if text in UNKNOWN else value
        with_input = [b for b in ways if b.value.count(":") == 1]
        if not ways or self.random.random() < 0.3:
            self.say(text)
        elif given in buttons:
            self.press(buttons[given])
        elif with_input and not (text.isdecimal() and FACTS[name].answers):
            self.press(with_input[0], answer=value)
        else:
            self.say(text)

    def _flags(self, card: Card) -> None:
        names = [name for name in self.standing()["standing"] if name in FACTS]
        known = [name for name in names if name in self.incident.knows]
        ticked = [name for name in known if applies(name, self.incident.facts[name])]
        none = [b for b in card.buttons if b.label == "None of these"]
        if not ticked and len(known) == len(names):
            self.press(none[0]) if none and self.random.random() < 0.6 else self.say("none")
        elif not ticked:
            self.say("?")
        else:
            numbers = [str(names.index(name) + 1) for name in ticked]
            rest = (
                ["don't know"]
                if len(known) < len(names)
                else self.random.choice(([], ["none of the others"]))
            )
            self.say(", ".join([*numbers, *rest]))

    # What is agreed to, and what is gone on with

    def _agree(self, card: Card) -> None:
        """Line by line: what is not so is changed, what is is agreed to."""
        wrong = self.wrong(self.standing(), with_assumed=True)
        listed = [name for name in wrong if f"→ {title(name)}:" in text_of(card.blocks)]
        change = [b for b in card.buttons if b.value.partition(":")[2] in listed]
        if not listed:
            self.say_or_press("yes", "check.agree")
        elif change:
            self.did("corrects")
            self.press(self.random.choice(change))
        elif card.buttons:
            self.say_or_press("edit", "check.edit")
        else:
            line = next(one for one in bullets(card) if f"→ {title(listed[0])}:" in one)
            self.say(line.partition(".")[0])

    def _choose(self, card: Card) -> None:
        if card.buttons:
            values = [b.value.partition(":")[2] for b in card.buttons]
            self.press(card.buttons[values.index(self.pick(values))])
            return
        values = list(self.standing()["listed"])
        number = values.index(self.pick(values)) + 1
        if number > len(bullets(card)):
            self.fail("an option that is not shown")
        self.say(str(number))

    def pick(self, values: list[str]) -> str:
        """Go on with what one speaks of now, if it is among them; else begin with the new words."""
        mine = [v for v in values if v.startswith("go:") and self.of.get(v[3:]) is self.incident]
        return self.random.choice(mine) if mine and self.random.random() < 0.9 else "new"

    # The verdict

    def _verdict(self, card: Card) -> None:
        wrong = self.judge(card.title, card.blocks)
        if wrong:
            self.did("corrects")
            self.say_or_press(f"edit {fact_by_name(wrong[0])}", "check.edit")
        elif (agreed := self._agreed_to()) and self.random.random() < 0.1:
            self.did("changes what was agreed to")
            self.say_or_press(f"edit {fact_by_name(self.random.choice(agreed))}", "check.edit")
        elif self.wants("discards, and not", 0.06) or self.random.random() < 0.02:
            self.say_or_press("no", "check.discard")
        elif self.wants("yes keeps", 0.3) or not card.buttons:
            self.did("yes keeps")
            self.say("yes")
        else:
            self.say_or_press("yes", "check.keep")

    def _agreed_to(self) -> list[str]:
        sources = self.standing()["sources"]
        return [name for name, source in sources.items() if source["agreed"] and name in FACTS]

    def judge(self, title_shown: str, blocks: tuple[Block, ...]) -> list[str]:
        """A "no" that the whole incident contradicts must not be, but for one's own slips; the facts of the
        check that are not so."""
        state = self.standing()
        incident = self.of.get(state["id"], self.incident)
        wrong = [
            name
            for name in self.wrong(state, with_assumed=True)
            if name in state["facts"] or shows_pair(blocks, title(name), "No")
        ]
        shown = f"{title_shown} {text_of(blocks)}"
        no = "DO NOT NOTIFY" in shown or "NOT FOR IR(ME)R" in shown
        own = set(wrong) & self.slips.get(state["id"], set())
        if no and incident.outcome not in NOBODY_IS_TOLD and not own:
            self.fail(f"a no, of what is {incident.outcome}; not so: {wrong}; {dict(incident.facts)}")
        return wrong

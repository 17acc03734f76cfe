"""How a truthful person fills in forms."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.cards import Form, Input, InputKind
from bot.core.check.form import ENOUGH_INPUT
from bot.core.messages import Changed
from bot.core.words.fact_words import title
from rules.facts import DEFAULTS, FACTS
from tests.truthful.cards import Cards
from tests.truthful.hand import text_of, typed_value
from tests.truthful.incident import Incident, applies


class Forms(Cards):
    _filled_in: Mapping[str, str] = MappingProxyType({})

    def form(self, form: Form) -> bool:
        """One thing done about it; False once nothing is left to do."""
        if form.name == "check.choice":
            self.send(form, next=self.pick([option.value for option in form.inputs[0].options]))
        elif form.name == "check.agree":
            shown = text_of(form.blocks)
            so_far = self.wrong(self.standing(), with_assumed=True)
            wrong = any(f"→ {title(name)}:" in shown for name in so_far)
            self._change(form) if wrong else self.send(form)
        elif form.name == "check.verdict":
            if not self.judge(form.title, form.blocks):
                self.send(form)
                return self.screen.form is not None
            self._change(form)
        else:
            self._fields(form)
        return True

    def _change(self, form: Form) -> None:
        self.did("corrects")
        self.press(next(b for b in form.buttons if b.action == "check.edit"))

    def _fields(self, form: Form) -> None:
        filled = self.filled(form)
        # What was filled in before another answer changed the form is not looked at again where it stands.
        before, self._filled_in = self._filled_in, {}
        filled |= {one.name: one.value for one in form.inputs if before.get(one.name) == one.value}
        live = [one for one in form.inputs if one.live]
        if self.face.live_inputs and live and self.random.random() < 0.5:
            self._filled_in = filled
            self.do(Changed(form.name, form.key, self.random.choice(live).name, filled))
            return
        if not self.face.dialogs and self.random.random() < 0.5:  # what is empty may not come back at all
            filled = {name: value for name, value in filled.items() if value}
        self.send(form, **filled)

    def filled(self, form: Form) -> dict[str, str]:
        self._slipped_in = form.key.partition(":")[0]
        incident = self.of.get(self._slipped_in, self.incident)
        return {one.name: self._value(one, incident) for one in form.inputs}

    def _slip_of_the_hand(self, one: Input, incident: Incident) -> str:
        """Another option than the right one, now and then; it is noticed later and put right."""
        known = [option.value for option in one.options if option.value != "unknown"]
        others = [value for value in known if not incident.holds(one.name, typed_value(value))]
        slips = bool(others) and one.kind is InputKind.CHOICE and self.wants("slips", 0.02)
        if not slips or one.name not in FACTS or FACTS[one.name].many:
            return ""
        self.slips.setdefault(self._slipped_in, set()).add(one.name)
        self.did("slips")
        return self.random.choice(others)

    def _value(self, one: Input, incident: Incident) -> str:
        name, facts, knows = one.name, incident.facts, incident.knows
        if name in ("person", "gate"):
            return "unknown" if name == "person" else "nobodys"
        if name == ENOUGH_INPUT:
            return ENOUGH_INPUT if self.random.random() < 0.03 else ""
        if name == "flags":
            names = [option.value for option in one.options if option.value in FACTS]
            ticked = [n for n in names if n in knows and applies(n, facts[n])]
            return ",".join([*ticked, *(["none"] if all(n in knows for n in names) else [])])
        if name in DEFAULTS and name not in facts:
            return next(iter(DEFAULTS[name]))
        if name not in knows and name not in DEFAULTS:
            self.did("leaves out")
            chosen = bool(one.value and one.options)  # what is chosen can be chosen otherwise, not left again
            left_empty = not one.options or (self.random.random() < 0.5 and not chosen)
            return "" if left_empty else "unknown"
        if wrong := self._slip_of_the_hand(one, incident):
            return wrong
        value = facts[name]
        if isinstance(value, bool):
            return str(value).lower()
        return ",".join(value) if one.kind is InputKind.CHOICES else str(value)

"""`irmer register`: the incidents that words find, as a file; `irmer judge`: decided once more."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import sheets
from bot.call import Call
from bot.cli_upkeep import tenant_of, there, whole_file
from bot.core.cases.export import may_take_out
from bot.core.check.detail_columns import EVERY_COLUMN
from bot.core.register.columns import UKHSA, Column, KeptIncident, Value
from bot.core.register.filters import Filter, read_filter
from bot.core.register.judged_again import Differing, judged_again
from bot.core.register.leaving_out import LeavingOut
from bot.core.words.agreed_words import agreed
from bot.core.words.outcomes import OUTCOMES
from bot.core.words.phrases import counted, listed, moment
from bot.paths import path_of
from bot.process_settings import ProcessSettings
from bot.terminal.session import user
from bot.usage import Usage
from rules.deadlines import uk_date
from rules.editions import EDITIONS
from rules.facts import DETAILS
from storage.model import Person
from storage.register_model import Exported

ENDINGS = (".csv", ".xlsx", ".jsonl")
# What changes how a file of some kinds is written, and no other's.
_ENDINGS_OF = {"preset": (".csv", ".xlsx"), "excel": (".csv",)}
PRESETS: dict[str, tuple[Column, ...]] = {"": EVERY_COLUMN, "ukhsa": UKHSA}
Found = Iterator[Exported]
# Facts that describe, in words of somebody's own.
_IN_WORDS = frozenset(name for name, allowed in DETAILS.items() if not allowed)


def register(call: Call) -> int:
    """For whoever may export by the tenant's settings; what was taken out stands in the trail."""
    if not call.words:
        raise Usage("irmer register wants a file to write, such as register.csv, and words that find some")
    path = path_of(call.words[0])
    if path.suffix.lower() not in ENDINGS:
        raise Usage(f"{path.name} is to end in one of {', '.join(ENDINGS)}")
    preset = call.options.get("preset", "")
    if preset not in PRESETS:
        raise Usage(f"--preset wants one of: {', '.join(filter(None, PRESETS))}")
    of = [f"--{one}" for one, ends in _ENDINGS_OF.items() if call.options.get(one) is not None
          and path.suffix.lower() not in ends]  # fmt: skip
    if of:
        wanted = listed(_ENDINGS_OF[of[0].removeprefix("--")], "or")
        raise Usage(f"{of[0]} is of a file that ends in {wanted}, and {path.name} does not")
    texts = call.options.get("texts", "leave")
    if texts not in ("leave", "keep"):
        raise Usage("--texts wants leave, which leaves out what seems to name somebody, or keep")
    leaving = LeavingOut(keep=texts == "keep")
    who, now, admins = user(call.database()), call.now(), ProcessSettings.of(call.settings).admins
    chosen = read_filter(" ".join(call.words[1:]), now, who.id)
    with there(call).store() as store:
        tenant = tenant_of(call, store)
        by = may_take_out(store, tenant, who, now, "export the register", admins=admins)
        told = {"filter": chosen.words, "as": path.suffix[1:].lower(), "preset": preset}
        told |= {"texts": texts} if texts == "keep" else {}
        taken_out = store.register(tenant, chosen.which, told=told, by=by, now=now)
        with whole_file(path) as file, taken_out as (count, found):
            signed = store.checkpoint(tenant, now=now)
            note = signed.note if signed else "none: irmer keys makes the key that signs them"
            about = (*_about(chosen, by, moment(now), tenant, count), ("checkpoint", note))
            rows = _Rows(PRESETS[preset], found, leaving)
            _written(file, path.suffix.lower(), rows, about, excel="excel" in call.options)
    print(f"{path}: {counted(count, 'incident')}")
    if leaving.count:
        texts = counted(leaving.count, "text seems", "texts seem")
        print(f"  {texts} to name somebody: what does is left out (--texts keep takes it)")
    if signed:
        print(signed.line)
    return 0


def judge(call: Call) -> int:
    """0 where all would be decided as they were; 1 where some would not. Changes no record."""
    who, now, admins = user(call.database()), call.now(), ProcessSettings.of(call.settings).admins
    wanted = call.options.get("edition")
    edition = next((one for one in EDITIONS if one.published.isoformat() == wanted), None)
    if wanted is not None and edition is None:
        known = ", ".join(one.published.isoformat() for one in EDITIONS)
        raise Usage(f"--edition wants one of those here: {known}")
    chosen = read_filter(call.text, now, who.id)
    with there(call).store() as store:
        tenant = tenant_of(call, store)
        may_take_out(store, tenant, who, now, "judge the register", admins=admins)
        count = differing = 0
        for one in judged_again(store, tenant, chosen.which, uk_date(now), edition):
            count += 1
            if one is not None:
                differing += 1
                print(_said(one))
    print(f"{counted(count, 'incident')}, {differing} would be decided otherwise. Nothing was changed.")
    return 1 if differing else 0


def _said(one: Differing) -> str:
    before = f"was {OUTCOMES.get(one.before, one.before)}{_coded(one.codes_before)}"
    if one.why:
        return f"{one.number} {one.title}: {before}; its facts are no longer accepted: {one.why}"
    return f"{one.number} {one.title}: {before}, would be {OUTCOMES[one.now]}{_coded(one.codes_now)}"


def _coded(codes: tuple[str, ...]) -> str:
    return f" ({', '.join(codes)})" if codes else ""


@dataclass(frozen=True)
class _Rows:
    columns: tuple[Column, ...]
    found: Found
    leaving: LeavingOut

    def of_a_table(self) -> Iterator[list[Value]]:
        for one in self.found:
            row = KeptIncident.of(one)
            yield [self._value(column, column.of(row)) for column in self.columns]

    def _value(self, column: Column, value: Value) -> Value:
        return self.leaving.of(value) if column.holds_words and isinstance(value, str) else value

    def of_the_contract(self) -> Iterator[dict[str, object]]:
        """Facts as `irmer decide` takes them, the verdict kept on them, and whether it was agreed to."""
        for one in self.found:
            record, facts = one.record, one.record.assessment.facts
            facts = {name: self.leaving.of(value) if name in _IN_WORDS and isinstance(value, str) else value
                     for name, value in facts.items()}  # fmt: skip
            yield {"record": record.number, "revision": record.revision, "facts": facts,
                   "verdict": record.assessment.verdict, "agreed": agreed(record)}  # fmt: skip


def _written(file: Path, ending: str, rows: _Rows, about: Sequence[tuple[str, str]], *, excel: bool) -> None:
    if ending == ".jsonl":
        with file.open("w", encoding="utf-8") as out:
            for one in rows.of_the_contract():
                out.write(json.dumps(one, ensure_ascii=False) + "\n")
    elif ending == ".xlsx":
        sheets.write_workbook(file, rows.columns, rows.of_a_table(), about)
    else:
        with file.open("w", encoding="utf-8", newline="") as out:
            sheets.write_csv(out, rows.columns, rows.of_a_table(), excel=excel)


def _about(chosen: Filter, by: Person, when: str, tenant: str, count: int) -> tuple[tuple[str, str], ...]:
    return (
        ("what", "the register of radiation incidents, a row for each record's latest revision"),
        ("organisation", tenant), ("when", when), ("who", by.called),
        ("filter", chosen.words or "none: every incident"), ("incidents", str(count)),
        ("how it is decided", "the employer decides, the medical physics expert confirms"),
    )  # fmt: skip

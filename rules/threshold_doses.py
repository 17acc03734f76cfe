"""The rows that a quantity is about, and the number that they come to for it."""

from __future__ import annotations

from rules.conditions import RatioWithin, Within
from rules.edition_model import Criterion, Edition
from rules.quantities import Found
from rules.spans import EXACT, INFINITY, Bound, Span, exactly, plain
from rules.threshold_rows import Entry, row_of
from rules.topics import COURSE, DOSES

# The codes that a quantity can be about, by its unit.
CODES_OF = {
    "Sv": frozenset(DOSES.split()),
    "Gy": frozenset({"5"}),
    "Bq": frozenset({"10.1", "10.2"}),
    "": frozenset(("2.2", "2.4", *COURSE.split(), "10.1", "10.2")) - {"9.1"},
}


def by_quantities(
    quantities: list[Found],
    about: frozenset[str],
    edition: Edition,
    notes: list[str],
    *,
    total: bool,
    child: bool,
) -> list[Entry]:
    notes += [f"{found.refusal[:1].upper()}{found.refusal[1:]}." for found in quantities if found.refusal]
    matches: list[Entry] = []
    for found in quantities:
        codes = CODES_OF.get(found.base, CODES_OF[""])
        if found.span is None or (about and not about & codes):
            continue
        asked = [edition.by_code[code] for code in sorted(codes)]
        if found.base == "Sv" and total and len(quantities) == 1:
            notes.append("What a total is held against depends on the dose that was intended.")
            here = [row_of(edition.by_code["1"]), *map(row_of, asked)]
        elif found.base == "Sv":
            notes.append(_AS_INTENDED[len(quantities) > 1])
            here = (
                [row_of(edition.by_code["1"])]
                if found.span.is_zero
                else _by_dose(found.span, edition, child=child)
            )
        elif found.base == "Bq":
            here = [_by_activity(criterion, found.span) for criterion in asked]
        else:
            here = [row_of(criterion) for criterion in asked]
        matches += [match for match in here if match.code in about] or here
    return matches


_AS_INTENDED = (
    "The dose is read as the intended one. If no exposure was intended, it is accidental: code 1.",
    "Each dose is read as an intended one. For an incident, check what happened instead.",
)


def _by_dose(intended: Span, edition: Edition, *, child: bool) -> list[Entry]:
    """From which total on an intended dose is notifiable, by the rows in whose bands it lies."""
    found = []
    for code, band in edition.bands.items():
        if part := intended & band:
            criterion = edition.by_code[code]
            adult, young = (_from(criterion, part, group) for group in ("adult", "child"))
            line = f"With {part.words('mSv')} intended, notify from {adult} in all"
            line += f", for a child from {young}." if young != adult else "."
            said, whose, other = (young, "an adult", adult) if child else (adult, "a child", young)
            amount, _, times = said.partition(" (")
            figure = f"{amount} or more in all" + f" ({times}" * bool(times)
            figure += f" ({whose} {other} or more)" if young != adult else ""
            row = Entry(code, criterion.category, line, criterion.where, figure, row_of(criterion).intended)
            found.append(row)
    return found


def _from(criterion: Criterion, intended: Span, age_group: str) -> str:
    """The total from which a row is met, taken from its condition: `25 mSv`, `15 mSv, 10 times that,`."""
    rest = criterion.when.without({"intended_dose": intended, "age_group": frozenset({age_group})})
    assert not isinstance(rest, bool)
    atoms = list(rest.atoms())
    limits = [atom.limit for atom in atoms if isinstance(atom, Within)]
    if limits:
        return f"{plain(min(limits))} mSv"
    (atom,) = (atom for atom in atoms if isinstance(atom, RatioWithin))
    if not intended.positive or intended.high.value == INFINITY:
        return f"{plain(atom.limit)} times what was intended"
    reach = _times(intended, atom).words("mSv")
    return f"{reach} ({plain(atom.limit)} times)"


def _times(span: Span, atom: RatioWithin) -> Span:
    low, high = (Bound(EXACT.multiply(bound.value, atom.limit)) for bound in span)
    return Span(low, high)


def _by_activity(criterion: Criterion, prescribed: Span) -> Entry:
    """Outside which activities a prescribed one is notifiable."""
    if not prescribed.exact or prescribed.is_zero:
        return row_of(criterion)
    limits = [_times(prescribed, a) for a in criterion.when.atoms() if isinstance(a, RatioWithin)]
    below, over = (limit.words("MBq") for limit in sorted(limits))
    given = exactly(prescribed.low.value).words("MBq")
    line = f"With {given} prescribed, notify where less than {below} or more than {over} was delivered."
    figure = f"Less than {below}, or more than {over}"
    return Entry(criterion.code, criterion.category, line, criterion.where, figure)

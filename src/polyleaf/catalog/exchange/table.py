"""What a spreadsheet and a CSV file share: the columns, and how rows are read from cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from polyleaf.catalog.exchange.notes import values
from polyleaf.catalog.exchange.row import Returned, Row
from polyleaf.catalog.exchange.unit import MISSING, NEEDS_REVIEW, TRANSLATED, Parcel, Unit
from polyleaf.errors import Problems, nearest

STATES = (TRANSLATED, NEEDS_REVIEW, MISSING)

Line = tuple[int, Sequence[str]]
"""A row's number in its file, counted from 1, and its cells."""

COLUMNS: dict[str, Callable[[Unit], str]] = {
    "domain": lambda unit: unit.domain,
    "section": lambda unit: unit.section,
    "source": lambda unit: unit.source,
    "source plural": lambda unit: unit.plural,
    "plural form": lambda unit: unit.form,
    "target": lambda unit: unit.target,
    "state": lambda unit: unit.state,
    "values": values,
    "comment": lambda unit: unit.message.comment,
    "translator comments": lambda unit: "\n".join(unit.remarks),
    "glossary": lambda unit: "\n".join(unit.glossary),
    "id": lambda unit: unit.id,
    "exported": lambda unit: unit.exported,
}
"""The columns in their order, but for `locale`, which is the last."""

HEADER = (*COLUMNS, "locale")
_NEEDED = ("id", "locale", "domain", "section", "source", "source plural", "plural form", "target", "state", "exported")
_NEVER_EMPTY = ("id", "locale", "domain", "source", "exported")
_SAID = {"translated": False, "final": False, "needs-review": True, "fuzzy": True, "missing": None, "": None}


def lines(parcels: Iterable[Parcel]) -> Iterator[list[str]]:
    """The cells of each unit, in the order of `HEADER`."""
    for parcel in parcels:
        for unit in parcel.units:
            yield [*(cell(unit) for cell in COLUMNS.values()), parcel.locale]


def returned(path: Path, found: Iterable[Line], problems: Problems | None = None) -> Returned:
    """The rows below a header, with the problems of cells. Raises `PolyleafError` with every missing column."""
    rows = iter(found)
    line, header = next(rows, (1, ()))
    names = [name.strip().lower() for name in header]
    _check_header(names, path, line)
    problems = problems or Problems()
    read = []
    for number, cells in rows:
        if any(cell.strip() for cell in cells):
            with problems.collect():
                read.append(_row(path, number, names, cells))
    return Returned(path, _most_common([row.locale or "" for row in read]), read, problems.found)


def known_columns(names: Iterable[str]) -> int:
    """How many of the names in a header are those of needed columns."""
    return len({name.strip().lower() for name in names} & set(_NEEDED))


def _check_header(names: Sequence[str], path: Path, line: int) -> None:
    problems = Problems()
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        hint = "the first row names the columns as `polyleaf catalog export` does; bring them back, in any order"
        problems.add(f"missing columns: {', '.join(missing)}", path, line, hint)
    for name in _NEEDED:
        if names.count(name) > 1:
            problems.add(f"the column {name!r} is there {names.count(name)} times", path, line, "keep one of them")
    problems.raise_if_any()


def _row(path: Path, line: int, names: Sequence[str], cells: Sequence[str]) -> Row:
    problems = Problems()
    if any(cell.strip() for cell in cells[len(names) :]):
        problems.add("more cells than columns", path, line, "put a text with a separator or line break into quotes")
    said = dict(zip(names, (*cells, *[""] * len(names)), strict=False))
    for name in _NEVER_EMPTY:
        if not said[name].strip():
            problems.add(f"{name}: the cell is empty", path, line, "export again, or put back what was there")
    state = said["state"].strip().lower().replace(" ", "-")
    if state not in _SAID:
        problems.add(f"state: unknown {said['state']!r}", path, line, nearest(state, STATES))
    problems.raise_if_any()
    return Row(
        line=line,
        id=said["id"].strip(),
        target=said["target"],
        fuzzy=_SAID[state],
        exported=said["exported"].strip(),
        locale=said["locale"].strip(),
        domain=said["domain"].strip(),
        section=said["section"].strip(),
        source=said["source"],
        plural=said["source plural"],
        form=said["plural form"].strip(),
    )


def _most_common(names: Sequence[str]) -> str:
    return Counter(names).most_common(1)[0][0] if names else ""

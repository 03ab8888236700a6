"""XLSX workbooks. Every cell is text: nothing is run when one is opened, and nothing that was computed is believed."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel import Locale

from polyleaf.catalog.exchange import table
from polyleaf.catalog.exchange.row import Returned
from polyleaf.catalog.exchange.unit import Parcel
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.package import check_package

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell, MergedCell
    from openpyxl.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_LARGEST = 200 * 2**20  # bytes unpacked: about 200,000 texts
_MOST_COLUMNS = 50
_SHEET = "Translations"
_WIDTHS = {"source": 60, "target": 60, "source plural": 30, "values": 30, "comment": 40, "translator comments": 30}
_OTHER_WIDTH = 16
_HIDDEN = ("id", "exported", "locale")
_OPEN = ("target", "state")
_GREY, _HEAD = "FFEDEDED", "FF0B5563"
_UNREADABLE = 'save it as "Excel workbook (.xlsx)" without a password'

_READ_ME = (
    "How to translate in this workbook",
    f'Write your translation into the column "target" of the sheet "{_SHEET}". All other texts are there to help you.',
    "Keep what stands in braces, such as {rest}, exactly once and unchanged: a number with its unit comes in its place."
    ' The column "values" shows what a patient reads there. Keep marks such as [@nice] in the same way.',
    "Stars mark what is printed in bold or italics: **bold**, *italics*. Keep them around their words.",
    'A text with a "plural form" is there once for each form of your language. Translate all of them.',
    'Set "state" to "translated" when the translation is right, or to "needs-review" when somebody should look at it.',
    "You may sort, filter and hide. Do not change the grey cells, and do not copy rows from one workbook into another.",
    "A row whose target is empty changes nothing.",
)


def write(parcels: Sequence[Parcel]) -> bytes:
    """The parcels as a workbook: a sheet with the texts, and one that says how to work with it."""
    from openpyxl import Workbook

    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = _SHEET
    _fill(sheet, parcels)
    _read_me(workbook)
    data = BytesIO()
    workbook.save(data)
    return data.getvalue()


def _fill(sheet: Worksheet, parcels: Sequence[Parcel]) -> None:
    from openpyxl.utils import get_column_letter

    style = _Styles(Locale.parse(parcels[0].locale))
    for row, line in enumerate([list(table.HEADER), *table.lines(parcels)], start=1):
        for column, (name, text) in enumerate(zip(table.HEADER, line, strict=True), start=1):
            cell = sheet.cell(row, column)
            _write_text(cell, text)
            style.apply(cell, name, heads=row == 1)
    for column, name in enumerate(table.HEADER, start=1):
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = _WIDTHS.get(name, _OTHER_WIDTH)
        dimension.hidden = name in _HIDDEN
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    _offer_states(sheet)
    _protect(sheet)


def _write_text(cell: Cell | MergedCell, text: str) -> None:
    """Write text, whatever it begins with; `quotePrefix` is what Excel sets for a text with an apostrophe before it."""
    cell.value = text or None
    if text:
        cell.data_type = "s"
        cell.number_format = "@"  # what is typed over it is text too: not a date, and not computed
    if text[:1] in tuple("=+-@\t"):
        cell.quotePrefix = True


class _Styles:
    """How cells look. Made once: a workbook keeps each style that it meets."""

    def __init__(self, locale: Locale) -> None:
        from openpyxl.styles import Alignment, Font, PatternFill, Protection

        rightward = locale.character_order == "right-to-left"
        self._source = Alignment(wrap_text=True, vertical="top", horizontal="left", readingOrder=1)
        self._target = Alignment(
            wrap_text=True,
            vertical="top",
            horizontal="right" if rightward else "left",
            readingOrder=2 if rightward else 1,
        )
        self._head = PatternFill("solid", fgColor=_HEAD)
        self._head_font = Font(bold=True, color="FFFFFFFF")
        self._grey = PatternFill("solid", fgColor=_GREY)
        self._open = Protection(locked=False)

    def apply(self, cell: Cell | MergedCell, name: str, heads: bool) -> None:
        cell.alignment = self._target if name == "target" and not heads else self._source
        if heads:
            cell.fill, cell.font = self._head, self._head_font
        elif name in _OPEN:
            cell.protection, cell.number_format = self._open, "@"
        else:
            cell.fill = self._grey


def _offer_states(sheet: Worksheet) -> None:
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    letter = get_column_letter(table.HEADER.index("state") + 1)
    states = DataValidation(type="list", formula1=f'"{",".join(table.STATES)}"', allow_blank=True)
    states.add(f"{letter}2:{letter}{max(sheet.max_row, 2)}")
    sheet.add_data_validation(states)


def _protect(sheet: Worksheet) -> None:
    """Keep grey cells from being typed over by mistake; there is no password, and filters and widths stay free."""
    protection = sheet.protection
    protection.autoFilter = protection.sort = protection.formatColumns = protection.formatRows = False
    protection.enable()


def _read_me(workbook: Workbook) -> None:
    from openpyxl.styles import Alignment, Font

    sheet = workbook.create_sheet("Read me")
    sheet.column_dimensions["A"].width = 100
    for row, text in enumerate(_READ_ME, start=1):
        cell = sheet.cell(row, 1)
        _write_text(cell, text)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=row == 1, size=14 if row == 1 else 11)


# Reading -------------------------------------------------------------------------------------------------------------


def read_returned(data: bytes, path: Path) -> Returned:
    """What the sheet with the texts says. Raises `PolyleafError`."""
    check_package(data, path, "workbook", _LARGEST, _UNREADABLE)
    problems = Problems()
    return table.returned(path, _lines(data, path, problems), problems)


def _lines(data: bytes, path: Path, problems: Problems) -> list[table.Line]:
    from openpyxl import load_workbook

    lines: list[table.Line] = []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what openpyxl does not keep, such as pictures
            workbook = load_workbook(BytesIO(data), read_only=True)
            rows = _sheet(workbook).iter_rows(max_col=_MOST_COLUMNS)
            for number, row in enumerate(rows, start=1):
                if any(cell.value is not None for cell in row):
                    lines.append((number, [_text(cell, path, number, problems) for cell in row]))
    except Exception as error:  # whatever openpyxl meets in a broken file
        message = f"the workbook cannot be read: {type(error).__name__}: {error}"
        raise PolyleafError(Problem(message, path, hint=_UNREADABLE)) from None
    return lines


def _sheet(workbook: Workbook) -> Any:
    """The sheet whose first row names the most of our columns."""

    def known(sheet: Any) -> int:
        sheet.reset_dimensions()  # what a file says about its own size need not be true
        first = next(sheet.iter_rows(max_row=1, max_col=_MOST_COLUMNS, values_only=True), ())
        return table.known_columns(str(value) for value in first)

    return max(workbook.worksheets, key=known)


def _text(cell: Any, path: Path, line: int, problems: Problems) -> str:
    """A cell's text as it was typed: a formula is its own text, whatever it came to."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, str) and cell.data_type != "e":
        return value.replace("_x000D_", "\r")  # as Office writes the first half of a Windows line break
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return str(value)
    if formula := getattr(value, "text", None):
        return str(formula)
    what = f"the error {value}" if cell.data_type == "e" else "a date or time"
    hint = 'give the cell the format "Text", and type again'
    problems.add(f"cell {cell.coordinate}: holds {what}, which is no text", path, line, hint)
    return ""

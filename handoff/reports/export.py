"""Reports as files for spreadsheets: CSV and XLSX, in which no cell can become a formula."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.styles import Font  # type: ignore[import-untyped]

from frontline.clock import local
from handoff.reports.definitions import word
from handoff.reports.report import Report

Cell = str | float | int | None
CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet holds."""
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
# OWASP, "CSV Injection": a cell that begins with one of these is a formula to some program; the
# wide forms are for those that read them as the narrow ones.
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def csv_file(report: Report, separator: Literal[";", ","] = ";") -> bytes:
    """The report as CSV in UTF-8 with a byte order mark, so that Excel reads Polish letters.

    With `;` numbers have a decimal comma, as Polish spreadsheets expect them; with `,` a point.
    The last lines say what the numbers mean.
    """
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    for row in (*_rows(report), (), *_meaning(report)):
        writer.writerow([_csv_cell(cell, separator) for cell in row])
    return text.getvalue().encode("utf-8-sig", "replace")


def xlsx_file(report: Report) -> bytes:
    """The report as a workbook: numbers, their definition, and the cases behind them."""
    book = Workbook(write_only=True)
    for title, rows in (
        ("report", _rows(report)),
        ("definition", _meaning(report)),
        ("cases", _behind(report)),
    ):
        sheet = book.create_sheet(word(title, report.language))
        sheet.column_dimensions["A"].width = 24
        for number, row in enumerate(rows):
            heading = number == 0 and title != "definition"
            sheet.append([_xlsx_cell(sheet, cell, heading) for cell in row])
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def file_name(report: Report, ending: str) -> str:
    """Like `service_level_2026-11-01_2026-11-30.csv`; plain ASCII."""
    first, last = local(report.since).date(), _last_day(report)
    return f"{report.kpi}_{first.isoformat()}_{last}.{ending}"


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe stands before what could be."""
    plain = _UNPRINTABLE.sub("\ufffd", text)
    plain = f"'{plain}" if _FORMULA.match(plain) else plain
    return plain if len(plain) <= LONGEST_CELL else f"{plain[: LONGEST_CELL - 1]}…"


def _csv_cell(cell: Cell, separator: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return guarded(cell)
    number = f"{cell:.2f}".rstrip("0").rstrip(".") if isinstance(cell, float) else str(cell)
    return number.replace(".", ",") if separator == ";" else number


def _xlsx_cell(sheet: Any, cell: Cell, heading: bool) -> Any:
    """A typed cell: numbers as numbers, and text as text, which is never worked out."""
    if not isinstance(cell, str):
        return WriteOnlyCell(sheet, cell)
    made = WriteOnlyCell(sheet, "")
    made.value = _UNPRINTABLE.sub("\ufffd", cell)[:LONGEST_CELL]
    made.data_type = "s"  # openpyxl takes what begins with = for a formula, unless told
    made.quotePrefix = True  # so that it stays text when somebody edits the cell
    if heading:
        made.font = Font(bold=True)
    return made


def _rows(report: Report) -> Iterator[tuple[Cell, ...]]:
    language = report.language
    first = word(report.group_by or "group", language)
    unit = word(report.unit, language)
    value = f"{word('value', language)} ({unit})"
    yield first, value, word("n", language), word("cases", language)
    for group in report.groups:
        yield group.label, group.value, group.n, " ".join(group.cases)
    total = report.total
    yield word("total", language), total.value, total.n, " ".join(report.cases)


def _meaning(report: Report) -> Iterator[tuple[Cell, ...]]:
    language = report.language
    yield word("name", language), report.name
    yield word("definition", language), report.definition
    yield word("unit", language), word(report.unit, language)
    yield word("since", language), _moment(report.since)
    yield word("until", language), _moment(report.until)


def _behind(report: Report) -> Iterator[tuple[Cell, ...]]:
    language = report.language
    yield word(report.group_by or "group", language), word("case", language)
    for group in report.groups:
        for case_id in group.cases:
            yield group.label, case_id
    if not report.groups:
        for case_id in report.cases:
            yield word("total", language), case_id


def _moment(moment: datetime) -> str:
    return local(moment).isoformat(sep=" ", timespec="minutes")


def _last_day(report: Report) -> str:
    """The local day to which the last moment belongs."""
    return local(report.until - timedelta(microseconds=1)).date().isoformat()

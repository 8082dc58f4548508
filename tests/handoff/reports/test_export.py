import csv
import io
from datetime import date

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from handoff.reports.export import csv_file, file_name, guarded, xlsx_file
from handoff.reports.report import Group, Report, Total, interval

SINCE, UNTIL = interval(date(2026, 11, 1), date(2026, 11, 30))
NASTY = [
    '=HYPERLINK("http://x","klik")', "+48 600", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1",
    " =1", "＝1", "=cmd|'/c calc'!A0", "\x00=1", "a\ud800b",
]  # fmt: skip


def a_report(*labels: str, value: float | None = -12.5, language: str = "pl") -> Report:
    groups = [
        Group(value, 3, 1, 3, key=label, label=label, cases=["01A", "=01B"]) for label in labels
    ]
    return Report(
        kpi="asa", name="ASA", definition="Suma; „żółw”", unit="seconds", since=SINCE, until=UNTIL,
        language=language, group_by="agent", total=Total(1234.5, 4, 0, 0), groups=groups,
        cases=["01A"],
    )  # fmt: skip


def rows_of(content: bytes, separator: str = ";") -> list[list[str]]:
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))


def test_csv_for_polish_spreadsheets_has_semicolons_commas_and_a_byte_order_mark() -> None:
    content = csv_file(a_report("Ania; „Żółw”"))
    assert content.startswith(b"\xef\xbb\xbf")
    assert rows_of(content) == [
        ["Konsultant", "Wartość (s)", "n", "Sprawy"],
        ["Ania; „Żółw”", "-12,5", "3", "01A =01B"],
        ["Razem", "1234,5", "4", "01A"],
        [],
        ["Wskaźnik", "ASA"],
        ["Definicja", "Suma; „żółw”"],
        ["Jednostka", "s"],
        ["Od", "2026-11-01 00:00+01:00"],
        ["Do (bez tej chwili)", "2026-12-01 00:00+01:00"],
    ]


def test_csv_with_commas_has_decimal_points() -> None:
    made = rows_of(csv_file(a_report("Ania", language="en"), ","), ",")
    assert made[0] == ["Agent", "Value (s)", "n", "Cases"]
    assert made[1][1] == "-12.5"  # a number stays a number, also below zero


def test_what_is_not_known_is_an_empty_cell() -> None:
    assert rows_of(csv_file(a_report("Ania", value=None)))[1][1] == ""
    book = load_workbook(io.BytesIO(xlsx_file(a_report("Ania", value=None))))
    assert book.worksheets[0]["B2"].value is None


@pytest.mark.parametrize("label", NASTY)
def test_no_cell_becomes_a_formula(label: str) -> None:
    cell = rows_of(csv_file(a_report(label)))[1][0]
    assert cell[0] not in "=+-@\t\r\n＝ " or cell[0] == "�"
    book = load_workbook(io.BytesIO(xlsx_file(a_report(label))))
    found = book.worksheets[0]["A2"]
    assert found.data_type in ("s", "inlineStr")
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)


@given(st.text(max_size=60))
def test_guarded_text_never_begins_like_a_formula_and_loses_nothing(text: str) -> None:
    safe = guarded(text)
    assert not safe.lstrip().startswith(("=", "+", "-", "@"))
    assert not safe.startswith(("\t", "\r", "\n"))
    assert len(safe) - len(text) in (0, 1)


def test_a_workbook_has_numbers_their_meaning_and_the_cases() -> None:
    book = load_workbook(io.BytesIO(xlsx_file(a_report("Ania", "Bartek"))))
    assert book.sheetnames == ["Raport", "Definicja", "Sprawy"]
    numbers, meaning, behind = book.worksheets
    assert [cell.value for cell in numbers[2]] == ["Ania", -12.5, 3, "01A =01B"]
    assert numbers["B2"].data_type == numbers["C2"].data_type == "n"
    assert [cell.value for cell in numbers[4]][:3] == ["Razem", 1234.5, 4]
    assert meaning["B2"].value == "Suma; „żółw”"
    assert behind["B3"].value == "=01B"
    assert behind["B3"].data_type != "f"
    assert behind["B3"].quotePrefix
    assert behind.max_row == 5


def test_a_report_without_groups_lists_the_cases_of_the_total() -> None:
    book = load_workbook(io.BytesIO(xlsx_file(a_report())))
    assert [cell.value for cell in book.worksheets[2][2]] == ["Razem", "01A"]


def test_too_long_a_text_is_cut_to_what_a_cell_holds() -> None:
    long = "=" + "x" * 40_000
    assert len(guarded(long)) == 32_767
    book = load_workbook(io.BytesIO(xlsx_file(a_report(long))))
    assert len(book.worksheets[0]["A2"].value) == 32_767


def test_files_are_named_after_the_figure_and_its_days() -> None:
    assert file_name(a_report(), "csv") == "asa_2026-11-01_2026-11-30.csv"


def test_a_report_is_json_as_the_desk_expects_it() -> None:
    made = msgspec.json.decode(msgspec.json.encode(a_report("Ania")))
    assert {"kpi", "name", "definition", "unit", "total", "groups"} <= made.keys()
    assert {"value", "n"} <= made["total"].keys()
    assert {"key", "label", "value", "n", "cases"} <= made["groups"][0].keys()

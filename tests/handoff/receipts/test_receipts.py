import io
from datetime import UTC, datetime
from typing import Any, cast

import msgspec
import pytest
from pypdf import PdfReader

from frontline.turns import FileRef
from handoff import receipts
from handoff.app_parts import Parts
from handoff.case import Case
from handoff.files import Files
from handoff.pdf import MISSING, printable

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ROWS = [
    ["Sklep", "Sklep Demo sp. z o.o., ul. Długa 1, 00-950 Łódź"],
    ["Czego dotyczy", "Zamówienie ZA-2026-104731: czajnik «Żółw»"],
    ["Co się stało", "Pękła obudowa; ćma, gęś, źdźbło, ŁÓDŹ."],
    ["Żądanie", "wymiana na nowy"],
    ["Odpowiedź", "e-mailem"],
]


LEGAL = {
    "regime": "PL_UPK_7A",
    "received_at": NOW.isoformat(),
    "due": "2026-12-08",
    "rolls_to": None,
}


async def a_complaint(parts: Parts, language: str = "pl") -> Case:
    conversation = await parts.conversations.create("web", language, "Dzień dobry")
    case = await parts.cases.open(
        conversation.id, reason="complaint", kind="complaint", waits=False
    )
    return msgspec.structs.replace(case, legal=LEGAL)


async def issued(parts: Parts, case: Case, receipt: dict[str, Any]) -> tuple[FileRef, bytes]:
    async with parts.database.write() as connection:
        ref = await receipts.issue(connection, case, receipt, NOW)
    return ref, (await Files(parts.database, parts.clock).load(ref.id)).content


def text_of(content: bytes) -> str:
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


async def test_a_complaint_is_confirmed_with_all_that_was_said_and_the_date_of_answer(
    parts: Parts,
) -> None:
    case = await a_complaint(parts)
    ref, content = await issued(parts, case, {"title": None, "rows": ROWS})
    text = text_of(content)
    for said in [
        "Potwierdzenie przyjęcia reklamacji",
        case.number,
        "24 listopada 2026, godz. 11:00 (czas polski)",
        "8 grudnia 2026",
        "art. 7a ustawy z dnia 30 maja 2014 r. o prawach konsumenta",
        "automatycznie",
        *(part for row in ROWS for part in row),
    ]:
        assert said in text
    assert ref.name == f"potwierdzenie-{case.number}.pdf"
    assert (ref.kind, ref.size) == ("application/pdf", len(content))


async def test_it_is_in_the_language_of_the_conversation(parts: Parts) -> None:
    case = await a_complaint(parts, "en")
    text = text_of(receipts.render(case, {"rows": ROWS}, NOW))
    assert "Confirmation that your complaint was received" in text
    assert "24 November 2026, 11:00 (Polish time)" in text
    assert "8 December 2026" in text
    assert "art. 7a of the Polish Act of 30 May 2014" in text


async def test_it_can_be_read_aloud_and_kept_for_years(parts: Parts) -> None:
    case = await a_complaint(parts)
    reader = PdfReader(io.BytesIO(receipts.render(case, {"rows": ROWS}, NOW)))
    root = cast("dict[str, Any]", reader.trailer["/Root"])
    assert root["/Lang"] == "pl-PL"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    tags = [kid.get_object()["/S"] for kid in root["/StructTreeRoot"]["/K"][0]["/K"]]
    assert tags[0] == "/H1"
    assert set(tags[1:]) == {"/P"}
    assert reader.xmp_metadata is not None
    title = f"Potwierdzenie przyjęcia reklamacji {case.number}"
    assert reader.xmp_metadata.dc_title == {"x-default": title}
    assert "<pdfaid:part>2<" in root["/Metadata"].get_data().decode()


async def test_the_same_case_at_the_same_moment_is_the_same_file(parts: Parts) -> None:
    case = await a_complaint(parts)
    receipt = {"rows": ROWS}
    assert receipts.render(case, receipt, NOW) == receipts.render(case, receipt, NOW)


async def test_a_case_has_one_receipt_however_often_it_is_asked_for(parts: Parts) -> None:
    case = await a_complaint(parts)
    first, _ = await issued(parts, case, {"rows": ROWS})
    second, _ = await issued(parts, case, {"rows": []})
    assert first == second


async def test_the_customer_is_given_it_with_the_case(parts: Parts) -> None:
    conversation = await parts.conversations.create("web", "pl", "Dzień dobry")
    case = await parts.cases.open(
        conversation.id, reason="complaint", kind="complaint", receipt={"rows": ROWS}
    )
    [turn] = [t for t in await parts.conversations.turns(conversation.id) if t.files]
    stored = await Files(parts.database, parts.clock).load(turn.files[0].id, conversation.id)
    assert case.number in text_of(stored.content)


@pytest.mark.parametrize(
    ("kind", "regime", "due", "law"),
    [
        ("withdrawal", "PL_UPK_32", "Zwrot płatności najpóźniej", "art. 32 ustawy"),
        ("privacy_request", "GDPR_12_3", "Odpowiedź najpóźniej", "art. 12 ust. 3"),
        ("complaint", "PL_FINANCIAL", "Odpowiedź najpóźniej", "prawna terminu: ustawa X, art. 5."),
    ],
)
async def test_each_kind_names_its_own_article(
    parts: Parts, kind: str, regime: str, due: str, law: str
) -> None:
    case = await a_complaint(parts)
    legal = LEGAL | {"regime": regime, "source": "ustawa X, art. 5"}
    other = msgspec.structs.replace(case, kind=kind, legal=legal)
    text = text_of(receipts.render(other, {"rows": ROWS}, NOW))
    assert due in text
    assert law in text
    assert "art. 7a" not in text


async def test_without_a_statutory_clock_no_date_is_promised(parts: Parts) -> None:
    case = msgspec.structs.replace(await a_complaint(parts), kind="question", legal=None)
    text = text_of(receipts.render(case, {"rows": ROWS}, NOW))
    assert "najpóźniej" not in text
    assert "art." not in text


@pytest.mark.parametrize(
    "hostile",
    [
        "x" * 10_000,
        "słowo " * 5_000,
        "\n" * 10_000,
        "\x00\x07\x1b[31m\u202eodwrócone\u2066\u200f",
        "שלום עולם ",
        "😀👩‍👩‍👧‍👦🇵🇱" * 500,
        "Z̷̡̛͎a̸͕͠l̵̺̐g̴͚͌ơ̷̬" * 200,
        "(hi) \\) Tj ET endstream /JS (app.alert(1))",
        "\ud800 pół znaku",
        "**pogrubione** __x__ --y--",
        "",
    ],
    ids=["word", "long", "lines", "control", "rtl", "emoji", "marks", "pdf", "half", "md", "empty"],
)
async def test_hostile_text_leaves_the_rest_readable(parts: Parts, hostile: str) -> None:
    case = await a_complaint(parts)
    rows = [["Co się stało", hostile], [hostile, "obok"], ["Żądanie", "zwrot pieniędzy"]]
    text = text_of(receipts.render(case, {"title": hostile or None, "rows": rows}, NOW))
    assert "zwrot pieniędzy" in text
    assert "8 grudnia 2026" in text
    assert not {"\x00", "\x1b", "\u202e", "\u2066"} & set(text)


async def test_what_the_font_cannot_show_is_marked_and_explained(parts: Parts) -> None:
    case = await a_complaint(parts)
    text = text_of(receipts.render(case, {"rows": [["Opis", "pękło 😡😡 i już"]]}, NOW))
    assert f"pękło {MISSING} i już" in text
    assert "zastępuje znaki" in text
    assert "zastępuje" not in text_of(receipts.render(case, {"rows": ROWS}, NOW))


def test_text_is_printed_as_it_was_written() -> None:
    assert printable("Zażółć gęślą jaźń – 5 €, „ok”") == "Zażółć gęślą jaźń – 5 €, „ok”"
    assert printable("z\u0307o\u0301l") == "żól"
    assert printable("a\tb\r\nc") == "a b\nc"
    assert printable("a\n \n\n\nb") == "a\n\nb"

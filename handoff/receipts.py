"""Receipts: what a customer has told us, confirmed on a durable medium, with the date of answer.

A complaint is answered within 14 days on paper or another durable medium, and silence accepts it
(art. 7a of the Polish Act of 30 May 2014 on consumer rights); a withdrawal that was declared online
is confirmed on a durable medium at once (art. 30). A PDF file that the customer keeps is one
(art. 2 point 4).
"""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.clock import local
from frontline.lang.dates import written_day, written_time
from frontline.turns import Author, FileRef
from handoff import files
from handoff.case import Case
from handoff.desk_tables import files as file_table
from handoff.desk_tables import receipts

MEDIA_TYPE = "application/pdf"
LONGEST_VALUE = 10_000
"""Characters of one row; the conversation itself has no such bound."""
MOST_ROWS = 40


class Words(msgspec.Struct, frozen=True):
    """What is written on a receipt in one language, from receipts.yml."""

    titles: dict[str, str]
    number: str
    received: str
    received_at: str
    due: dict[str, str]
    law: dict[str, str]
    basis: str
    automatic: str
    missing: str
    cut: str
    foot: str
    file: str


def _words(language: str) -> Words:
    text = (Path(__file__).parent / "receipts.yml").read_bytes()
    both = msgspec.yaml.decode(text, type=dict[str, Words])
    return both.get(language, both["pl"])


async def issue(
    connection: AsyncConnection, case: Case, receipt: Mapping[str, Any], now: datetime
) -> FileRef:
    """Make the receipt of a case, inside the caller's transaction; a case has one.

    Args:
        connection: of the transaction that opens the case.
        case: its number is the receipt's.
        receipt: `title` (None = by the case's kind) and `rows` of a label and a value each: what
            was said, the wish, how the answer comes, the shop's name and address.
        now: the moment of issue.
    """
    known = (
        await connection.execute(
            select(*files.REF)
            .join(receipts, receipts.c.file_id == file_table.c.id)
            .where(receipts.c.number == case.number)
        )
    ).one_or_none()
    if known:
        return FileRef(*known)
    content = await asyncio.to_thread(render, case, receipt, now)
    name = _words(case.language).file.format(number=case.number)
    file = await files.keep(
        connection, case.conversation_id, Author.SYSTEM, name, MEDIA_TYPE, content, now,
        case_id=case.id,
    )  # fmt: skip
    await connection.execute(
        insert(receipts).values(
            number=case.number, case_id=case.id, kind=case.kind, file_id=file.id, issued_at=now
        )
    )
    return file


def render(case: Case, receipt: Mapping[str, Any], now: datetime) -> bytes:
    """The receipt as a PDF. The same case, receipt and moment give the same bytes."""
    from handoff import pdf  # only who issues receipts pays for the PDF library

    words = _words(case.language)
    title = str(receipt.get("title") or words.titles.get(case.kind, words.titles["question"]))
    rows = [
        (str(label), _shortened(str(value), words)) for label, value in receipt["rows"][:MOST_ROWS]
    ]
    foot = words.foot.format(number=case.number)
    document = pdf.Document(
        title=f"{title} {case.number}", language=case.language, at=now, foot=foot
    )
    document.heading(title)
    document.row(words.number, case.number)
    document.row(words.received, _moment(_received_at(case), words, case.language))
    document.rule()
    for label, value in rows:
        document.row(label, value)
    document.rule()
    _tell_due(document, case, words)
    if any(pdf.MISSING in pdf.printable(text) for row in rows for text in row):
        document.paragraph(words.missing.format(sign=pdf.MISSING), small=True)
    document.paragraph(words.automatic, small=True)
    return document.bytes()


def _tell_due(document: Any, case: Case, words: Words) -> None:
    """The date by law and where it is written; nothing when no law sets one."""
    legal = case.legal
    if not legal or not legal.get("due"):
        return
    label = words.due.get(case.kind, words.due["question"])
    document.row(label, written_day(_day(legal["due"]), _language(case.language)))
    if law := words.law.get(legal["regime"]):
        document.paragraph(law)
    elif source := legal.get("source"):
        document.paragraph(words.basis.format(source=source))


def _received_at(case: Case) -> datetime:
    told = (case.legal or {}).get("received_at")
    return datetime.fromisoformat(told) if told and len(told) > 10 else case.created_at


def _day(text: str) -> date:
    """The day of an ISO date, or of an ISO moment as it is in Poland."""
    return (
        date.fromisoformat(text) if len(text) == 10 else local(datetime.fromisoformat(text)).date()
    )


def _moment(moment: datetime, words: Words, language: str) -> str:
    there = local(moment)
    day = written_day(there.date(), _language(language))
    return words.received_at.format(day=day, time=written_time(there.time()))


def _language(language: str) -> Literal["pl", "en"]:
    return "en" if language == "en" else "pl"


def _shortened(text: str, words: Words) -> str:
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}… {words.cut}"

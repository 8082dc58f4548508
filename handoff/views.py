"""Cases as the desk shows them: a row of a list, and the card with everything that is known."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from frontline.turns import UNSURE_BELOW, Author, Speech, Turn
from handoff import store
from handoff.agents import Agent
from handoff.case import OVER, Case
from handoff.desk_tables import agents, drafts, files, identity_checks, notes, receipts
from handoff.summary import summarise, summary_line, wrap_up_note
from handoff.tables import cases, conversations, turns
from handoff.turn_store import turn_of

HISTORY = 20
"""Other cases of the same contact on a card."""
ALL_TURNS = 1000


class CaseRow(msgspec.Struct, frozen=True, kw_only=True):
    """A case in a list."""

    id: str
    number: str
    rev: int
    state: str
    kind: str
    channel: str
    language: str
    reason: str
    detail: str
    skill: str
    level: int
    priority: str
    priority_reasons: list[str]
    """Codes of `routing.yml`."""
    agent_id: str | None
    agent: str | None
    fence: int
    conversation_id: str
    created_at: datetime
    queued_at: datetime
    due_at: datetime
    answered_at: datetime | None
    closed_at: datetime | None
    legal: dict[str, Any] | None
    callback: dict[str, Any] | None
    wake_at: datetime | None
    summary_line: str
    lease_until: datetime | None
    call_id: str | None
    """The call that goes on: queued, its caller waits in the PBX's queue."""
    last_seq: int
    unread: bool
    """The customer has the last word."""


class Note(msgspec.Struct, frozen=True):
    """What agents tell each other about a case."""

    id: str
    agent: str
    text: str
    at: datetime


class Check(msgspec.Struct, frozen=True):
    """An identity check by an agent."""

    method: str
    passed: bool
    at: datetime
    agent: str


class FileRow(msgspec.Struct, frozen=True):
    """A file of the conversation."""

    id: str
    name: str
    kind: str
    size: int
    at: datetime


class ReceiptRow(msgspec.Struct, frozen=True):
    """A confirmation that the customer was given."""

    number: str
    kind: str
    file_id: str
    issued_at: datetime


class Identity(msgspec.Struct, frozen=True):
    """Who the customer was found to be, and by what."""

    level: str
    method: str | None
    orders: list[str]
    checks: list[Check]


class CaseCard(CaseRow, frozen=True, kw_only=True):
    """Everything that is known about a case."""

    context: dict[str, Any]
    summary: Any
    identity: Identity
    notes: list[Note]
    files: list[FileRow]
    receipts: list[ReceiptRow]
    history: list[CaseRow]
    linked: list[str]
    instruction: str | None
    outcome: str | None
    disposition: str | None
    draft: str
    csat: int | None
    wrap_up_note: str


class WordView(msgspec.Struct, frozen=True):
    """A word of a caller as it was heard."""

    text: str
    confidence: float
    unsure: bool
    """Heard with so little confidence that it may be another word."""


class SpeechView(msgspec.Struct, frozen=True):
    """What a spoken turn has besides its text."""

    from_ms: int | None
    """Since the call began."""
    to_ms: int | None
    words: list[WordView]
    heard_ms: int | None
    """The caller broke in when so much had been played; the text ends there."""


class DeskTurn(msgspec.Struct, frozen=True):
    """A turn as the desk shows it."""

    seq: int
    id: str
    author: str
    text: str
    name: str | None
    at: datetime
    language: str
    buttons: list[dict[str, str]]
    client_id: str | None
    files: list[Any]
    speech: SpeechView | None


def desk_turn(turn: Turn) -> DeskTurn:
    """A turn without what only the bot needs."""
    return DeskTurn(
        turn.seq, turn.id, turn.author, turn.text, turn.name, turn.at, turn.language,
        [{"title": button.title} for button in turn.buttons], turn.client_id, list(turn.files),
        _speech(turn.speech) if turn.speech else None,
    )  # fmt: skip


def _speech(speech: Speech) -> SpeechView:
    words = [
        WordView(word.text, round(word.confidence, 2), word.confidence < UNSURE_BELOW)
        for word in speech.words
    ]
    return SpeechView(speech.from_ms, speech.to_ms, words, speech.heard_ms)


async def rows_of(
    connection: AsyncConnection, found: Sequence[Case], language: str
) -> list[CaseRow]:
    """Rows of these cases, in their order."""
    latest = await _latest(connection, {case.conversation_id for case in found})
    return [_row(case, *latest[case.conversation_id], language) for case in found]


async def row_of(connection: AsyncConnection, case: Case, language: str) -> CaseRow:
    """The row of one case."""
    return (await rows_of(connection, [case], language))[0]


def _row(case: Case, last_seq: int, author: str | None, language: str) -> CaseRow:
    return CaseRow(**_fields(case, last_seq, author, language))


def _fields(case: Case, last_seq: int, author: str | None, language: str) -> dict[str, Any]:
    shared = set(CaseRow.__struct_fields__) & set(Case.__struct_fields__)
    fields = {name: getattr(case, name) for name in shared}
    return fields | {
        "summary_line": summary_line(case, _pl_or_en(language)),
        "last_seq": last_seq,
        "unread": author == Author.CUSTOMER and case.state not in OVER,
    }


async def card_of(connection: AsyncConnection, case: Case, agent: Agent, language: str) -> CaseCard:
    """Everything about a case, for this agent."""
    said = await turns_of(connection, case.conversation_id)
    latest = await _latest(connection, {case.conversation_id})
    others = await _others(connection, case)
    known = _dict(case.context.get("identity"))
    chosen = _pl_or_en(language)
    draft = await connection.scalar(
        select(drafts.c.text).where(drafts.c.case_id == case.id, drafts.c.agent_id == agent.id)
    )
    return CaseCard(
        **_fields(case, *latest[case.conversation_id], language),
        context=case.context,
        summary=summarise(case, said, language=chosen),
        identity=Identity(
            str(known.get("level") or "none"),
            str(known["method"]) if known.get("method") else None,
            [str(order) for order in known.get("orders") or []],
            await _checks(connection, case.id),
        ),
        notes=await notes_of(connection, case.id),
        files=await _files(connection, case),
        receipts=await _receipts(connection, case),
        history=await rows_of(connection, others, language),
        linked=case.linked,
        instruction=case.instruction,
        outcome=case.outcome,
        disposition=case.disposition,
        draft=draft or "",
        csat=case.csat,
        wrap_up_note=wrap_up_note(case, said, chosen),
    )


def _pl_or_en(language: str) -> Any:
    return "en" if language == "en" else "pl"


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


async def turns_of(
    connection: AsyncConnection, conversation_id: str, after: int = 0, limit: int = ALL_TURNS
) -> list[Turn]:
    """The newest `limit` turns with a seq above `after`, in order."""
    rows = await connection.execute(
        select(turns)
        .where(turns.c.conversation_id == conversation_id, turns.c.seq > after)
        .order_by(turns.c.seq.desc())
        .limit(limit)
    )
    return [turn_of(row) for row in rows][::-1]


async def _latest(
    connection: AsyncConnection, ids: Iterable[str]
) -> dict[str, tuple[int, str | None]]:
    """Newest seq and its author, by conversation."""
    newest = (turns.c.conversation_id == conversations.c.id) & (
        turns.c.seq == conversations.c.last_seq
    )
    rows = await connection.execute(
        select(conversations.c.id, conversations.c.last_seq, turns.c.author)
        .select_from(conversations.outerjoin(turns, newest))
        .where(conversations.c.id.in_(list(ids)))
    )
    return {row.id: (row.last_seq, row.author) for row in rows}


async def _others(connection: AsyncConnection, case: Case) -> list[Case]:
    rows = await connection.execute(
        select(cases)
        .where(cases.c.conversation_id == case.conversation_id, cases.c.id != case.id)
        .order_by(cases.c.id.desc())
        .limit(HISTORY)
    )
    return [store.case_of(row) for row in rows]


async def notes_of(connection: AsyncConnection, case_id: str) -> list[Note]:
    """A case's private notes, oldest first."""
    rows = await connection.execute(
        select(notes.c.id, agents.c.name, notes.c.text, notes.c.at)
        .join(agents, agents.c.id == notes.c.agent_id)
        .where(notes.c.case_id == case_id)
        .order_by(notes.c.id)
    )
    return [Note(*row) for row in rows]


async def _checks(connection: AsyncConnection, case_id: str) -> list[Check]:
    rows = await connection.execute(
        select(
            identity_checks.c.method, identity_checks.c.passed, identity_checks.c.at, agents.c.name
        )
        .join(agents, agents.c.id == identity_checks.c.agent_id)
        .where(identity_checks.c.case_id == case_id)
        .order_by(identity_checks.c.id)
    )
    return [Check(*row) for row in rows]


async def _files(connection: AsyncConnection, case: Case) -> list[FileRow]:
    columns = (files.c.id, files.c.name, files.c.kind, files.c.size, files.c.at)
    rows = await connection.execute(
        select(*columns)
        .where(files.c.conversation_id == case.conversation_id, files.c.author == Author.CUSTOMER)
        .order_by(files.c.id)
    )
    return [FileRow(*row) for row in rows]


async def _receipts(connection: AsyncConnection, case: Case) -> list[ReceiptRow]:
    columns = (receipts.c.number, receipts.c.kind, receipts.c.file_id, receipts.c.issued_at)
    rows = await connection.execute(select(*columns).where(receipts.c.case_id == case.id))
    return [ReceiptRow(*row) for row in rows]

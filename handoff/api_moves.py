"""Changing cases: every move an agent can make, words to the customer, and what is written down.

Who may is decided twice: access.py says whether the case exists for this agent, and handling.py
compares agent and fence in the transaction that changes it.
"""

from datetime import datetime, timedelta
from typing import Annotated

import msgspec

from frontline.errors import NotFoundError, RefusedError
from handoff import agents
from handoff.access import SEE_ALL, seen
from handoff.api_cases import CASE, load
from handoff.case import Case
from handoff.endpoints import SUPERVISORS, WORKERS, Call, Endpoints
from handoff.views import CaseRow, DeskTurn, Note, desk_turn, row_of

endpoints = Endpoints()
LONGEST = 4000
"""Characters of a text."""
FURTHEST = timedelta(days=31)
"""A call-back is agreed on for at most so far ahead."""
KEPT_FOR_S = 120
"""A reassigned case waits so long for its agent before anybody else is offered it."""

Fence = Annotated[int, msgspec.Meta(ge=0)]
Long = Annotated[str, msgspec.Meta(max_length=LONGEST)]
Said = Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST)]
Short = Annotated[str, msgspec.Meta(min_length=1, max_length=40)]


class Fenced(msgspec.Struct, frozen=True):
    """The fence under which the agent holds the case, as its row has it."""

    fence: Fence


class Target(msgspec.Struct, frozen=True):
    """Where a case goes; at least one of these."""

    skill: Short | None = None
    language: Annotated[str, msgspec.Meta(pattern="^(pl|en)$")] | None = None
    agent_id: Annotated[str, msgspec.Meta(max_length=26)] | None = None


class Transfer(Fenced, frozen=True):
    """To another skill, language or person."""

    to: Target
    note: Long = ""
    """For whoever takes it."""


class Return(Fenced, frozen=True):
    """Back to the bot."""

    instruction: Long = ""
    outcome: Long = ""


class Close(Fenced, frozen=True):
    """What came of it."""

    disposition: Short | None = None
    note: Long = ""


class CallBack(Fenced, frozen=True, rename={"from_": "from"}):
    """The agent calls then."""

    phone: Annotated[str, msgspec.Meta(pattern=r"^[+0-9 ()/-]{6,30}$")]
    from_: datetime
    to: datetime | None = None


class Reassign(msgspec.Struct, frozen=True):
    """To whom; None = to whoever is free. Oneself = take it over at once."""

    agent_id: Annotated[str, msgspec.Meta(max_length=26)] | None


class Message(Fenced, frozen=True):
    """Words to the customer."""

    client_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    text: Said
    last_seen_seq: Annotated[int, msgspec.Meta(ge=0)] | None = None
    """The newest turn that the agent has read; when there are newer ones, nothing is said."""


class NewNote(msgspec.Struct, frozen=True):
    """A private note."""

    text: Said


class NewDraft(msgspec.Struct, frozen=True):
    """What is typed and not sent."""

    text: Long


class NewCheck(msgspec.Struct, frozen=True):
    """An identity check."""

    method: Short
    passed: bool


class LegalAnswer(msgspec.Struct, frozen=True):
    """On which durable medium the customer has the answer."""

    durable_medium: Short


async def _seen(call: Call[object], case_id: str) -> Case:
    """This case, if the agent may see it."""
    parts = call.desk.parts
    async with parts.database.read() as connection:
        return await seen(connection, call.agent, case_id, parts.routing)


async def begin(call: Call[object]) -> Case:
    """The case, for an agent who is there and may see it."""
    parts = call.desk.parts
    async with parts.database.read() as connection:
        return await load(call, connection)


async def row(call: Call[object], case: Case) -> CaseRow:
    """The case as it is now."""
    async with call.desk.parts.database.read() as connection:
        return await row_of(connection, case, call.language)


async def _here(call: Call[object]) -> None:
    """Who takes a case is there; else the dispatcher would take it back at once."""
    parts = call.desk.parts
    async with parts.database.write() as connection:
        await agents.touch(connection, call.agent.id, parts.clock.now())


@endpoints.add("POST", "/handoffs/{id}", WORKERS, answer=CaseRow)
async def show_handoff(call: Call[None]) -> CaseRow:
    """The case of the call that the agent's telephone was given, by its X-Handoff-Id."""
    case = await call.desk.parts.calls.show(call.path("id"), call.actor)
    return await row(call, await _seen(call, case.id))


@endpoints.add("POST", CASE + "/claim", WORKERS, answer=CaseRow)
async def claim(call: Call[None]) -> CaseRow:
    """Take a waiting case from the list."""
    case = await begin(call)
    await _here(call)
    return await row(call, await call.desk.parts.handling.claim(case.id, call.actor))


@endpoints.add("POST", CASE + "/accept", WORKERS, body=Fenced, answer=CaseRow)
async def accept(call: Call[Fenced]) -> CaseRow:
    """Take the case that rings."""
    case = await begin(call)
    await _here(call)
    handling = call.desk.parts.handling
    return await row(call, await handling.accept(case.id, call.actor, call.body.fence))


@endpoints.add("POST", CASE + "/decline", WORKERS, body=Fenced, answer=CaseRow)
async def decline(call: Call[Fenced]) -> CaseRow:
    """Not now: the case goes back to its own place."""
    case = await begin(call)
    dispatcher = call.desk.parts.dispatcher
    return await row(call, await dispatcher.decline(case.id, call.actor, call.body.fence))


@endpoints.add("POST", CASE + "/hold", WORKERS, body=Fenced, answer=CaseRow)
async def hold(call: Call[Fenced]) -> CaseRow:
    """Wait for somebody else; the customer is told."""
    case = await begin(call)
    handling = call.desk.parts.handling
    return await row(call, await handling.hold(case.id, call.actor, call.body.fence))


@endpoints.add("POST", CASE + "/resume", WORKERS, body=Fenced, answer=CaseRow)
async def resume(call: Call[Fenced]) -> CaseRow:
    """Back in the talk."""
    case = await begin(call)
    handling = call.desk.parts.handling
    return await row(call, await handling.resume(case.id, call.actor, call.body.fence))


@endpoints.add("POST", CASE + "/transfer", WORKERS, body=Transfer, answer=CaseRow)
async def transfer(call: Call[Transfer]) -> CaseRow:
    """To another skill, language or person; the case keeps its due time."""
    case, asked, parts = await begin(call), call.body, call.desk.parts
    to = asked.to
    if not (to.skill or to.language or to.agent_id):
        raise RefusedError("to: a skill, a language or an agent")
    if to.skill:
        _among(to.skill, [c.code for c in parts.routing.choices("skills", "en")], "skill")
    await _worker(call, to.agent_id)
    moved = await parts.handling.transfer(
        case.id, call.actor, asked.fence, skill=to.skill, language=to.language,
        to_agent=to.agent_id, note=asked.note,
    )  # fmt: skip
    if note := asked.note.strip():
        moved, _ = await call.desk.annotations.note(case.id, call.actor, note)
    return await row(call, moved)


@endpoints.add("POST", CASE + "/return", WORKERS, body=Return, answer=CaseRow)
async def give_back(call: Call[Return]) -> CaseRow:
    """Back to the bot, which knows what came of it and what it is to do."""
    case, asked = await begin(call), call.body
    moved = await call.desk.parts.handling.give_back(
        case.id, call.actor, asked.fence, asked.outcome, asked.instruction
    )
    return await row(call, moved)


@endpoints.add("POST", CASE + "/wrap-up", WORKERS, body=Fenced, answer=CaseRow)
async def wrap_up(call: Call[Fenced]) -> CaseRow:
    """The talk is over; what came of it is still to be written."""
    case = await begin(call)
    handling = call.desk.parts.handling
    return await row(call, await handling.wrap_up(case.id, call.actor, call.body.fence))


@endpoints.add("POST", CASE + "/close", WORKERS, body=Close, answer=CaseRow)
async def close(call: Call[Close]) -> CaseRow:
    """Done."""
    case, asked, parts = await begin(call), call.body, call.desk.parts
    if asked.disposition:
        known = [choice.code for choice in parts.routing.choices("dispositions", "en")]
        _among(asked.disposition, known, "disposition")
    closed = await parts.handling.close(
        case.id, call.actor, asked.fence, asked.disposition, asked.note
    )
    return await row(call, closed)


@endpoints.add("POST", CASE + "/reopen", WORKERS, answer=CaseRow, if_match=True)
async def reopen(call: Call[None]) -> CaseRow:
    """A finished case is needed again."""
    case = await begin(call)
    handling = call.desk.parts.handling
    return await row(call, await handling.reopen(case.id, call.actor, call.rev))


@endpoints.add("POST", CASE + "/callback", WORKERS, body=CallBack, answer=CaseRow)
async def call_back(call: Call[CallBack]) -> CaseRow:
    """The agent and the customer have agreed on a call."""
    case, asked = await begin(call), call.body
    now = call.desk.parts.clock.now()
    to = asked.to or asked.from_
    if asked.from_.tzinfo is None or to.tzinfo is None:
        raise RefusedError("from and to are moments with their time zone")
    if not now - timedelta(minutes=1) <= asked.from_ <= min(to, now + FURTHEST):
        raise RefusedError("from lies ahead, before to, and within a month")
    agreed = {"phone": asked.phone, "from": asked.from_.isoformat(), "to": to.isoformat()}
    moved = await call.desk.parts.handling.call_back(
        case.id, call.actor, asked.fence, agreed, asked.from_
    )
    return await row(call, moved)


@endpoints.add(
    "POST", CASE + "/reassign", SUPERVISORS, body=Reassign, answer=CaseRow, if_match=True
)
async def reassign(call: Call[Reassign]) -> CaseRow:
    """Take a case from whoever has it and give it to another, or to oneself at once."""
    case, parts, to = await begin(call), call.desk.parts, call.body.agent_id
    await _worker(call, to)
    until = parts.clock.now() + timedelta(seconds=KEPT_FOR_S) if to else None
    moved = await parts.handling.reroute(
        case.id, call.actor, "reassigned", rev=call.rev, preferred_agent=to, preferred_until=until
    )
    if to == call.agent.id:
        await _here(call)
        moved = await parts.handling.claim(case.id, call.actor)
    parts.dispatcher.wake()
    return await row(call, moved)


@endpoints.add("POST", CASE + "/messages", WORKERS, body=Message, answer=DeskTurn, repeatable=True)
async def say(call: Call[Message]) -> DeskTurn:
    """Say something to the customer; nothing is said when they have written meanwhile.

    The same `client_id` again is the same message.
    """
    case, asked = await begin(call), call.body
    turn = await call.desk.parts.handling.says(
        case.id, call.actor, asked.fence, visible_text(asked.text), asked.client_id,
        asked.last_seen_seq,
    )  # fmt: skip
    return desk_turn(turn)


@endpoints.add("POST", CASE + "/notes", WORKERS, body=NewNote, answer=Note)
async def add_note(call: Call[NewNote]) -> Note:
    """Write a private note."""
    case = await begin(call)
    text = visible_text(call.body.text)
    case, note = await call.desk.annotations.note(case.id, call.actor, text)
    await call.desk.hub.note_added(case, note)
    return note


@endpoints.add("PUT", CASE + "/draft", WORKERS, body=NewDraft)
async def keep_draft(call: Call[NewDraft]) -> None:
    """Keep what is typed and not sent."""
    case = await begin(call)
    await call.desk.annotations.draft(case.id, call.actor, call.body.text)


@endpoints.add("POST", CASE + "/identity", WORKERS, body=NewCheck, answer=CaseRow)
async def check_identity(call: Call[NewCheck]) -> CaseRow:
    """Write down how it was made sure who is there."""
    case, asked = await begin(call), call.body
    checked = await call.desk.annotations.identity(case, call.actor, asked.method, asked.passed)
    return await row(call, checked)


@endpoints.add("POST", CASE + "/legal-answer", WORKERS, body=LegalAnswer, answer=CaseRow)
async def answer_in_law(call: Call[LegalAnswer]) -> CaseRow:
    """The customer has the answer that the law asks for."""
    case = await begin(call)
    if call.agent.role not in SEE_ALL and call.agent.id not in (
        case.agent_id, case.preferred_agent,
    ):  # fmt: skip
        raise NotFoundError("there is no such case of yours")
    medium = call.body.durable_medium
    return await row(call, await call.desk.annotations.answered(case.id, call.actor, medium))


async def _worker(call: Call[object], agent_id: str | None) -> None:
    """Raises RefusedError when this is nobody who could serve a customer."""
    if agent_id is None:
        return
    async with call.desk.parts.database.read() as connection:
        agent = await agents.get(connection, agent_id)
    if not agent.active or agent.role not in WORKERS:
        raise RefusedError("this agent serves no customers")


def _among(code: str, known: list[str], what: str) -> None:
    if code not in known:
        raise RefusedError(f"{what}: one of {', '.join(known)}")


def visible_text(text: str) -> str:
    """The text without control characters, which mean nothing in a message.

    Raises:
        RefusedError: nothing is left.
    """
    kept = "".join(c for c in text if c.isprintable() or c in "\n\t\u200d").strip()
    if not kept:
        raise RefusedError("the text is empty")
    return kept

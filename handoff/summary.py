"""What an agent reads first: one line, what was tried, the facts and the open question.

Everything here is put together from the turns and the case; nothing is made up. Each sentence,
fact and try names the turns it rests on. Personal data is shown to the agent and never logged.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from frontline.clock import local
from frontline.lang import Language
from frontline.lang.dates import written_day, written_time
from frontline.lang.plurals import EnglishNoun, PolishNoun
from frontline.lang.spelling import written_phone
from frontline.lang.text import fold
from frontline.turns import Turn
from handoff.case import OVER, Case, CaseState, Kind
from handoff.evidence import Record, intent_of, list_of, mapping_of, one_line, same, text_of
from handoff.places import order_of, written_date

TRIED_SHOWN = 8
FACTS_SHOWN = 16
ANSWER_SHOWN = 300
_FIRST = ("order_number", "product", "fault", "since", "wish")
_INTENTS = {
    "complaint": ("complaint_start",),
    "withdrawal": ("return_start", "refund_status"),
    "callback": ("callback_request",),
}
"""The intents with which kinds of case begin that are no intent themselves."""
_UNCLEAR = ("nlu_fallback", "out_of_scope")
_MESSAGES: dict[Language, PolishNoun | EnglishNoun] = {
    "pl": PolishNoun(
        "niezrozumiała wiadomość", "niezrozumiałe wiadomości", "niezrozumiałych wiadomości"
    ),
    "en": EnglishNoun("message not understood", "messages not understood"),
}
_ASKING = re.compile(
    r"(czy|kiedy|gdzie|jak|jaki|jaka|jakie|ile|co|kto|dlaczego|czemu|skad|dokad|"
    r"when|where|how|what|who|why|which|can|could|is|are|do|does|will|may)\b"
)
_FORM = re.compile(r"^(complaint|withdrawal|return|callback|privacy|invoice|promo)_")
_COURTESY = re.compile(
    r"^(dzien dobry|witam|dziekuj\w*|do widzenia|milego dnia|prosze( bardzo| chwile)?|"
    r"hello|hi|thank\w*|goodbye|bye|you.re welcome|one moment|have a (nice|good) day)\b"
)


class Sentence(msgspec.Struct, frozen=True):
    """One statement about the case."""

    text: str
    turns: list[int]
    """Sequence numbers of the turns it comes from; never empty."""


class Tried(msgspec.Struct, frozen=True):
    """What the bot tried for the customer."""

    text: str
    ok: bool
    turns: list[int]


class Fact(msgspec.Struct, frozen=True):
    """Something known, in the customer's or the shop's own words."""

    name: str
    label: str
    value: str
    turns: list[int]


class Summary(msgspec.Struct, frozen=True):
    """What is known at a glance."""

    text: str
    """One line: who, what, wish, state; the sentences one after another."""
    sentences: list[Sentence]
    tried: list[Tried]
    facts: list[Fact]
    question: str | None
    """What the customer asked and nobody has answered yet, verbatim."""


@cache
def wording() -> dict[str, dict[str, dict[str, str]]]:
    """The words of `summary.yml`: section, name, language."""
    text = (Path(__file__).parent / "summary.yml").read_bytes()
    return msgspec.yaml.decode(text, type=dict[str, dict[str, dict[str, str]]])


def word(section: str, name: str, language: Language) -> str:
    """The word for `name`, or nothing when there is none."""
    return wording()[section].get(name, {}).get(language, "")


def summarise(case: Case, turns: Sequence[Turn], *, language: Language) -> Summary:
    """What an agent should know before the first word.

    Args:
        case: as it stands; its context may lack anything.
        turns: of its conversation.
        language: the desk's; the customer's own words stay as they are.
    """
    return _Writer(case, turns, language).summary()


def summary_line(case: Case, language: Language) -> str:
    """A case in a list: matter, order and the customer's words; from the case alone."""
    writer = _Writer(case, (), language)
    parts = [writer.matter()[1]]
    if order := writer.order():
        parts.append(writer.say("line_order", order=order))
    told = writer.answer("fault") or writer.wish()[0]
    if not told and case.reason == "user_request":
        told = text_of(case.detail)
    line = ", ".join(parts)
    line += f" – {writer.say('said', words=told)}" if told else ""
    return line[:1].upper() + line[1:]


def wrap_up_note(
    case: Case, turns: Sequence[Turn], language: Language, *, disposition: str | None = None
) -> str:
    """A draft of the note that closes the case, for the agent to edit.

    Args:
        case: the case.
        turns: of its conversation.
        language: the desk's.
        disposition: how it ended, in words of `routing.yml`; None = the case's own code.
    """
    writer = _Writer(case, turns, language)
    summary = writer.summary()
    line = summary_line(case, language)
    lines = [writer.say("note_matter", matter=line[:1].lower() + line[1:])]
    lines += [
        f"{fact.label}: {fact.value}"
        for fact in summary.facts
        if fact.name in ("since", "wish", "files", "answer_due", "call")
    ]
    if done := [t.text for t in summary.tried if t.ok]:
        lines.append(writer.say("note_tried", tried="; ".join(done)))
    if said := _substance(writer.record.agent):
        words = " ".join(writer.say("said", words=text) for text in said)
        lines.append(writer.say("note_agent", words=words))
    if summary.question:
        words = writer.say("said", words=summary.question)
        lines.append(writer.say("note_question", words=words))
    result = disposition or text_of(case.disposition)
    result = "; ".join(part for part in (result, text_of(case.outcome, ANSWER_SHOWN)) if part)
    if result:
        lines.append(writer.say("note_result", result=result))
    return "\n".join(lines)


def _answers(answers: object) -> dict[str, str]:
    """Forms' answers by field: what `complaint_since` holds is `since`."""
    found: dict[str, str] = {}
    for name, value in mapping_of(answers).items():
        if isinstance(name, str) and (told := text_of(value)):
            found.setdefault(_FORM.sub("", name), told)
    return found


def _substance(turns: Sequence[Turn]) -> list[str]:
    """The agent's last two messages that say more than a courtesy."""
    telling = [t for t in turns if len(t.text.split()) > 2 and not _is_courtesy(t.text)]
    return [one_line(turn.text, ANSWER_SHOWN) for turn in telling[-2:]]


def _is_courtesy(text: str) -> bool:
    return len(text.split()) <= 8 and bool(_COURTESY.match(fold(text)))


class _Writer:
    """One summary in the making."""

    def __init__(self, case: Case, turns: Sequence[Turn], language: Language) -> None:
        self.case, self.language = case, language
        self.record = Record(turns, case.number)
        self.context = mapping_of(case.context)
        self.slots = mapping_of(self.context.get("slots"))
        self.answers = _answers(self.slots.get("answers"))

    def say(self, name: str, **values: str) -> str:
        """A sentence of `summary.yml`, filled in."""
        return wording()["sentences"][name][self.language].format(**values)

    def summary(self) -> Summary:
        """All of it."""
        facts = _Facts(self).collect()
        steps = (self._who(), self._what(), self._wish(), self._agent(), self._state())
        sentences = [step for step in steps if step and step.turns]
        return Summary(
            text=" ".join(s.text for s in sentences) or summary_line(self.case, self.language),
            sentences=sentences,
            tried=self._tried(),
            facts=facts,
            question=self._question(),
        )

    def answer(self, name: str) -> str:
        """What a form's field was answered."""
        return self.answers.get(name, "")

    def orders(self) -> list[str]:
        """The orders that were proved to be the customer's."""
        identity = mapping_of(self.context.get("identity"))
        return [o for o in map(text_of, list_of(identity.get("orders"))) if o][:3]

    def order(self) -> str:
        """The order talked about, in full when it is known in full."""
        return order_of(self.case)

    def matter(self) -> tuple[str, str]:
        """What it is about: the intent, or the kind of case, and its name."""
        known = wording()["matters"]
        intent = mapping_of(self.context.get("intent"))
        history = [text_of(mapping_of(e).get("name")) for e in list_of(intent.get("history"))]
        kind = "" if self.case.kind == Kind.QUESTION else str(self.case.kind)
        heard = [intent_of(turn) for turn in self.record.customer] or history
        candidates = [
            kind,
            text_of(self.slots.get("form")),
            text_of(intent.get("top")),
            *reversed(heard),
            text_of(self.slots.get("topic")),
        ]
        for name in candidates:
            if name in known:
                return name, word("matters", name, self.language)
        moods = wording()["moods"]
        name = next((n for n in candidates if n in moods), "unclear")
        return name, word("moods", name, self.language)

    def wish(self) -> tuple[str, str]:
        """What the customer wants done: in their words, or by the code of a choice."""
        raw = text_of(self.slots.get("wish")) or self.answer("wish")
        coded = self.chosen("wish", raw)
        return ("", coded) if coded else (raw, "")

    def chosen(self, field: str, code: str) -> str:
        """What an answer means that is kept as a code; nothing when it is none."""
        return word("choices", f"{field}.{code}", self.language)

    def said_as(self, field: str, code: str) -> list[str]:
        """How an answer that is kept as a code may have been said."""
        return [code, *wording()["choices"].get(f"{field}.{code}", {}).values()]

    def _who(self) -> Sentence:
        case = self.case
        where = self.say("who_voice" if case.channel == "voice" else "who_chat")
        identity = text_of(mapping_of(self.context.get("identity")).get("level"))
        orders, claimed = self.orders(), text_of(self.slots.get("order_number"))
        if identity in ("verified", "strong"):
            proof = self.say("verified_orders", orders=", ".join(orders)) if orders else ""
            told = proof or self.say("verified")
        elif claimed:
            told, orders = self.say("claimed", orders=claimed), [claimed]
        else:
            told, orders = self.say("unknown"), []
        parts = [where, told]
        if case.language != self.language and case.language in ("pl", "en"):
            parts.append(self.say(f"speaks_{case.language}"))
        turns = self.record.saying(*orders) if orders else self.record.opening
        return Sentence(", ".join(parts) + ".", turns)

    def _what(self) -> Sentence:
        name, matter = self.matter()
        fault = self.answer("fault")
        turns = self.record.meaning(*_INTENTS.get(name, (name,)))
        words = fault
        if not fault and turns:
            words = next(one_line(t.text) for t in self.record.turns if t.seq == turns[-1])
        if fault:
            turns = sorted({*turns, *self._sources(fault)})
        if words:
            text = self.say("what_said", matter=matter, words=words)
            return Sentence(text, turns)
        return Sentence(self.say("what", matter=matter), turns or self.record.opening)

    def _wish(self) -> Sentence | None:
        said, coded = self.wish()
        if coded:
            raw = text_of(self.slots.get("wish")) or self.answer("wish")
            turns = self.record.saying(*self.said_as("wish", raw))
            return Sentence(self.say("wish", wish=coded), turns)
        if said:
            return Sentence(self.say("wish_said", wish=said), self.record.saying(said))
        return None

    def _agent(self) -> Sentence | None:
        """What an agent said last, for the next one; and what the bot was asked to do."""
        if self.case.state == CaseState.BOT and self.case.instruction:
            words = text_of(self.case.instruction)
            return Sentence(self.say("instruction", words=words), self.record.opening)
        if not self.record.agent or self.case.state in OVER:
            return None
        last = self.record.agent[-1]
        return Sentence(self.say("agent_said", words=one_line(last.text)), [last.seq])

    def _state(self) -> Sentence:
        case = self.case
        detail = text_of(case.detail).replace(": ", "_")
        reason = word("reasons", detail, self.language)
        reason = reason or word("reasons", str(case.reason), self.language) or str(case.reason)
        state = word("states", str(case.state), self.language) or str(case.state)
        turns = self.record.opening
        if case.reason == "user_request":
            turns = sorted({*turns, *self.record.meaning("human_agent")[-1:]})
        return Sentence(self.say("state", state=state, reason=reason), turns)

    def _tried(self) -> list[Tried]:
        tried = [self._try(mapping_of(e)) for e in list_of(self.context.get("attempted"))]
        found = [t for t in tried if t][-TRIED_SHOWN:]
        missed = self.context.get("misunderstood")
        if isinstance(missed, int) and not isinstance(missed, bool) and missed > 0:
            messages = f"{missed} {_MESSAGES[self.language].after(missed)}"
            error = self.say("in_a_row", messages=messages) if missed > 1 else messages
            action = word("actions", "understand", self.language)
            turns = self.record.meaning(*_UNCLEAR) or self.record.opening
            text = self.say("failed_because", action=action, error=error)
            found.append(Tried(text, ok=False, turns=turns))
        return found

    def _try(self, entry: Mapping[str, Any]) -> Tried | None:
        name, ok = text_of(entry.get("action")), entry.get("ok") is True
        if not name:
            return None
        action = word("actions", name, self.language) or name
        turns = self.record.meaning(name)
        if name == "identity":
            proofs = [v for n, v in self.record.entities() if n in ("postal_code", "email")]
            turns = self.record.saying(*proofs) if proofs else []
        turns = turns or self.record.opening
        if ok:
            return Tried(self.say("done", action=action), ok=True, turns=turns)
        if error := self._error(text_of(entry.get("error"))):
            text = self.say("failed_because", action=action, error=error)
            return Tried(text, ok=False, turns=turns)
        return Tried(self.say("failed", action=action), ok=False, turns=turns)

    def _error(self, error: str) -> str:
        """An error like "too late: packed" in the desk's language; unknown parts stay."""
        parts = [part for part in error.split(": ") if part]
        told = [word("errors", part, self.language) or part for part in parts]
        return f"{told[0]} ({': '.join(told[1:])})" if told[1:] else "".join(told)

    def _question(self) -> str | None:
        """The second question that the bot has put off, else the customer's last one."""
        answered_at = max((turn.seq for turn in self.record.agent), default=0)
        if not answered_at:
            later = mapping_of(self.slots.get("later_intent"))
            if put_off := text_of(later.get("text")):
                return put_off
        entries = [mapping_of(e) for e in list_of(self.context.get("attempted"))]
        solved = {text_of(e.get("action")) for e in entries if e.get("ok") is True}
        for turn in reversed(self.record.customer):
            if turn.seq < answered_at:
                return None
            asked = _asked(turn.text)
            if asked and intent_of(turn) not in solved:
                return asked
        return None

    def _sources(self, value: str) -> list[int]:
        """Turns that say the value or a part of it: a fault may have been told bit by bit."""
        return self.record.saying(*value.rstrip("…").split("; "))


def _asked(text: str) -> str:
    """The last question in a text, verbatim; spoken ones have no question mark."""
    line = one_line(text, 2000)
    asked = [part for part in re.findall(r"[^.!?]+[.!?]*", line) if part.rstrip().endswith("?")]
    if asked:
        return one_line(asked[-1])
    return one_line(line) if _ASKING.match(fold(line)) and "." not in line else ""


class _Facts:
    """The facts of one summary, each value once."""

    def __init__(self, writer: _Writer) -> None:
        self._writer = writer
        self._facts: list[Fact] = []

    def collect(self) -> list[Fact]:
        """What the context and the NLU know, the most telling first."""
        writer = self._writer
        for number in [writer.order(), *writer.orders()]:
            self._add("order_number", number)
        self._add_answer("wish", text_of(writer.slots.get("wish")))
        for name, value in writer.answers.items():
            self._add_answer(name, value)
        for entity in list_of(writer.context.get("entities")):
            pair = mapping_of(entity)
            for value in [*list_of(pair.get("values")), pair.get("value")]:
                self._add(text_of(pair.get("name")), text_of(value))
        for name, value in writer.record.entities():
            self._add(name, value)
        self._add_case()
        first = {name: rank for rank, name in enumerate(_FIRST)}
        return sorted(self._facts, key=lambda f: first.get(f.name, len(first)))[:FACTS_SHOWN]

    def _add_answer(self, field: str, value: str) -> None:
        chosen = self._writer.chosen(field, value)
        self._add(field, chosen or value, *self._writer.said_as(field, value))

    def _add(self, name: str, value: str, *also: str) -> None:
        """One more fact; what has no label is internal, like the codes of buttons."""
        label = word("labels", name, self._writer.language)
        known = any(f.name == name and same(name, f.value, value) for f in self._facts)
        if not label or not value or known:
            return
        turns = self._writer.record.saying(value, *also, *value.rstrip("…").split("; "))
        if turns:
            self._facts.append(Fact(name, label, value, turns))

    def _add_case(self) -> None:
        """What the case itself knows: files, statutory date, arranged call, earlier case."""
        writer, record = self._writer, self._writer.record
        with_files = [(t.seq, f) for t in record.customer for f in t.files]
        if with_files:
            names = ", ".join(one_line(file.name, 60) for _, file in with_files[:8])
            seqs = sorted({seq for seq, _ in with_files})
            label = word("labels", "files", writer.language)
            self._facts.append(Fact("files", label, names, seqs))
        earlier = mapping_of(writer.context.get("earlier_case"))
        self._add("earlier_case", text_of(earlier.get("number")))
        due = text_of(mapping_of(writer.case.legal).get("due"))
        self._add("answer_due", written_date(due, writer.language) or due)
        call = mapping_of(writer.case.callback)
        phone = text_of(call.get("phone"))
        when = _moment(text_of(call.get("from")), writer.language)
        self._add("call", ", ".join(p for p in (written_phone(phone), when) if p), phone)


def _moment(text: str, language: Language) -> str:
    """An ISO moment as the shop's clock shows it."""
    try:
        moment = local(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return ""
    return f"{written_day(moment.date(), language)}, {written_time(moment.time())}"

import msgspec
import pytest

from handoff.case import CaseState, Kind, Reason
from handoff.summary import Summary, summarise, summary_line, wrap_up_note
from tests.handoff.summary.samples import (
    COMPLAINT_CONTEXT,
    COMPLAINT_TURNS,
    ORDER,
    case,
    complaint,
    turn,
)


def facts(summary: Summary) -> dict[str, tuple[str, list[int]]]:
    return {fact.name: (fact.value, fact.turns) for fact in summary.facts}


def test_one_line_says_who_what_wish_and_state() -> None:
    summary = summarise(complaint(), COMPLAINT_TURNS, language="pl")
    assert summary.text == (
        f"Klient na czacie, tożsamość potwierdzona (zamówienie: {ORDER}). "
        "Sprawa: reklamacja – „buty się rozkleiły po tygodniu”. "
        "Życzenie: zwrot pieniędzy. "
        "Stan: czeka w kolejce; powód przekazania: reklamacja."
    )
    assert [s.turns for s in summary.sentences] == [[2], [6], [9], [9]]


def test_the_desk_may_speak_another_language_than_the_customer() -> None:
    summary = summarise(complaint(), COMPLAINT_TURNS, language="en")
    assert "conversation in Polish" in summary.text
    assert "Matter: complaint – “buty się rozkleiły po tygodniu”." in summary.text
    assert facts(summary)["answer_due"] == ("8 December 2026", [9])


def test_what_was_tried_names_its_outcome_and_its_turn() -> None:
    tried = summarise(complaint(), COMPLAINT_TURNS, language="pl").tried
    assert [(t.text, t.ok, t.turns) for t in tried] == [
        ("Sprawdzenie stanu zamówienia – wykonano", True, [2]),
        ("Potwierdzanie tożsamości – nie udało się: dane niezgodne", False, [4]),
        ("Anulowanie zamówienia – nie udało się: za późno (spakowane)", False, [9]),
    ]


def test_facts_name_the_turns_that_say_them() -> None:
    known = facts(summarise(complaint(), COMPLAINT_TURNS, language="pl"))
    assert known["order_number"] == (ORDER, [2])
    assert known["fault"] == ("buty się rozkleiły po tygodniu", [6])
    assert known["postal_code"] == ("00-950", [4])
    assert known["files"] == ("but.jpg", [6])
    assert "start" not in known


@pytest.mark.parametrize(
    ("missed", "told"),
    [(1, "niezrozumiała wiadomość"), (3, "3 niezrozumiałe wiadomości z rzędu"),
     (5, "5 niezrozumiałych wiadomości z rzędu")],
)  # fmt: skip
def test_misunderstandings_are_counted_in_correct_polish(missed: int, told: str) -> None:
    turns = [turn(1, "customer", "bla", intent="nlu_fallback")]
    summary = summarise(case(context={"misunderstood": missed}), turns, language="pl")
    assert told in summary.tried[-1].text
    assert summary.tried[-1].turns == [1]


def test_the_open_question_is_the_customers_own() -> None:
    summary = summarise(complaint(), COMPLAINT_TURNS, language="pl")
    assert summary.question == "Kiedy dostanę odpowiedź?"


def test_answers_of_forms_are_told_in_words() -> None:
    context = {"slots": {"answers": {
        "fault": "przecieka", "complaint_since": "od tygodnia", "complaint_wish": "repair",
        "complaint_contact": "post", "complaint_photos": "enough", "complaint_order": "none",
        "invoice_whom": "1234563218", "callback_when": "0|x",
    }}}  # fmt: skip
    turns = [
        turn(1, "customer", "Czajnik przecieka od tygodnia", intent="complaint_start"),
        turn(2, "customer", "Naprawa"),
    ]
    summary = summarise(complaint(context=context, legal=None), turns, language="pl")
    assert facts(summary) == {
        "fault": ("przecieka", [1]),
        "since": ("od tygodnia", [1]),
        "wish": ("naprawa", [2]),
        "contact": ("list na adres z zamówienia", [2]),
        "whom": ("1234563218", [2]),
    }
    assert "Życzenie: naprawa." in summary.text


def test_an_answered_question_is_not_open() -> None:
    turns = [*COMPLAINT_TURNS, turn(10, "agent", "Najpóźniej 8 grudnia.")]
    assert summarise(complaint(), turns, language="pl").question is None
    looked_up = [turn(1, "customer", "Gdzie paczka?", intent="order_status")]
    context = {"attempted": [{"action": "order_status", "ok": True}]}
    assert summarise(case(context=context), looked_up, language="pl").question is None


def test_a_question_that_the_bot_put_off_is_open() -> None:
    context = {"slots": {"later_intent": {"name": "invoice_request", "text": "i poproszę fakturę"}}}
    assert summarise(case(context=context), [], language="pl").question == "i poproszę fakturę"


def test_a_spoken_question_has_no_question_mark() -> None:
    turns = [turn(1, "customer", "kiedy przyjdzie moja paczka")]
    assert summarise(case(), turns, language="pl").question == "kiedy przyjdzie moja paczka"


def test_after_a_transfer_the_last_agents_words_are_there() -> None:
    turns = [*COMPLAINT_TURNS, turn(10, "agent", "Przekażę to do działu reklamacji.")]
    sentences = summarise(complaint(), turns, language="pl").sentences
    assert ("Ostatnia wiadomość konsultanta: „Przekażę to do działu reklamacji.”.", [10]) in [
        (s.text, s.turns) for s in sentences
    ]


def test_a_claimed_order_is_not_called_verified() -> None:
    context = {"identity": {"level": "claimed"}, "slots": {"order_number": "104731"}}
    turns = [turn(1, "customer", "to jest 104-731", intent="inform")]
    first = summarise(case(context=context), turns, language="pl").sentences[0]
    assert (first.text, first.turns) == (
        "Klient na czacie, tożsamość niepotwierdzona (podane zamówienie: 104731).", [1],
    )  # fmt: skip


def test_special_care_is_named() -> None:
    of = case(reason=Reason.VULNERABLE, detail="vulnerable: bereavement", channel="voice")
    text = summarise(of, [turn(1, "customer", "mąż zmarł")], language="pl").text
    assert "powód przekazania: żałoba" in text
    assert text.startswith("Klient przy telefonie")


def test_a_call_is_told_in_local_time() -> None:
    of = case(
        kind=Kind.CALLBACK,
        state=CaseState.CALLBACK_SCHEDULED,
        callback={"phone": "+48600100200", "from": "2026-11-25T14:00:00+00:00", "to": None},
    )
    turns = [turn(1, "customer", "proszę zadzwonić 600 100 200", intent="callback_request")]
    summary = summarise(of, turns, language="pl")
    assert facts(summary)["call"] == ("+48 600 100 200, 25 listopada 2026, 15:00", [1])


def test_a_case_without_turns_has_no_sentences_but_a_line() -> None:
    summary = summarise(case(), [], language="en")
    assert (summary.text, summary.sentences, summary.facts) == ("Subject not known yet", [], [])


def test_the_line_in_a_list_needs_no_turns() -> None:
    assert summary_line(complaint(), "pl") == (
        f"Reklamacja, zamówienie {ORDER} – „buty się rozkleiły po tygodniu”"
    )
    asked = case(detail="chcę z kimś porozmawiać", context={"intent": {"top": "human_agent"}})
    assert summary_line(asked, "en") == "Talk to an agent – “chcę z kimś porozmawiać”"


def test_the_wrap_up_note_is_taken_from_what_was_said() -> None:
    turns = [
        *COMPLAINT_TURNS,
        turn(10, "agent", "Dzień dobry, tu Ania."),
        turn(11, "agent", "Wyślemy nową parę do piątku."),
        turn(12, "customer", "A kto zapłaci za odesłanie?"),
        turn(13, "agent", "Dziękuję za rozmowę, do widzenia!"),
        turn(14, "customer", "A kto zapłaci za odesłanie?"),
    ]
    note = wrap_up_note(complaint(outcome="nowa para"), turns, "pl", disposition="załatwione")
    assert note.splitlines() == [
        f"Sprawa: reklamacja, zamówienie {ORDER} – „buty się rozkleiły po tygodniu”",
        "Życzenie: zwrot pieniędzy",
        "Pliki: but.jpg",
        "Termin odpowiedzi (ustawowy): 8 grudnia 2026",
        "Bot: Sprawdzenie stanu zamówienia – wykonano",
        "Odpowiedź konsultanta: „Wyślemy nową parę do piątku.”",
        "Otwarte pytanie: „A kto zapłaci za odesłanie?”",
        "Wynik: załatwione; nowa para",
    ]
    assert wrap_up_note(complaint(), turns, "en", disposition="Sent").endswith("Result: Sent")


def test_the_summary_has_the_shape_of_the_contract() -> None:
    shape = msgspec.to_builtins(summarise(complaint(), COMPLAINT_TURNS, language="pl"))
    assert list(shape) == ["text", "sentences", "tried", "facts", "question"]
    assert set(shape["sentences"][0]) == {"text", "turns"}
    assert set(shape["tried"][0]) == {"text", "ok", "turns"}
    assert set(shape["facts"][0]) == {"name", "label", "value", "turns"}


def test_words_of_a_customer_cannot_turn_the_reading_direction_or_fill_in_places() -> None:
    context = {"slots": {"answers": {"fault": "zły \u202eodbarg\n{matter} {0}"}}}
    turns = [turn(1, "customer", "zły \u202eodbarg {matter} {0}", intent="complaint_start")]
    text = summarise(case(context=context), turns, language="pl").sentences[1].text
    assert text == "Sprawa: reklamacja – „zły odbarg {matter} {0}”."


def test_both_languages_have_all_words() -> None:
    from handoff.summary import wording

    missing = [
        (section, name)
        for section, names in wording().items()
        for name, languages in names.items()
        if set(languages) != {"pl", "en"} or not all(languages.values())
    ]
    assert missing == []
    assert {str(s) for s in CaseState} == set(wording()["states"])
    assert {str(r) for r in Reason} <= set(wording()["reasons"])
    assert {str(k) for k in Kind} - {"question"} <= set(wording()["matters"])


def test_the_context_of_the_sample_is_left_as_it_was() -> None:
    before = msgspec.json.encode(COMPLAINT_CONTEXT)
    summarise(complaint(), COMPLAINT_TURNS, language="pl")
    assert msgspec.json.encode(COMPLAINT_CONTEXT) == before

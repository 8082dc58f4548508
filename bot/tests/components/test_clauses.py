import pytest

from components.clauses import Clause, judge, split


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Gdzie jest moja paczka i do której macie otwarte?",
         ["Gdzie jest moja paczka", "do której macie otwarte"]),
        ("Where is my parcel and when do you open?", ["Where is my parcel", "when do you open"]),
        ("Gdzie jest paczka? Ile kosztuje dostawa?", ["Gdzie jest paczka", "Ile kosztuje dostawa"]),
        ("Chcę zwrócić buty, przy okazji jaki macie adres?",
         ["Chcę zwrócić buty", "przy okazji jaki macie adres"]),
    ],
)  # fmt: skip
def test_a_message_is_cut_where_a_question_begins(text, parts):
    assert split(text) == parts


@pytest.mark.parametrize(
    "text", ["", "Gdzie jest moja paczka?", "buty i skarpety", "a", "?!", "Hej. Hej.", "i czy"]
)
def test_one_question_is_not_cut(text):
    assert split(text) == []


STATUS = Clause("gdzie jest paczka", "order_status", 0.9)
HOURS = Clause("do której otwarte", "opening_hours", 0.9)
HELLO = Clause("dzień dobry", "greet", 0.99)


def whole(name: str, confidence: float = 0.9) -> list[dict]:
    return [{"name": name, "confidence": confidence}]


def test_two_different_questions_are_both_found():
    assert judge(whole("order_status"), [STATUS, HOURS], 0.75) == (None, HOURS)


def test_the_first_question_in_the_text_comes_first():
    assert judge(whole("opening_hours"), [STATUS, HOURS], 0.75) == (STATUS, HOURS)


def test_the_same_question_twice_is_one():
    assert judge(whole("order_status"), [STATUS, STATUS], 0.75) == (None, None)


def test_a_greeting_gives_way_to_the_question_after_it():
    assert judge(whole("greet"), [HELLO, STATUS], 0.75) == (STATUS, None)


def test_an_unsure_clause_changes_nothing():
    unsure = Clause("i coś jeszcze", "opening_hours", 0.5)
    assert judge(whole("order_status"), [STATUS, unsure], 0.75) == (None, None)


def test_a_clause_between_two_questions_that_touch_is_one():
    broken = Clause("czajnik przyszedł pęknięty", "delivery_problem", 0.55, asking=0.9)
    assert judge(whole("order_status"), [STATUS, broken], 0.75) == (None, broken)


def test_a_sure_whole_is_not_overruled_by_its_parts():
    assert judge(whole("complaint_start"), [STATUS, HOURS], 0.75) == (None, None)

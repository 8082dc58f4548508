import pytest

from frontline.lang.plurals import EnglishNoun, PolishNoun

PIECE = PolishNoun("sztuka", "sztuki", "sztuk")


@pytest.mark.parametrize(
    ("count", "form"),
    [(0, "sztuk"), (1, "sztuka"), (2, "sztuki"), (4, "sztuki"), (5, "sztuk"), (12, "sztuk"),
     (21, "sztuk"), (22, "sztuki"), (112, "sztuk"), (124, "sztuki")],
)  # fmt: skip
def test_polish_has_three_forms(count: int, form: str) -> None:
    assert PIECE.after(count) == form


def test_english_has_two_forms() -> None:
    assert [EnglishNoun("day", "days").after(n) for n in (0, 1, 2)] == ["days", "day", "days"]

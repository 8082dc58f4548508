import pytest

from frontline.lang.money import spoken_money, written_money


@pytest.mark.parametrize(
    ("grosze", "polish", "english"),
    [
        (123450, "1 234,50 zł", "PLN 1,234.50"),
        (5, "0,05 zł", "PLN 0.05"),
        (-100000000, "-1 000 000,00 zł", "PLN -1,000,000.00"),
    ],
)
def test_money_is_written_without_breaking_spaces(grosze: int, polish: str, english: str) -> None:
    assert written_money(grosze, "pl") == polish.replace(" ", "\u00a0")
    assert written_money(grosze, "en") == english.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("grosze", "polish", "english"),
    [
        (100, "jeden złoty", "one zloty"),
        (4200, "czterdzieści dwa złote", "forty-two zlotys"),
        (
            14902,
            "sto czterdzieści dziewięć złotych i dwa grosze",
            "one hundred forty-nine zlotys and two groszy",
        ),
    ],
)
def test_money_is_said_with_the_right_plural(grosze: int, polish: str, english: str) -> None:
    assert spoken_money(grosze, "pl") == polish
    assert spoken_money(grosze, "en") == english

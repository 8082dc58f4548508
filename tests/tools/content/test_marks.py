from collections.abc import Callable

import pytest

Edit = Callable[[str, str, str], None]
GREET = "nlu_data/pl/dialogue/greet.yml"
UNPAIRED = f"{GREET}:6: a square bracket without its partner or name"

MISTAKES = {
    "an unknown entity": ("jest [lampa](thing)", f"{GREET}:6: entity thing is not in bot/domain"),
    "an unknown entity in braces": (
        'jest [lampa]{"entity": "thing"}', f"{GREET}:6: entity thing is not in bot/domain",
    ),
    "broken braces": ("jest [lampa]{thing}", f"{GREET}:6: entity ? is not in bot/domain"),
    "no closing bracket": ("jest [lampa(product)", UNPAIRED),
    "no opening bracket": ("jest lampa](product)", UNPAIRED),
    "no name": ("jest [lampa] tutaj", UNPAIRED),
    "marked once": (
        "jest [Lampa](product)\n    - macie lampę\n    - daj lampa, proszę",
        f"{GREET}:8: warning: “lampa” is not marked here, but is product in {GREET}:6; mark both",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_found_in_its_line(
    edit: Edit, found: Callable[[], list[str]], name: str
) -> None:
    new, expected = MISTAKES[name]
    edit(GREET, "cześć", new)
    assert [line for line in found() if line.startswith(expected)], found()


@pytest.mark.parametrize(
    "sentences",
    [
        "jest [lampa](product)\n    - daj [lampa](product:lampa)",
        'jest [lampa]{"entity": "product", "value": "lampa"}\n    - macie lampki',
        "pisz na [ann@example.com](email)\n    - mój adres to ann@example.com",
    ],
)
def test_marked_everywhere_or_found_by_the_rules_is_in_order(
    edit: Edit, found: Callable[[], list[str]], sentences: str
) -> None:
    edit(GREET, "cześć", sentences)
    assert found() == []

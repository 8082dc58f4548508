"""Numbers in words, as a voice must say them."""

from frontline.lang import Language
from frontline.lang.plurals import PolishNoun
from frontline.lang.text import words

_PL_UNITS = words(
    "zero jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć jedenaście dwanaście "
    "trzynaście czternaście piętnaście szesnaście siedemnaście osiemnaście dziewiętnaście"
)
_PL_TENS = words(
    "_ _ dwadzieścia trzydzieści czterdzieści pięćdziesiąt sześćdziesiąt siedemdziesiąt "
    "osiemdziesiąt dziewięćdziesiąt"
)
_PL_HUNDREDS = words(
    "_ sto dwieście trzysta czterysta pięćset sześćset siedemset osiemset dziewięćset"
)
_PL_THOUSAND = PolishNoun("tysiąc", "tysiące", "tysięcy")
_PL_MILLION = PolishNoun("milion", "miliony", "milionów")

_EN_UNITS = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
_EN_TENS = words("_ _ twenty thirty forty fifty sixty seventy eighty ninety")

LIMIT = 1_000_000_000


def cardinal(number: int, language: Language, *, feminine: bool = False) -> str:
    """`number` in words.

    Args:
        number: 0 or more, below a thousand million.
        language: which words.
        feminine: Polish "jedna, dwie" instead of "jeden, dwa".
    """
    if not 0 <= number < LIMIT:
        raise ValueError(f"no words for {number}")
    return " ".join(_polish(number, feminine) if language == "pl" else _english(number))


def _polish(number: int, feminine: bool) -> list[str]:
    millions, rest = divmod(number, 1_000_000)
    thousands, units = divmod(rest, 1000)
    said: list[str] = []
    for count, noun in ((millions, _PL_MILLION), (thousands, _PL_THOUSAND)):
        if count > 1:
            said += _polish_below_thousand(count)
        if count:
            said.append(noun.after(count))
    if units or not said:
        said += _polish_below_thousand(units)
    if feminine and said[-1] == "dwa":
        said[-1] = "dwie"
    if feminine and said == ["jeden"]:
        said = ["jedna"]
    return said


def _polish_below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    said = [_PL_HUNDREDS[hundreds]] if hundreds else []
    if rest >= 20:
        said.append(_PL_TENS[rest // 10])
        rest %= 10
    if rest or not said:
        said.append(_PL_UNITS[rest])
    return said


def _english(number: int) -> list[str]:
    said: list[str] = []
    for size, name in ((1_000_000, "million"), (1000, "thousand")):
        count, number = divmod(number, size)
        if count:
            said += [*_english_below_thousand(count), name]
    if number or not said:
        said += _english_below_thousand(number)
    return said


def _english_below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    said = [_EN_UNITS[hundreds], "hundred"] if hundreds else []
    if rest >= 20:
        unit = f"-{_EN_UNITS[rest % 10]}" if rest % 10 else ""
        said.append(_EN_TENS[rest // 10] + unit)
    elif rest or not said:
        said.append(_EN_UNITS[rest])
    return said

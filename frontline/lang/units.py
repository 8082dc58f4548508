"""What a shop measures and counts: how units are written, and what they are called."""

from frontline.lang.counting import Noun
from frontline.lang.plurals import EnglishNoun, PolishNoun


def _metric(stem: str, en: str) -> Noun:
    """Regular names: gram, gramy, gramów, grama."""
    polish = PolishNoun(stem, f"{stem}y", f"{stem}ów")
    return Noun(polish, f"{stem}a", EnglishNoun(en, f"{en}s"))


def _metre(prefix_pl: str, en: str) -> Noun:
    return _metric(f"{prefix_pl}metr", en)


def _area(noun: Noun, pl: tuple[str, str, str, str], en: str) -> Noun:
    one, few, many, part = pl
    return Noun(
        PolishNoun(f"{noun.pl.one} {one}", f"{noun.pl.few} {few}", f"{noun.pl.many} {many}"),
        f"{noun.part} {part}",
        EnglishNoun(f"{en} {noun.en.one}", f"{en} {noun.en.many}"),
    )


def _feminine(one: str, few: str, many: str, en: str) -> Noun:
    return Noun(PolishNoun(one, few, many), few, EnglishNoun(en, f"{en}s"), feminine=True)


def _same(pl: str, en: str, part: str | None = None, en_many: str | None = None) -> Noun:
    """A noun that does not change after a number."""
    return Noun(PolishNoun(pl, pl, pl), part or pl, EnglishNoun(en, en_many or en))


_SQUARE = ("kwadratowy", "kwadratowe", "kwadratowych", "kwadratowego")
_CUBIC = ("sześcienny", "sześcienne", "sześciennych", "sześciennego")
_M, _CM = _metre("", "metre"), _metre("centy", "centimetre")
_HOUR = _feminine("godzina", "godziny", "godzin", "hour")
_MINUTE = _feminine("minuta", "minuty", "minut", "minute")
_SECOND = _feminine("sekunda", "sekundy", "sekund", "second")
_PIECE = _feminine("sztuka", "sztuki", "sztuk", "piece")
_GROSZ = Noun(PolishNoun("grosz", "grosze", "groszy"), "grosza", EnglishNoun("grosz", "groszy"))
_DEGREE = Noun(
    PolishNoun("stopień", "stopnie", "stopni"), "stopnia", EnglishNoun("degree", "degrees")
)
_CELSIUS = Noun(
    PolishNoun("stopień Celsjusza", "stopnie Celsjusza", "stopni Celsjusza"),
    "stopnia Celsjusza",
    EnglishNoun("degree Celsius", "degrees Celsius"),
)
_EURO = _same("euro", "euro", en_many="euros")
_DOLLAR = Noun(PolishNoun("dolar", "dolary", "dolarów"), "dolara", EnglishNoun("dollar", "dollars"))
_POUND = Noun(PolishNoun("funt", "funty", "funtów"), "funta", EnglishNoun("pound", "pounds"))
_THOUSAND = Noun(
    PolishNoun("tysiąc", "tysiące", "tysięcy"), "tysiąca", EnglishNoun("thousand", "thousand")
)
_MILLION = Noun(
    PolishNoun("milion", "miliony", "milionów"), "miliona", EnglishNoun("million", "million")
)

UNITS: dict[str, Noun] = {
    "kg": _metric("kilogram", "kilogram"),
    "dag": _metric("dekagram", "decagram"),
    "mg": _metric("miligram", "milligram"),
    "g": _metric("gram", "gram"),
    "km": _metre("kilo", "kilometre"),
    "mm": _metre("mili", "millimetre"),
    "cm": _CM,
    "m": _M,
    "m²": _area(_M, _SQUARE, "square"),
    "cm²": _area(_CM, _SQUARE, "square"),
    "m³": _area(_M, _CUBIC, "cubic"),
    "l": _metric("litr", "litre"),
    "ml": _metric("mililitr", "millilitre"),
    "szt": _PIECE,
    "pcs": _PIECE,
    "h": _HOUR,
    "godz": _HOUR,
    "min": _MINUTE,
    "sek": _SECOND,
    "sec": _SECOND,
    "s": _SECOND,
    "gr": _GROSZ,
    "%": _same("procent", "per cent"),
    "°C": _CELSIUS,
    "°": _DEGREE,
    "€": _EURO,
    "EUR": _EURO,
    "$": _DOLLAR,
    "USD": _DOLLAR,
    "£": _POUND,
    "GBP": _POUND,
    "tys": _THOUSAND,
    "mln": _MILLION,
    "kB": _metric("kilobajt", "kilobyte"),
    "MB": _metric("megabajt", "megabyte"),
    "GB": _metric("gigabajt", "gigabyte"),
    "TB": _metric("terabajt", "terabyte"),
    "W": Noun(PolishNoun("wat", "waty", "watów"), "wata", EnglishNoun("watt", "watts")),
    "V": Noun(PolishNoun("wolt", "wolty", "woltów"), "wolta", EnglishNoun("volt", "volts")),
    "Hz": Noun(PolishNoun("herc", "herce", "herców"), "herca", EnglishNoun("hertz", "hertz")),
    "mAh": Noun(
        PolishNoun("miliamperogodzina", "miliamperogodziny", "miliamperogodzin"),
        "miliamperogodziny",
        EnglishNoun("milliampere hour", "milliampere hours"),
        feminine=True,
    ),
    "pkt": _metric("punkt", "point"),
}
"""By their signs, which are case-sensitive; a full stop may follow."""

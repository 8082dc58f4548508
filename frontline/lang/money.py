"""Amounts of money; they are whole grosze everywhere."""

from frontline.lang import Language
from frontline.lang.numerals import cardinal
from frontline.lang.plurals import EnglishNoun, PolishNoun

NO_BREAK_SPACE = "\u00a0"

_NOUNS: dict[Language, tuple[PolishNoun | EnglishNoun, PolishNoun | EnglishNoun]] = {
    "pl": (PolishNoun("złoty", "złote", "złotych"), PolishNoun("grosz", "grosze", "groszy")),
    "en": (EnglishNoun("zloty", "zlotys"), EnglishNoun("grosz", "groszy")),
}


def written_money(grosze: int, language: Language) -> str:
    """An amount for the eye: `1 234,50 zł`, `PLN 1,234.50`. Spaces do not break the line."""
    whole, rest = divmod(abs(grosze), 100)
    sign = "-" if grosze < 0 else ""
    if language == "en":
        return f"PLN{NO_BREAK_SPACE}{sign}{whole:,}.{rest:02d}"
    grouped = f"{whole:,}".replace(",", NO_BREAK_SPACE)
    return f"{sign}{grouped},{rest:02d}{NO_BREAK_SPACE}zł"


def spoken_money(grosze: int, language: Language) -> str:
    """An amount of 0 or more for the ear: "tysiąc złotych i pięćdziesiąt groszy"."""
    whole, rest = divmod(grosze, 100)
    zlotys, groszy = _NOUNS[language]
    words = f"{cardinal(whole, language)} {zlotys.after(whole)}"
    if rest:
        joint = "and" if language == "en" else "i"
        words += f" {joint} {cardinal(rest, language)} {groszy.after(rest)}"
    return words

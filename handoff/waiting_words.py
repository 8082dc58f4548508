"""How long a caller will wait, in words for the ear and no more than is known."""

from frontline.lang import Language
from frontline.lang.numerals import cardinal
from frontline.lang.plurals import EnglishNoun, PolishNoun
from handoff.wait import Range

_PEOPLE = PolishNoun("czeka jedna osoba", "czekają {} osoby", "czeka {} osób")
_MINUTES: dict[Language, PolishNoun | EnglishNoun] = {
    "pl": PolishNoun("minutę", "{} minuty", "{} minut"),
    "en": EnglishNoun("one minute", "{} minutes"),
}


def ahead_text(ahead: int, language: Language) -> str:
    """How many callers wait before this one."""
    number = cardinal(ahead, language, feminine=True)
    if language == "pl":
        waiting = _PEOPLE.after(ahead).format(number) if ahead else "nikt nie czeka"
        return f"Przed tą rozmową {waiting}."
    if ahead == 0:
        return "Nobody is waiting before you."
    people = "person is" if ahead == 1 else "people are"
    return f"{number.capitalize()} {people} waiting before you."


def wait_text(wait: Range | None, language: Language) -> str:
    """The longer end of the range, which is what people plan by; nothing when it is not known."""
    if wait is None:
        return ""
    number = cardinal(wait.to_min, language, feminine=True)
    minutes = _MINUTES[language].after(wait.to_min).format(number)
    if language == "pl":
        return f" Zwykle trwa to najdłużej {minutes}."
    return f" It usually takes no longer than {minutes}."

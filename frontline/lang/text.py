"""Text made comparable: lower case, without Polish signs."""

import unicodedata

_STROKES = str.maketrans("łŁ", "lL")


def fold(text: str) -> str:
    """Lower case without diacritics and with single spaces: "Gdzie  Łódź" is "gdzie lodz"."""
    plain = unicodedata.normalize("NFKD", text.translate(_STROKES))
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(letters.casefold().split())


def words(text: str) -> tuple[str, ...]:
    """The words of `text`; keeps long tables readable."""
    return tuple(text.split())

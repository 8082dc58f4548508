"""Which form of a noun goes with a number (Unicode CLDR 47, plural rules for pl and en)."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PolishNoun:
    """A noun as it follows a count: 1 sztuka, 2 sztuki, 5 sztuk."""

    one: str
    few: str
    many: str

    def after(self, count: int) -> str:
        """The form that follows `count`."""
        if count == 1:
            return self.one
        if 2 <= count % 10 <= 4 and not 12 <= count % 100 <= 14:
            return self.few
        return self.many


@dataclass(frozen=True, slots=True)
class EnglishNoun:
    """A noun as it follows a count: 1 piece, 2 pieces."""

    one: str
    many: str

    def after(self, count: int) -> str:
        """The form that follows `count`."""
        return self.one if count == 1 else self.many

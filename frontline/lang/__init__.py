"""Polish and English as a shop's front line writes and says them: numbers, dates, money."""

from typing import Literal

Language = Literal["pl", "en"]

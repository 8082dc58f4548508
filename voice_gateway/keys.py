"""What a key says when it answers a question."""

from collections.abc import Sequence

from frontline.lang import Language
from frontline.turns import Button
from voice_gateway.call_events import DoSay

_YES_NO = {"pl": ("tak", "nie"), "en": ("yes", "no")}
_PAYLOADS = ("/affirm", "/deny")


def answer_of(
    digit: str, language: Language, buttons: Sequence[Button], *, yes_no: bool
) -> DoSay | None:
    """The answer that a key chooses: 1 is yes and 2 is no, or 1 is the first button.

    Args:
        digit: the key.
        language: the caller's.
        buttons: the answers that the question offers.
        yes_no: it wants a yes or a no.
    """
    place = int(digit) - 1 if digit.isdecimal() else -1
    if yes_no:
        names = zip(_YES_NO[language], _PAYLOADS, strict=True)
        answers = [DoSay(name, payload=payload, by_keys=True) for name, payload in names]
    else:
        answers = [DoSay(b.title, payload=b.payload, by_keys=True) for b in buttons]
    return answers[place] if 0 <= place < len(answers) else None

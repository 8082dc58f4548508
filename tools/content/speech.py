"""Checks of what is spoken on the telephone: it is heard once, and cannot be read again."""

import re
from collections.abc import Iterator

from tools.content.read import Content
from tools.content.responses import PLACE

MAX_CHARS = 300
"""About twenty seconds of speech."""

MAX_WORDS = 25
"""In one sentence."""

ADDRESS = re.compile(r"https?://\S+|\bwww\.\S+|\b[\w-]+\.(?:pl|com|eu|org|net)\b", re.IGNORECASE)
DIGITS = re.compile(r"\d(?:[ -]?\d){2,}")
SIGNS = re.compile(r"[„”“\"«»–—()\[\]/\\%&*_#<>|@=+§…]|\s-\s")
SENTENCE_END = re.compile(r"[.!?]+(?:\s|$)")


def check_speech(content: Content) -> None:
    """Every voice text is short and made of words alone."""
    for variant in content.all_responses():
        if variant.channel == "voice":
            for kind, what in faults(variant.text):
                content.problems.add(variant.where, kind, f"{variant.name}, voice: {what}")


def faults(text: str) -> Iterator[tuple[str, str]]:
    """Kind and description of all that makes a text hard to say or to listen to.

    What an action fills in counts as one word; the action puts it into words itself.
    """
    plain = PLACE.sub("X", text)
    if len(plain) > MAX_CHARS:
        yield "too-long", f"{len(plain)} characters, at most {MAX_CHARS}; say less or ask first"
    for sentence in SENTENCE_END.split(plain):
        words = len(sentence.split())
        if words > MAX_WORDS:
            what = (
                f"a sentence of {words} words, at most {MAX_WORDS}: “{sentence[:30]}…”; divide it"
            )
            yield "too-long", what
    for address in ADDRESS.findall(plain):
        yield "not-spoken", f"nobody remembers “{address}”; say where to find it"
    for digits in DIGITS.findall(plain):
        yield "not-spoken", f"“{digits}” is read as one great number; write words or a place {{…}}"
    signs = dict.fromkeys(sign.strip() for sign in SIGNS.findall(ADDRESS.sub("", plain)))
    if signs:
        yield "not-spoken", f"{' '.join(signs)} cannot be spoken; write it in words or leave it out"

"""Checks of responses: all four variants, the same places and buttons, nothing we must not say."""

import json
import re
from collections.abc import Iterator

from tools.content.read import CHANNELS, LANGUAGES, Button, Content, Response, fold
from tools.content.sentences import personal_data
from tools.content.yaml_tree import child, items, line_of, scalar, tree

PLACE = re.compile(r"\{(\w+)\}")
PAYLOAD = re.compile(r"/(?P<intent>[^\s{]*)(?P<entities>\{.*\})?", re.DOTALL)


def check_variants(content: Content) -> None:
    """Each response in both languages for web and voice, with the same places to fill."""
    for name, variants in content.responses.items():
        for channel in CHANNELS:
            fitting = [v for v in variants if v.channel == channel]
            for language in LANGUAGES:
                if not any(v.language == language for v in fitting):
                    what = f"{name} has no {language} text for {channel}; add it"
                    content.problems.add(variants[0].where, "variant", what)
            for variant in fitting[1:]:
                differing = places(fitting[0]) ^ places(variant)
                if differing:
                    what = f"{name}: not every {channel} text fills in {', '.join(differing)}"
                    content.problems.add(variant.where, "places", what)
        for variant in variants:
            if not variant.text.strip():
                content.problems.add(variant.where, "variant", f"{name} has a variant without text")
            if variant.channel not in CHANNELS or variant.language not in LANGUAGES:
                what = f"{name}: nobody hears {variant.language} for {variant.channel}"
                content.problems.add(variant.where, "variant", what)


def places(variant: Response) -> set[str]:
    """Names in braces, which an action fills in."""
    return set(PLACE.findall(variant.text))


def check_buttons(content: Content) -> None:
    """Buttons lead to known intents with known entities, and are the same in both languages."""
    for name, variants in content.responses.items():
        web = [v for v in variants if v.channel == "web"]
        for variant in web[1:]:
            if [b.payload for b in variant.buttons] != [b.payload for b in web[0].buttons]:
                what = f"{name}: the buttons here lead elsewhere than those in"
                what += f" {content.problems.place(web[0].where)}"
                content.problems.add(variant.where, "buttons", what)
    for variant in content.all_responses():
        for button in variant.buttons:
            for what in _faults(content, variant, button):
                content.problems.add(button.where, "buttons", f"button “{button.title}”: {what}")


def _faults(content: Content, variant: Response, button: Button) -> Iterator[str]:
    if variant.channel == "voice":
        yield "a caller cannot see buttons; say the choice in the text"
    if not button.title:
        yield "it has no title"
    payload = PAYLOAD.fullmatch(button.payload)
    if payload is None:
        yield f"its payload begins with a slash: /{button.payload or 'intent'}"
        return
    if payload["intent"] not in content.intents:
        yield f"intent {payload['intent'] or '?'} is not in nlu_data/intents.yml"
    try:
        entities = json.loads(payload["entities"] or "{}")
    except ValueError:
        yield 'its entities are written like {"order_number": "104731"}'
        return
    for entity in entities:
        if entity not in content.domain["entities"]:
            yield f"entity {entity} is not in bot/domain"


def check_personal_data(content: Content) -> None:
    """No real address, number or PESEL is written into a response: places are filled in."""
    for variant in content.all_responses():
        for kind in sorted(personal_data(variant.text) - {"postcode"}):
            what = f"{variant.name}: personal data ({kind}); let a place such as {{email}} fill it"
            content.problems.add(variant.where, "personal-data", what)


def check_forbidden(content: Content) -> None:
    """No response makes a promise of nlu_data/forbidden.yml."""
    path = content.root / "nlu_data" / "forbidden.yml"
    phrases: dict[str, list[tuple[str, str, str]]] = {language: [] for language in LANGUAGES}
    for item in items(child(tree(path, content.problems), "forbidden")):
        phrase, language, reason = (
            scalar(child(item, k)) for k in ("phrase", "language", "reason")
        )
        if not phrase or not reason or language not in LANGUAGES:
            what = "a forbidden phrase has a phrase, a language (pl or en) and a reason"
            content.problems.add((path, line_of(item)), "forbidden", what)
        else:
            phrases[language].append((f" {fold(phrase)} ", phrase, reason))
    for variant in content.all_responses():
        text = f" {fold(variant.text)} "
        for folded, phrase, reason in phrases.get(variant.language, ()):
            if folded in text:
                what = f"{variant.name} says “{phrase}”: {reason}"
                content.problems.add(variant.where, "forbidden", what)

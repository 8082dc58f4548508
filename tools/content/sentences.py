"""Checks of training sentences: labels, repetitions, how many there are, personal data."""

import re
from collections import defaultdict

from frontline.redact import find_personal_data
from tools.content.read import LANGUAGES, Content, Sentence

EXAMPLE_DOMAINS = re.compile(r"@(?:[\w-]+\.)*example\.(?:com|org|net)$", re.IGNORECASE)
NEVER_ALLOWED = {"pesel", "card"}


def check_labels(content: Content) -> None:
    """Every sentence is labelled with an intent of the contract."""
    for sentence in content.all_sentences():
        if sentence.intent not in content.intents:
            what = f"intent {sentence.intent} is not in nlu_data/intents.yml; mend the name"
            content.problems.add(sentence.where, "unknown", what)


def check_same(content: Content) -> None:
    """No sentence stands in two places, capital letters, accents and punctuation aside.

    Both languages may have an “ok” of one intent, but never of two: the bot has one model.
    """
    first: dict[str, Sentence] = {}
    for language in LANGUAGES:
        here: dict[str, Sentence] = {}
        for sentence in content.sentences[language]:
            twin = here.setdefault(sentence.folded, sentence)
            if twin is not sentence and twin.intent == sentence.intent:
                place = content.problems.place(twin.where)
                what = f"“{sentence.text}” stands already in {place}; delete one"
                content.problems.add(sentence.where, "twice", what)
            other = first.setdefault(sentence.folded, sentence)
            if other.intent != sentence.intent:
                place = content.problems.place(other.where)
                what = f"“{sentence.text}” is also {other.intent} in {place}"
                what += "; keep one, as nlu_data/intents.yml decides"
                content.problems.add(sentence.where, "two-intents", what)


def check_near(content: Content) -> None:
    """No sentence is almost another; those that are quite the same are `check_same`'s."""
    sentences = content.all_sentences()
    for number, sentence in enumerate(sentences):
        alike = [sentences[n] for n in content.near.like(sentence.folded, before=number)]
        alike = [other for other in alike if other.folded != sentence.folded]
        for other in [o for o in alike if o.intent != sentence.intent][:1]:
            what = f"“{sentence.text}” is almost “{other.text}”, which is {other.intent} in"
            what += f" {content.problems.place(other.where)}; reword or delete one"
            content.problems.add(sentence.where, "near-intents", what)
        for other in [o for o in alike if o.intent == sentence.intent][:1]:
            what = f"“{sentence.text}” is almost the sentence in"
            what += f" {content.problems.place(other.where)}; it teaches nothing new"
            content.problems.add(sentence.where, "near-same", what)


def check_number(content: Content) -> None:
    """Every intent has as many different sentences in each language as the contract asks."""
    for language in LANGUAGES:
        different: dict[str, set[str]] = defaultdict(set)
        for sentence in content.sentences[language]:
            different[sentence.intent].add(sentence.folded)
        for intent, where in content.intents.items():
            have, need = len(different[intent]), content.minimum[intent].get(language, 1)
            if have < need:
                what = f"{intent} has {have} different sentences in {language}, needs {need}"
                content.problems.add(where, "too-few", what)


def check_personal_data(content: Content) -> None:
    """A sentence names nobody: invented addresses are under example.com, no PESEL, no cards."""
    for sentence in content.all_sentences():
        for kind in personal_data(sentence.text):
            if kind == "email" or kind in NEVER_ALLOWED:
                what = f"personal data in a sentence ({kind}); use invented ones, @example.com"
                content.problems.add(sentence.where, "personal-data", what)


def personal_data(text: str) -> set[str]:
    """Kinds of personal data in a text; addresses under example.com do not count."""
    return {
        finding.kind
        for finding in find_personal_data(text)
        if not EXAMPLE_DOMAINS.search(text[finding.start : finding.end])
    }

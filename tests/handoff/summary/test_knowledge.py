import os
from pathlib import Path

import pytest

from frontline.settings import PROJECT
from handoff.knowledge import Knowledge, for_agent

DOMAIN = """\
intents: [return_start]
responses:
  utter_returns_rule:
  - text: Na zwrot jest 14 dni. Czy połączyć z konsultantem?
  - text: Na zwrot jest czternaście dni.
    channel: voice
  - text: You have 14 days to return goods. Shall I connect you with an agent?
    condition: [{type: slot, name: language, value: en}]
  utter_returns_confirm:
  - text: Czy na pewno zgłosić ten zwrot?
  utter_returns_started:
  - text: Gotowe, zwrot jest zgłoszony.
  utter_returns_none:
  - text: Do zamówienia {number} nie ma zwrotu.
"""


@pytest.fixture(scope="module")
def shipped() -> Knowledge:
    return Knowledge(PROJECT)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bot" / "domain").mkdir(parents=True)
    (tmp_path / "bot" / "domain" / "returns.yml").write_text(DOMAIN, "utf-8")
    return tmp_path


def touched(file: Path, text: str) -> None:
    before = file.stat().st_mtime_ns
    file.write_text(text, "utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))


def test_an_article_is_the_written_response_without_the_bots_own_words(folder: Path) -> None:
    knowledge = Knowledge(folder)
    rule = knowledge.articles("pl")[0]
    assert (rule.id, rule.text) == ("utter_returns_rule", "Na zwrot jest 14 dni.")
    assert rule.title == "Zwroty: Na zwrot jest 14 dni."
    assert (rule.ready, rule.intents) == (True, ("return_start", "refund_status"))
    assert [a.text for a in knowledge.articles("en")] == ["You have 14 days to return goods."]


def test_the_bots_moves_are_no_articles_and_looked_up_facts_are_never_ready(folder: Path) -> None:
    found = {a.id: a.ready for a in Knowledge(folder).articles("pl")}
    assert found == {"utter_returns_rule": True, "utter_returns_none": False}


def test_a_changed_file_is_read_again(folder: Path) -> None:
    knowledge = Knowledge(folder)
    assert knowledge.search("14 dni", "pl")
    file = folder / "bot" / "domain" / "returns.yml"
    touched(file, DOMAIN.replace("14 dni.", "30 dni."))
    assert knowledge.articles("pl")[0].text == "Na zwrot jest 30 dni."


def test_a_broken_file_keeps_what_was_known(folder: Path) -> None:
    knowledge = Knowledge(folder)
    before = knowledge.articles("pl")
    touched(folder / "bot" / "domain" / "returns.yml", "responses: [unclosed")
    assert knowledge.articles("pl") == before


@pytest.mark.parametrize(
    "text",
    ["responses: 5", "responses: {utter_x: 5}", "responses: {utter_x: [5, {text: 7}]}", "- a", "",
     "responses: {5: [{text: abc}]}",
     "{intents: 5, responses: {u: [{text: a b c d, condition: 5}]}}"],
)  # fmt: skip
def test_odd_files_do_no_harm(folder: Path, text: str) -> None:
    (folder / "bot" / "domain" / "odd.yml").write_text(text, "utf-8")
    assert Knowledge(folder).articles("pl")[-1].id.startswith("u")


def test_a_missing_folder_has_no_articles(tmp_path: Path) -> None:
    assert Knowledge(tmp_path).search("zwrot", "pl") == []


@pytest.mark.parametrize(
    ("query", "article"),
    [
        ("hasło", "utter_account_access_password"),
        ("haslo", "utter_account_access_password"),
        ("uszkodzona paczka", "utter_delivery_damaged"),
        ("gwarancja producenta", "utter_complaints_warranty_law"),
        ("koszt odesłania", "utter_returns_cost"),
        ("ile dni na zwrot", "utter_returns_rule"),
    ],
)
def test_words_find_their_article(shipped: Knowledge, query: str, article: str) -> None:
    assert article in [a.id for a in shipped.search(query, "pl")[:5]]


def test_diacritics_make_no_difference(shipped: Knowledge) -> None:
    assert shipped.search("zażółć hasło", "pl") == shipped.search("ZAZOLC  HASLO", "pl")


def test_nonsense_finds_nothing_and_nothing_finds_the_first(shipped: Knowledge) -> None:
    assert shipped.search("qqqq xxxx", "pl") == []
    assert len(shipped.search("", "en", limit=3)) == 3
    assert shipped.search("zwrot", "de") == []
    assert shipped.search("(.*)[" * 500, "pl") == []


def test_no_shipped_article_speaks_as_a_bot(shipped: Knowledge) -> None:
    for language in ("pl", "en"):
        ready = [a for a in shipped.articles(language) if a.ready]
        assert len(ready) >= 20
        for article in ready:
            assert "?" not in article.text.rstrip("”")[-2:], article
            for word in ("konsultant", "asystent", "połączyć", "assistant", "connect"):
                assert word not in article.text.casefold(), article


def test_sentences_are_cut_at_their_ends_only() -> None:
    text = "Numer to np. ZA-2026-104731. Koszt 12.50 zł. Czy połączyć? Dziękuję."
    assert for_agent(text) == "Numer to np. ZA-2026-104731. Koszt 12.50 zł. Dziękuję."

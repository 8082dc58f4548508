import re
import time
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from frontline.lang import Language
from frontline.lang.speakable import MAX_CHARACTERS, speakable
from frontline.settings import PROJECT
from tools.content.speech import faults

LANGUAGES: tuple[Language, ...] = ("pl", "en")

POLISH = [
    # orders, codes, telephones
    (
        "Zamówienie ZA-2026-104731 jest w drodze.",
        "Zamówienie sto cztery, siedemset trzydzieści jeden jest w drodze.",
    ),
    ("nr 104731", "numer sto cztery, siedemset trzydzieści jeden"),
    ("Kod RABAT20", "Kod RABAT dwadzieścia"),
    ("paczka AB7", "paczka A B siedem"),
    ("tel. 600 100 200", "telefon sześćset, sto, dwieście"),
    (
        "+48 22 123 45 67",
        "dwadzieścia dwa, sto dwadzieścia trzy, czterdzieści pięć, sześćdziesiąt siedem",
    ),
    ("00-950 Warszawa", "zero zero dziewięć, pięćdziesiąt Warszawa"),
    ("pod 112", "pod sto dwanaście"),
    # money, measures
    (
        "1 234,50 zł",
        "tysiąc dwieście trzydzieści cztery złote i pięćdziesiąt groszy",
    ),
    ("Koszt to 15 zł. Płatne z góry.", "Koszt to piętnaście złotych. Płatne z góry."),
    ("od 100 zł gratis", "od stu złotych gratis"),
    ("5 tys. zł", "pięć tysięcy złotych"),
    ("19.99 PLN", "dziewiętnaście złotych i dziewięćdziesiąt dziewięć groszy"),
    ("2,5 kg", "dwa i pół kilograma"),
    ("10x15 cm", "dziesięć na piętnaście centymetrów"),
    ("5 szt. i 1 szt.", "pięć sztuk i jedna sztuka."),
    ("3 m² przy 5 °C", "trzy metry kwadratowe przy pięć stopni Celsjusza"),
    ("23% albo 2,05%", "dwadzieścia trzy procent albo dwa przecinek zero pięć procent"),
    ("w ciągu 14 dni", "w ciągu czternastu dni"),
    ("w 2-3 dni", "w dwa, trzy dni"),
    ("zwrot 14–30 dni", "zwrot od czternastu do trzydziestu dni"),
    ("2 paczki, 1 paczka", "dwie paczki, jedna paczka"),
    ("1 zamówienie, 2 produkty", "jedno zamówienie, dwa produkty"),
    ("-5 stopni", "minus pięć stopni"),
    # days and times
    (
        "24.11.2026 r. o godz. 10.30",
        "dwudziestego czwartego listopada dwa tysiące dwudziestego szóstego roku "
        "o godzinie dziesiątej trzydzieści",
    ),
    ("od 9.00 do 10.30", "od dziewiątej do dziesiątej trzydzieści"),
    ("do 24.12.", "do dwudziestego czwartego grudnia"),
    (
        "24–26 listopada",
        "od dwudziestego czwartego do dwudziestego szóstego listopada",
    ),
    ("w 2026 r.", "w dwa tysiące dwudziestym szóstym roku"),
    (
        "Pn.–pt. 9:00–17:00, sob. 10.00-14.00",
        "od poniedziałku do piątku od dziewiątej do siedemnastej, "
        "sobota od dziesiątej do czternastej",
    ),
    ("jutro po 15, w piątek o 10", "jutro po piętnastej, w piątek o dziesiątej"),
    ("31.02.2026", "trzysta dziesięć, dwieście dwadzieścia, dwadzieścia sześć"),
    # abbreviations
    ("przy ul. Długiej 5/7", "przy ulicy Długiej pięć przez siedem"),
    ("np. kurier, tzn. DPD, m.in. punkt", "na przykład kurier, to znaczy DPD, między innymi punkt"),
    ("ok. 5 dni, tak jest ok.", "około pięciu dni, tak jest ok."),
    ("buty, torby itd. Dziękuję.", "buty, torby i tak dalej. Dziękuję."),
    # addresses and signs
    ("anna@example.com", "anna małpa example kropka com"),
    (
        "Regulamin: https://www.sklep.example/a/b?c=1&d=2.",
        "Regulamin: sklep kropka example.",
    ),
    ("**Ważne**: [regulamin](https://x.example)", "Ważne: regulamin"),
    ("Świetnie 🙂 ;) „naprawdę” (dziś) – tak", "Świetnie naprawdę, dziś, tak"),
    ("Pan/Pani i/lub ktoś", "Pan lub Pani i lub ktoś"),
    ("pierwsze\ndrugie", "pierwsze. drugie"),
    ("- jedno\n- drugie", "jedno. drugie"),
    ("czekam... tak?!", "czekam. tak?"),
]
ENGLISH = [
    ("Order ZA-2026-104731", "Order one zero four, seven three one"),
    ("PLN 1,234.50", "one thousand two hundred thirty-four zlotys and fifty groszy"),
    ("€5.50 or $1,000", "five point five euros or one thousand dollars"),
    ("2-3 working days", "two to three working days"),
    ("1 kg, 2.5 kg", "one kilogram, two point five kilograms"),
    ("Mon–Fri 9:00–17:00", "Monday to Friday from nine AM to five PM"),
    ("Sat 10 am - 2 pm", "Saturday from ten AM to two PM"),
    ("24 November 2026", "the twenty-fourth of November, twenty twenty-six"),
    ("Nov 24th", "the twenty-fourth of November"),
    ("the 3rd of May", "the third of May"),
    ("the 21st time", "the twenty-first time"),
    ("E.g. Mr. Smith, No. 5", "for example Mister Smith, number five"),
    ("Is it? No. Shall I?", "Is it? No. Shall I?"),
    ("24/7 & more", "twenty-four seven and more"),
    ("I don’t know, it's his.", "I don’t know, it's his."),
]


@pytest.mark.parametrize(("text", "words"), POLISH)
def test_polish(text: str, words: str) -> None:
    assert speakable(text, "pl") == words


@pytest.mark.parametrize(("text", "words"), ENGLISH)
def test_english(text: str, words: str) -> None:
    assert speakable(text, "en") == words


def responses() -> Iterator[tuple[str, str | None, Language, str]]:
    """Name, channel, language and text of every variant of every response of the bot."""
    for path in sorted((PROJECT / "bot" / "domain").glob("*.yml")):
        for name, variants in (yaml.safe_load(path.read_text()).get("responses") or {}).items():
            for variant in variants:
                english = any(part.get("value") == "en" for part in variant.get("condition", []))
                language: Language = "en" if english else "pl"
                yield name, variant.get("channel"), language, variant["text"]


def test_what_the_bot_says_on_the_phone_passes_unchanged() -> None:
    spoken = [(lang, text) for _, channel, lang, text in responses() if channel == "voice"]
    assert len(spoken) > 400
    for language, text in spoken:
        filled = " ".join(re.sub(r"\{\w+\}", "to", text).split())
        assert speakable(filled, language) == filled


def test_what_the_bot_writes_in_the_chat_comes_out_in_words() -> None:
    for _, _, language, text in responses():
        check_can_be_said(speakable(text, language))


def check_can_be_said(said: str) -> None:
    assert not re.search(r"[^\w\s.,?!:;'’-]|[\d_]", said), said
    assert "  " not in said
    assert not [what for kind, what in faults(said) if kind == "not-spoken"]


FIGURES = st.one_of(
    st.integers(-10, 10**12).map(str),
    st.decimals(0, 10**6, places=2).map(str),
    st.dates().map(str),
    st.dates().map(lambda day: f"{day.day}.{day.month:02}.{day.year}"),
    st.times().map(lambda moment: f"{moment.hour}:{moment.minute:02}"),
    st.from_regex(r"[0-9]{1,3}([ .,][0-9]{3}){0,3}([.,][0-9]{1,3})?", fullmatch=True),
    st.from_regex(r"\+?[0-9]{2}([ -]?[0-9]{2,3}){2,4}", fullmatch=True),
    st.from_regex(r"[A-Z]{0,4}-?[0-9]{1,8}[A-Z]?", fullmatch=True),
)
SCRAPS = """do od w o ul. nr np. itd. ok. pn. – - / x × : . , ( ) [ ] ? ! zł PLN kg szt. % ° € # & @
    © 🙂 ;) https://a.example/b www.c.pl ** _ ` stycznia May am pm r. 1st ZA- ² ½ ٣ Ⅳ"""
PARTS = st.one_of(
    FIGURES,
    st.emails(),
    st.text(max_size=5),
    st.sampled_from([*SCRAPS.split(), "\n"]),
)


@settings(deadline=None)
@given(st.lists(PARTS, max_size=12), st.sampled_from(["", " "]), st.sampled_from(LANGUAGES))
def test_whatever_is_typed_comes_out_in_words(
    parts: list[str], glue: str, language: Language
) -> None:
    said = speakable(glue.join(parts), language)
    assert not re.search(r"[^\w\s.,?!:;'’-]|[\d_]", said)
    assert said == said.strip()
    assert "  " not in said


@settings(deadline=None)
@given(st.lists(PARTS, max_size=12), st.sampled_from(LANGUAGES))
def test_what_is_in_words_stays(parts: list[str], language: Language) -> None:
    once = speakable(" ".join(parts), language)
    assert speakable(once, language) == once


@pytest.mark.parametrize(
    "text", ["a", "1", "1 ", "1-", "a.", "a@", "[", "(", "*", "1.", "1,000", "-", "/", "🙂", "<a"]
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_text_takes_long(text: str, language: Language) -> None:
    long = text * (2 * MAX_CHARACTERS // len(text))
    began = time.thread_time()
    speakable(long + "!", language)
    assert time.thread_time() - began < 1.0

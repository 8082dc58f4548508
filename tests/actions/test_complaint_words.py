import pytest

from actions import complaint_words as words

SINCE = """
od początku|od poczatku|od samego początku|od nowości|od zawsze|od tygodnia|od dwóch tygodni
od 2 tygodni|od wczoraj|od 10 listopada|10 listopada|12.11.2026|od wtorku|w sobotę|zeszła niedziela
w zeszłym tygodniu
zeszły wtorek|od miesiąca|od kilku dni|od paru dni|od pierwszego użycia|po paru użyciach|po tygodniu
po trzech dniach|po roku|juz po pierwszym praniu|zaraz po dostawie|od dostawy|od zakupu
przy rozpakowaniu|od razu po wyjęciu z pudełka|od kiedy go kupiłem|odkąd go mam od razu
jakieś 2 tygodnie temu|dwa dni temu|tydzień temu|w październiku|w pazdzierniku|na początku listopada
dzisiaj rano|przedwczoraj|since Monday|since I got it|since yesterday|since 10 November|for a week
for two weeks|for about a month|from the start|from day one|a few days ago|last week|last Friday
after two washes|after the first wash|10 November|November 10|straight out of the box|right away
in October|on arrival|this morning
"""


@pytest.mark.parametrize("text", [t for t in SINCE.replace("\n", "|").split("|") if t])
def test_times_as_customers_say_them(text: str) -> None:
    assert words.find_since(text) is not None


@pytest.mark.parametrize(
    ("story", "since", "wish"),
    [
        ("czajnik przestał działać po tygodniu, chcę zwrot pieniędzy", "po tygodniu", "refund"),
        ("sluchawki nie graja od wczoraj, prosze o naprawe", "od wczoraj", "repair"),
        ("the kettle stopped working after a week, I want my money back", "after a week", "refund"),
        ("my headphones broke last week, please replace them", "last week", "replacement"),
        ("Czajnik przecieka (od wczoraj), wymieńcie", "od wczoraj", "replacement"),
        ("toster nie grzeje od 3 dni", "od 3 dni", None),
        ("listwa pękła wczoraj wieczorem", "wczoraj wieczorem", None),
        (
            "lampka z zamówienia 104761 nie świeci od wczoraj proszę o naprawę",
            "od wczoraj",
            "repair",
        ),
        ("miesiąc temu kupiłem czajnik, cieknie", None, None),
        # the age of the goods, or of something else, is not the fault's
        ("buty kupione dwa tygodnie temu rozkleiły się", None, None),
        ("kupiłem telewizor miesiąc temu i ekran miga", None, None),
        ("I bought it today and it does not work", None, None),
        ("czekam od tygodnia na odpowiedź, a czajnik cieknie", None, None),
        ("kupiłem w maju, a od wczoraj nie działa", "od wczoraj", None),
        # named, but not asked for
        ("telefon po naprawie dalej nie działa", None, None),
        ("naprawiałem sam, ale dalej przecieka", None, None),
        ("my laptop was replaced last month and the new one is faulty", None, None),
        ("kupiłem na wyprzedaży z rabatem 20% i nie działa", None, None),
        ("the discount lamp flickers", None, None),
        ("nie chcę naprawy, chcę wymiany", None, "replacement"),
        ("nie chcę naprawy ani wymiany", None, None),
        ("proszę o naprawę lub wymianę", None, "repair_or_replacement"),
    ],
)
def test_a_story_tells_only_what_is_meant(story: str, since: str | None, wish: str | None) -> None:
    assert (words.find_since(story), words.find_wish(story)) == (since, wish)


WISHES = {
    "repair": "naprawa|naprawę poproszę|prosze o naprawe|naprawcie|zreperować|repair|fix it",
    "replacement": (
        "wymiana|chcę wymiany|wymieńcie mi na nowy|nowy egzemplarz|inny egzemplarz|nowy czajnik|"
        "zamiana|zamienić na inny|nie naprawa, tylko wymiana|zniżki nie chcę, wolę nowy|"
        "replacement|replace it|swap it|new one|a new kettle"
    ),
    "refund": (
        "zwrot pieniędzy|chce zwrot pieniedzy|zwrot kasy|zwrot|oddajcie pieniądze|kasa na konto|"
        "zwróćcie mi kasę|chcę odzyskać pieniądze|pieniądze|zwrot całości|odstąpienie od umowy|"
        "chcę zwrot pieniędzy, nie naprawę|my money back|refund|full refund|money"
    ),
    "price_reduction": (
        "obniżenie ceny|obnizka|rabat|zniżkę|częściowy zwrot|zwrot części pieniędzy|lower price|"
        "discount|partial refund|part of the price back|cheaper"
    ),
    "repair_or_replacement": "naprawa albo wymiana|repair or replacement",
    "undecided": "nie wiem|wszystko jedno|obojętnie|nie mam zdania|not sure|I don't know|whatever",
}


@pytest.mark.parametrize(
    ("text", "wish"), [(text, wish) for wish, texts in WISHES.items() for text in texts.split("|")]
)
def test_wishes_as_customers_say_them(text: str, wish: str) -> None:
    assert words.wish_in_answer(text) == wish


@pytest.mark.parametrize(
    "text", ["ile trwa naprawa?", "nie chcę wymiany", "żeby działał", "to drugie", "hm"]
)
def test_what_names_no_wish(text: str) -> None:
    assert words.wish_in_answer(text) is None


@pytest.mark.parametrize(
    ("text", "contact"),
    [
        ("listem", "post"), ("list", "post"), ("pocztą", "post"), ("poczta tradycyjna", "post"),
        ("na piśmie", "post"), ("na adres z zamówienia", "post"), ("by post", "post"),
        ("a letter please", "post"), ("the address from the order", "post"),
        ("na ten sam mail co w zamówieniu", "order_email"), ("mail z zamówienia", "order_email"),
        ("same as in the order", "order_email"), ("the email from my order", "order_email"),
        ("Długa 5, 00-238  Warszawa", "Długa 5, 00-238 Warszawa"),
        ("mail", None), ("telefonicznie", None), ("nie chcę listem", None), ("lista rzeczy", None),
    ],
)  # fmt: skip
def test_where_the_answer_goes(text: str, contact: str | None) -> None:
    assert words.find_contact(text) == contact


@pytest.mark.parametrize(
    ("text", "email"),
    [("na maila anna@example.com.", "anna@example.com"),
     ("mail:Anna.K+x@Example.co.uk!", "Anna.K+x@Example.co.uk"), ("anna@", None)],
)  # fmt: skip
def test_addresses(text: str, email: str | None) -> None:
    assert words.find_email(text) == email


@pytest.mark.parametrize(
    ("text", "told"),
    [("bez zdjęć", "enough"), ("to już wszystkie", "enough"), ("wyślę później", "enough"),
     ("that's all", "enough"), ("no photos", "enough"), ("zaraz wyślę", "more"),
     ("nie, jeszcze jedno", "more"), ("one more", "more"), ("tak", None)],
)  # fmt: skip
def test_photos(text: str, told: str | None) -> None:
    assert words.photos_answer(text) == told

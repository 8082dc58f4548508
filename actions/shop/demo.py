"""The made-up shop of the demo: what it sells, when it is open, whom to call."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time

from actions.shop.port import Contact, Offer

CONTACT = Contact(
    name="Sklep Demo",
    street="ul. Przykładowa 1",
    postal_code="00-950",
    city="Warszawa",
    phone="+48220000000",
    email="sklep@example.com",
    website="https://sklep.example.com",
)

STORE_DAY = ((time(10), time(14)), (time(15), time(19)))
SATURDAY = ((time(10), time(14)),)
HOURS: Mapping[str, Mapping[int, tuple[tuple[time, time], ...]]] = {
    "store": {**dict.fromkeys(range(5), STORE_DAY), 5: SATURDAY},
    "hotline": {**dict.fromkeys(range(5), ((time(8), time(20)),)), 5: ((time(9), time(15)),)},
}
"""Blocks by place and weekday, 0 = Monday; closed on Sundays."""

STOCKTAKING = ("store", 21, "Inwentaryzacja", "Stocktaking")
"""A closed day: place, days from today, why."""

PRODUCTS: tuple[tuple[str, str, str, int, int, str, str], ...] = (
    (
        "SD-001",
        "Czajnik elektryczny Bulgot",
        "Bulgot electric kettle",
        12900,
        34,
        "Pojemność 1,7 litra, moc 2200 W, wyłącza się sam po zagotowaniu wody.",
        "Holds 1.7 litres, 2200 W, switches itself off when the water boils.",
    ),
    (
        "SD-002",
        "Czajnik szklany Bulgot Mini",
        "Bulgot Mini glass kettle",
        9900,
        0,
        "Pojemność 0,8 litra, szkło hartowane, podświetlenie.",
        "Holds 0.8 litres, tempered glass, lit from below.",
    ),
    (
        "SD-003",
        "Ekspres do kawy Ziarenko",
        "Ziarenko coffee machine",
        149900,
        7,
        "Ciśnienie 15 bar, młynek ceramiczny, spieniacz do mleka.",
        "15 bar of pressure, ceramic grinder, milk frother.",
    ),
    (
        "SD-004",
        "Młynek do kawy Pył",
        "Pył coffee grinder",
        18900,
        21,
        "Żarna stalowe, 12 stopni mielenia, pojemnik na 60 g.",
        "Steel burrs, 12 grinding levels, holds 60 g.",
    ),
    (
        "SD-005",
        "Toster Grzanka",
        "Grzanka toaster",
        15900,
        18,
        "Dwie kromki, 7 stopni opiekania, tacka na okruchy.",
        "Two slices, 7 browning levels, crumb tray.",
    ),
    (
        "SD-006",
        "Blender kielichowy Wir",
        "Wir jug blender",
        24900,
        12,
        "Kielich 1,5 litra, 1000 W, kruszy lód.",
        "1.5 litre jug, 1000 W, crushes ice.",
    ),
    (
        "SD-007",
        "Mikser ręczny Piana",
        "Piana hand mixer",
        11900,
        25,
        "Pięć prędkości, dwie końcówki, 400 W.",
        "Five speeds, two attachments, 400 W.",
    ),
    (
        "SD-008",
        "Żelazko parowe Gładzik",
        "Gładzik steam iron",
        17900,
        15,
        "2400 W, stopa ceramiczna, zbiornik 300 ml.",
        "2400 W, ceramic soleplate, 300 ml tank.",
    ),
    (
        "SD-009",
        "Odkurzacz bezprzewodowy Wicher",
        "Wicher cordless vacuum cleaner",
        89900,
        6,
        "Do 45 minut pracy, filtr HEPA, waży 2,3 kg.",
        "Up to 45 minutes of work, HEPA filter, weighs 2.3 kg.",
    ),
    (
        "SD-010",
        "Robot sprzątający Okruszek",
        "Okruszek robot vacuum",
        129900,
        0,
        "Mapuje mieszkanie, sam wraca do stacji, aplikacja po polsku.",
        "Maps the home, returns to its dock by itself, app in Polish and English.",
    ),
    (
        "SD-011",
        "Słuchawki bezprzewodowe Szum",
        "Szum wireless headphones",
        29900,
        40,
        "Nauszne, redukcja szumu, do 30 godzin grania.",
        "Over-ear, noise cancelling, up to 30 hours of play.",
    ),
    (
        "SD-012",
        "Słuchawki dokanałowe Szept",
        "Szept in-ear headphones",
        14900,
        52,
        "Etui ładujące, odporne na deszcz, do 6 godzin grania.",
        "Charging case, rain-proof, up to 6 hours of play.",
    ),
    (
        "SD-013",
        "Głośnik przenośny Basik",
        "Basik portable speaker",
        19900,
        30,
        "10 W, do 12 godzin grania, wodoodporny.",
        "10 W, up to 12 hours of play, waterproof.",
    ),
    (
        "SD-014",
        "Klawiatura mechaniczna Stukot",
        "Stukot mechanical keyboard",
        34900,
        9,
        "Układ polski programisty, ciche przełączniki, podświetlenie.",
        "Polish programmer's layout, quiet switches, backlight.",
    ),
    (
        "SD-015",
        "Mysz bezprzewodowa Norka",
        "Norka wireless mouse",
        9900,
        44,
        "Cichy klik, 1600 DPI, jedna bateria AA na rok.",
        "Quiet click, 1600 DPI, one AA battery a year.",
    ),
    (
        "SD-016",
        "Monitor 27 cali Widok",
        "Widok 27-inch monitor",
        99900,
        5,
        "2560 × 1440, 75 Hz, regulowana wysokość.",
        "2560 × 1440, 75 Hz, adjustable height.",
    ),
    (
        "SD-017",
        "Lampka biurkowa Promyk",
        "Promyk desk lamp",
        12900,
        28,
        "LED, trzy barwy światła, ściemniacz, ładowarka USB.",
        "LED, three light colours, dimmer, USB charger.",
    ),
    (
        "SD-018",
        "Żarówka LED E27 Iskra",
        "Iskra E27 LED bulb",
        1490,
        300,
        "9 W, barwa ciepła, odpowiednik 60 W.",
        "9 W, warm white, replaces 60 W.",
    ),
    (
        "SD-019",
        "Powerbank 20000 mAh Zapas",
        "Zapas 20000 mAh power bank",
        15900,
        17,
        "Dwa porty USB-C, ładowanie 65 W, waży 380 g.",
        "Two USB-C ports, 65 W charging, weighs 380 g.",
    ),
    (
        "SD-020",
        "Ładowarka USB-C 65 W Prąd",
        "Prąd 65 W USB-C charger",
        11900,
        60,
        "Trzy porty, wtyczka składana.",
        "Three ports, folding plug.",
    ),
    (
        "SD-021",
        "Plecak miejski Wędrowiec",
        "Wędrowiec city backpack",
        22900,
        14,
        "22 litry, kieszeń na laptopa 15,6 cala, pokrowiec na deszcz.",
        "22 litres, pocket for a 15.6-inch laptop, rain cover.",
    ),
    (
        "SD-022",
        "Kubek termiczny Ciepłyk",
        "Ciepłyk travel mug",
        6900,
        80,
        "450 ml, trzyma ciepło 6 godzin, można myć w zmywarce.",
        "450 ml, keeps warm for 6 hours, dishwasher safe.",
    ),
    (
        "SD-023",
        "Waga kuchenna Gramik",
        "Gramik kitchen scale",
        5900,
        33,
        "Do 5 kg, dokładność 1 g, funkcja tary.",
        "Up to 5 kg, to the gram, tare function.",
    ),
    (
        "SD-024",
        "Suszarka do włosów Powiew",
        "Powiew hair dryer",
        13900,
        0,
        "2000 W, jonizacja, zimny nawiew.",
        "2000 W, ioniser, cool shot.",
    ),
    (
        "SD-025",
        "Hulajnoga elektryczna Pęd",
        "Pęd electric scooter",
        189900,
        3,
        "Do 20 km/h, zasięg 30 km, składana, waży 14 kg.",
        "Up to 20 km/h, range of 30 km, folds, weighs 14 kg.",
    ),
)
"""Code, Polish and English name, price in grosze, stock, Polish and English description."""

RESTOCK_DAYS = {"SD-002": 5, "SD-010": 9}
"""Sold out but ordered: days from today until it is back."""

WITHOUT_GUARANTEE = frozenset({"SD-018", "SD-021", "SD-022"})
"""Neither an appliance nor a device: a bulb, a backpack, a mug."""
GUARANTEE_MONTHS = {"SD-003": 36}
"""The maker's guarantee where it is not `USUAL_GUARANTEE`."""
USUAL_GUARANTEE = 24


def warranty_months(code: str) -> int | None:
    """Months of the maker's guarantee on a product; None = it has none."""
    return None if code in WITHOUT_GUARANTEE else GUARANTEE_MONTHS.get(code, USUAL_GUARANTEE)


DELIVERY_METHODS = (
    Offer(
        "courier",
        "Kurier",
        "Courier",
        1599,
        "Dostawa trwa 1-2 dni robocze.",
        "Delivery takes 1-2 working days.",
        20000,
    ),
    Offer(
        "pickup_point",
        "Automat paczkowy",
        "Parcel locker",
        1199,
        "Dostawa trwa 1-3 dni robocze, a na odbiór jest 48 godzin.",
        "Delivery takes 1-3 working days, and there are 48 hours to collect.",
        15000,
    ),
    Offer(
        "store",
        "Odbiór w sklepie",
        "Pick-up in the store",
        0,
        "Zamówienie można odebrać następnego dnia roboczego.",
        "The order can be collected on the next working day.",
    ),
)
PAYMENT_METHODS = (
    Offer(
        "blik",
        "BLIK",
        "BLIK",
        0,
        "Płatność jest księgowana od razu.",
        "The payment is booked at once.",
    ),
    Offer(
        "card",
        "Karta",
        "Card",
        0,
        "Płatność jest księgowana od razu.",
        "The payment is booked at once.",
    ),
    Offer(
        "transfer",
        "Przelew",
        "Bank transfer",
        0,
        "Księgowanie trwa 1-2 dni robocze, a zamówienie czeka na wpłatę 7 dni.",
        "Booking takes 1-2 working days, and the order waits 7 days for the money.",
    ),
    Offer(
        "cash_on_delivery",
        "Płatność przy odbiorze",
        "Cash on delivery",
        500,
        "Za zamówienie płaci się przy odbiorze przesyłki.",
        "The order is paid for when the parcel is handed over.",
    ),
    Offer(
        "instalments",
        "Raty",
        "Instalments",
        0,
        "Raty są możliwe przy zakupach za co najmniej 300 zł, a decyzję podejmuje bank.",
        "Instalments are possible if you buy for at least PLN 300, and the bank decides.",
    ),
)


@dataclass(frozen=True, slots=True)
class DemoCode:
    """A discount code with its days counted from today."""

    code: str
    terms_pl: str
    terms_en: str
    first: int
    last: int
    min_total_grosze: int = 0
    used_up: bool = False


PROMO_CODES = (
    DemoCode(
        "DEMO10",
        "Kod daje dziesięć procent rabatu na wszystkie produkty.",
        "The code gives ten per cent off all products.",
        -30,
        60,
        min_total_grosze=10000,
    ),
    DemoCode(
        "LATO2026",
        "Kod daje piętnaście procent rabatu na wszystkie produkty.",
        "The code gives fifteen per cent off all products.",
        -150,
        -85,
    ),
    DemoCode(
        "DARMOWA",
        "Kod daje bezpłatną dostawę.",
        "The code gives free delivery.",
        -30,
        60,
        min_total_grosze=5000,
    ),
    DemoCode(
        "START50",
        "Kod daje pięćdziesiąt złotych rabatu na pierwsze zakupy.",
        "The code gives fifty zlotys off the first purchase.",
        -30,
        60,
        used_up=True,
    ),
    DemoCode(
        "GWIAZDKA",
        "Kod daje dwadzieścia procent rabatu na wszystkie produkty.",
        "The code gives twenty per cent off all products.",
        10,
        40,
    ),
)
"""Valid, expired, valid, used up and not yet valid."""

"""Products: price, stock and what they are."""

from collections.abc import Sequence

from actions import forms, phrases
from actions.shop.port import Product
from actions.talk import Button, Talk
from frontline.lang.text import fold

FORM = "product_info"
HITS = 3


async def product_info(talk: Talk) -> None:
    """Tell about a product; several hits are listed to choose from."""
    wanted = talk.message.first("product") or phrases.product_words(talk.message.text)
    if not wanted:
        _ask(talk, "utter_products_ask")
        return
    hits = await talk.shop.find_products(wanted, HITS)
    if not hits:
        _ask(talk, "utter_products_none")
        return
    exact = [p for p in hits if fold(wanted) in _names(p)]
    if len(hits) == 1 or len(exact) == 1:
        _finish(talk)
        _tell(talk, (exact or list(hits))[0])
        return
    _offer_choice(talk, hits)


def _names(product: Product) -> tuple[str, ...]:
    return fold(product.code), fold(product.name_pl), fold(product.name_en)


def _finish(talk: Talk) -> None:
    if talk.state.form == FORM:
        talk.state.finish_form()


def _ask(talk: Talk, response: str) -> None:
    if talk.state.form == FORM and talk.state.asking == "product" and talk.state.unclear:
        forms.unclear(talk)  # asked twice already
        return
    again = talk.state.form == FORM
    forms.begin(talk, FORM)
    talk.state.unclear += again
    talk.ask("product", response)


def _offer_choice(talk: Talk, hits: Sequence[Product]) -> None:
    """List the hits with prices; another form that is open stays open."""
    listed = "; ".join(
        f"{talk.words.product(p)} – {talk.words.money(p.price_grosze)}" for p in hits
    )
    buttons: list[Button] = [
        {"title": talk.words.product(p), "payload": f'/{FORM}{{"product": "{p.code}"}}'}
        for p in hits
    ]
    if talk.state.form in (None, FORM):
        forms.begin(talk, FORM)
        talk.ask("product", "utter_products_choose", buttons, products=listed)
    else:
        talk.say("utter_products_choose", buttons, products=listed)


def _tell(talk: Talk, product: Product) -> None:
    values = {
        "product": talk.words.product(product),
        "price": talk.words.money(product.price_grosze),
        "description": talk.words.description(product),
    }
    if product.stock > 0:
        stock = talk.words.count(product.stock, "pieces")
        talk.say("utter_products_in_stock", **values, stock=stock)
    elif product.restock_on and product.restock_on >= talk.today():
        day = talk.words.day(product.restock_on, talk.today())
        talk.say("utter_products_restock", **values, day=day)
    else:
        talk.say("utter_products_sold_out", **values)

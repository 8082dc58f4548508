"""Delivery: ways, costs, times, and trouble with a parcel."""

import re
from collections.abc import Sequence

from actions import escalate, forms, offers, payment, phrases
from actions.order_state import tell_state
from actions.shop.port import Offer, Order, OrderState
from actions.talk import Talk
from frontline.lang.text import fold

PROBLEM = "delivery_problem"
KIND = "delivery_kind"
"""In `State.answers`: what went wrong, a name of `_KINDS`."""

_WAYS = {
    "courier": re.compile(r"\bkurier|\bcourier|\bpod drzwi|\bto (the|my) door"),
    "pickup_point": re.compile(
        r"paczkomat|\bautomat\w* paczk|\bpunk\w+ odbior|\bdo punkt|\bskrytk|\blocker|"
        r"\bparcel machine|\bpick-?up point"
    ),
    "store": re.compile(
        r"\bodbi\w+ (osobi|w sklep|w salon|stacjonar)|\bosobist|\bw sklepie|\bdo sklepu|"
        r"\bclick (and|&) collect|\bin person|\bin (the |your )?(store|shop)\b|\bpick(-| )?up in"
    ),
}
_ABROAD = re.compile(
    r"\bza ?granic|\bniem(iec|czech)\b|\bczech(y|ach)?\b|\bslowac|\bukrain|\blitw|\bangli|"
    r"\bbrytani|\birland|\bfranc|\bnorweg|\bstan(y|ow) |\busa\b|\bkraj(ow|e|ach|u)?\b|\bue\b|"
    r"\buni[ia]\b|\bclo\b|\bwloch|\bhiszpan|\baustri|\bszwec|\bholand|\bbelgi|\beurop|\babroad|\boverseas|"
    r"\binternational|\bgermany|\bslovak|\bczech|\bu\.?k\b|\bbritain|\bengland|\bireland|\bfrance|"
    r"\bnorway|\bcountr|\bcustoms|\bspain|\bitaly|\boutside poland|\bamerica|\bindia\b"
)
_COLLECT_CASH = re.compile(r"\bpobrani|\bcash on delivery|\bcod\b")
_NOT_KNOWN = re.compile(
    r"\bwn(ies|os)|\bpietr|\bwind[ay]|\bstar(y|a|ego|ej) (sprzet|lodowk|kuchenk|pralk)|\bskrec|"
    r"\bpodlacz|gabaryt|\bpalet|\bgodzin|\bpor(ach|ze|y)\b|\bwieczor|\bsobot|\bniedziel|\bweekend|"
    r"\bswiat|\bswiet|\bubezpiecz|\bpak(uj|ow)|\bopakow|\bneutraln|\bdyskret|\bfirm|\bprzewoznik|"
    r"\b(dpd|dhl|gls|fedex|ups|inpost\w*|orlen|zabk\w*|poczt\w*)\b|\be(x|ks)pres|\btego samego|"
    r"\bna jutro|\bhurt|\bsledz|\bsasiad|\bdowod|\bzmiesci|\brozmiar|\bwag[ai]|\bprezent|"
    r"\bsaturday|\bsunday|\bholiday|\bchristmas|\bsame day|\bnext[- ]day|\bexpress|\bupstairs|"
    r"\bfloor|\bold (fridge|washing|appliance)|\binsur|\bpackag|\bcarrier|\bcompan|\bevening|"
    r"\bhour|\bslot|\btrack|\bneighbo|\bbulky|\bfurniture|\bpallet|\bpost office|\bweigh|\bsize"
)
_FREE = re.compile(
    r"\bdarmow|\bza darmo|\bgratis|\bbezplat|\bnie plac|\bfree\b|\bprog(u|i|iem)?\b|\bthreshold"
)
_COST = re.compile(
    r"\bkoszt|\bcen[ayen]?\b|\bcennik|\bpo ile|\bile (za|sie plac|doplac|wynos)|\boplat|\bza ile|"
    r"\bdrog|\btani|\bnajtan|\bcost|\bpric|\bcharge|\bfee|\bhow much|\bpostage|\bcheap|\brates?\b"
)
_TIME = re.compile(
    r"\bile (\w+ )?(trwa|idzie|ida|dni|czeka|dochodz)|\bile sie (\w+ )?czeka|\bjak (dlugo|szybko)|"
    r"\bkiedy|\bczas|\btermin|\bpo ilu|\bw ile|\bhow (long|quick|fast|soon|many)|\bwhen\b|\btime|"
    r"\bdays\b"
)

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "late",
        re.compile(
            r"\bnie (zostal\w* |jest |byl\w* )?(jeszcze |nadal |wciaz )?(dostarcz|dorecz)|"
            r"\bmia\w+ byc (dostarcz|dorecz)|(\bnot|n't)( been| yet)* delivered|"
            r"\b(should|supposed to) (have been|be) delivered"
        ),
    ),
    (
        "damaged",
        re.compile(
            r"\buszkodz|\bzniszcz|\brozbit|\brozerw|\bpotlucz|\bstluk|\bpekn|\bpekl|\bzbit[aey]|"
            r"\b(po|z)lama|\bw?gniec|\bpogniec|\bzgniec|\bzalan|\bprzemok|\bmokr|"
            r"\bnasiak|\bwyciek|\brozla|\bporysow|\bobit[aey]|\brozdart|\brozprut|\bpodart|"
            r"\bw kawalkach|\bw drobny mak|\bzmarz|\brozmroz|\bdziur|\bdamag|\bbroke|\bsmash|"
            r"\bzamocz|\bpogruchot|\bszkod[aey]\b|\bcrush|\bcrack|\bshatter|\bdent|"
            r"\bleak|\bsoak|\btorn\b|\bin (pieces|bits)|\bripped|\bscratch|\bchipped|"
            r"\bsquash|\bburst|\bbent\b"
        ),
    ),
    (
        "wrong or missing goods",
        re.compile(
            r"\bbrakuj|\bbrak(uje)? (jedn|dwo|czesci|rzeczy)|\bniekomplet|\bcudz|\binn(a|y) rzecz|"
            r"\bpomyl|\bzl(y|a|e) (towar|produkt|rzecz|paczk)|\bnie (to|ten|ta),? co zamaw|"
            r"\bw (srodku|kartonie|pudelku) (bylo )?pust|\bpust(y|e|a) (karton|pudel|paczk|kopert)|"
            r"\btylko (jedn|dw|trzy|cztery)|\bdowiezli|\bliczba paczek|\bplomba|\bgrzeb|\bcegl|"
            r"\bzamian|\bz innego zamowien|\binnej osoby|\bwrong (item|parcel|package|order|thing|"
            r"product|colour|size)|\b(item|thing|piece|part)s? (is|are|was|were) missing|"
            r"\bmissing (item|piece|part|thing|one|from)|\b(someone|somebody) else'?s|\bempty|"
            r"\bonly (one|two|three|four)\b|\binstead of (the|a)\b|\bgot sent|\bmix up|\bbrick|"
            r"\bonly got|\bhalf (of )?(my|the)|\bincomplete|\banother customer"
        ),
    ),
    (
        "marked delivered, not received",
        re.compile(
            r"\bdostarczon|\bdoreczon|\bodebran[eay]|\bodebral\w* (ktos|za mnie)|\bpokwitow|"
            r"\bpodpis|\bze dostarczyl|\bskradz|\bukrad|\bzwin|\bspod drzwi|\bpod drzwiami|"
            r"\bu sasiad|\bsays (delivered|collected|it'?s delivered)|\bmarked|\bis delivered|"
            r"\bdelivered (but|to)|\bstatus delivered|\bsigned|\bhanded to|\bstolen|\bnicked|"
            r"\bneighbour|\bsay(s|ing)? (it was |it has been )?delivered"
        ),
    ),
    ("parcel locker", re.compile(r"paczkomat|\bautomat|\bskrytk|\bkod\w* odbior|\blocker|"
                                 r"\bparcel machine|\bcompartment|\bpick-?up code")),
    ("courier", re.compile(r"\bkurier|\bkierowc|\bdostawc|\bcourier|\bdriver|\bdelivery (guy|man)|"
                           r"\blistonosz|\bpostman")),
    (
        "late",
        re.compile(
            r"\bspoz|\bopoz|\bterminie?\b|\bnie (dosz|dotar|doj|przy|ma\b|mam\b|rusza)|\bzagin|"
            r"\bzgub|\bprzepad|\butkn|\bwroci|\bwraca|\bodesl|\bprzel[oa]z|\bprzeklad|\bmia\w+ byc|"
            r"\bbrak paczk|\bstoi\b|\bwisi\b|\bkrazy|\bczekam|\blate\b|\bdelay|\blost\b|\bstuck|"
            r"\boverdue|\bwaiting|\bvanish|\bmissing|\bastray|\bpromised|\bdue\b|\bsupposed to|"
            r"\b(should|meant) (of|to|have)|\b(not|never|\w+n'?t) (\w+ )?(come|came|arriv|here|"
            r"receiv|turned|showed|moved)|\breturned to sender|\bno (sign|show|movement)"
        ),
    ),
)  # fmt: skip
"""What went wrong, by how customers tell of it; the first that fits counts."""
_ON_ARRIVAL = frozenset({"damaged", "wrong or missing goods"})
_NOT_HERE = frozenset({"late", "marked delivered, not received"})
_NOT_SENT = frozenset({OrderState.PLACED, OrderState.PAID, OrderState.PACKED})
_NEVER_LATE = frozenset(
    {OrderState.DELIVERED, OrderState.CANCELLED, OrderState.RETURN_IN_TRANSIT,
     OrderState.RETURNED, OrderState.REFUNDED}
)  # fmt: skip


async def delivery_info(talk: Talk) -> None:
    """Say how the shop delivers, what it costs and how long it takes: what was asked first."""
    text = talk.message.text
    folded = fold(text)
    if _COLLECT_CASH.search(folded):
        await payment.payment_info(talk)
        return
    ways = await talk.shop.delivery_methods()
    if not ways:
        await escalate.offer_person(talk)
        return
    talk.state.note("delivery_info")
    if _ABROAD.search(folded):
        told = offers.names(talk, ways)
        talk.offer_person("utter_delivery_abroad", "policy", "delivery abroad", ways=told)
        return
    if _NOT_KNOWN.search(folded):
        told, detail = offers.names(talk, ways), f"delivery_info: {text}"
        talk.offer_person("utter_delivery_not_known", "policy", detail, ways=told)
        return
    named = offers.meant(text, ways, _WAYS)
    if len(named) == 1:
        _tell_way(talk, named[0], time_first=bool(_TIME.search(folded)))
    else:
        _tell_ways(talk, named or ways, folded)


def names_way(text: str) -> bool:
    """Whether a text names a way to deliver, as in "a kurierem?"."""
    return any(stem.search(fold(text)) for stem in _WAYS.values())


def _tell_way(talk: Talk, way: Offer, *, time_first: bool) -> None:
    response = "utter_delivery_way_time" if time_first else "utter_delivery_way"
    name, price, note = offers.name(talk, way), offers.price(talk, way), offers.note(talk, way)
    talk.say(response, way=name, price=price, note=note)


def _tell_ways(talk: Talk, ways: Sequence[Offer], folded: str) -> None:
    """Several ways by what was asked of them: what is free, costs, times, or just which."""
    prices = {way.code: offers.price(talk, way) for way in ways}
    if _FREE.search(folded):
        free = [way for way in ways if way.free_from_grosze is not None or not way.price_grosze]
        if free:
            talk.say("utter_delivery_free", ways=offers.listed(talk, free, prices))
        else:
            talk.say("utter_delivery_none_free", ways=offers.listed(talk, ways, prices))
    elif _COST.search(folded):
        talk.say("utter_delivery_costs", ways=offers.listed(talk, ways, prices))
    elif _TIME.search(folded):
        shown = ways[:2] if talk.words.spoken else ways
        times = " ".join(f"{offers.name(talk, w)}: {offers.note(talk, w)}" for w in shown)
        talk.say("utter_delivery_times", ways=times)
    elif talk.words.spoken:
        talk.say("utter_delivery_ways", ways=offers.names(talk, ways))
    else:
        talk.say("utter_delivery_ways", ways=offers.listed(talk, ways, prices))


async def delivery_problem(talk: Talk) -> None:
    """Look at the order itself, say what is true, and offer a person for the rest."""
    forms.begin(talk, PROBLEM)
    _note_kind(talk)
    kind = talk.state.answers.get(KIND, "")
    if (order := await forms.verified_order(talk, PROBLEM)) is None:
        return
    talk.state.note(PROBLEM)
    talk.state.finish_form()
    if kind in _ON_ARRIVAL and order.state not in _NOT_SENT:
        damaged = kind == "damaged"
        response = "utter_delivery_damaged" if damaged else "utter_delivery_wrong_goods"
        number = talk.words.order_number(order.number)
        talk.offer_person(response, "complaint", _detail(kind, order), number=number)
    elif order.state is OrderState.DELIVERED and kind in _NOT_HERE:
        tell_state(talk, order)
        talk.offer_person("utter_delivery_not_received", "policy", _detail(kind, order))
    else:
        _state_and_person(talk, order, kind)


def _note_kind(talk: Talk) -> None:
    """Remember what went wrong; a later description of the same trouble may correct it."""
    message, answers = talk.message, talk.state.answers
    if KIND in answers and message.intent != PROBLEM:
        return
    kind = next((name for name, stems in _KINDS if phrases.meant(stems, message.text)), None)
    if kind:
        talk.state.answers = {**answers, KIND: kind}


def _state_and_person(talk: Talk, order: Order, kind: str) -> None:
    """The order's state; then an apology when it is late, and in any case a person."""
    tell_state(talk, order)
    detail, promised = _detail(kind, order), order.promised_on
    due = promised if order.state not in _NEVER_LATE else None
    day = talk.words.day(due, talk.today()) if due else ""
    if talk.state.offer:  # the state itself asked for a person
        talk.state.offer = {**talk.state.offer, "detail": detail}
    elif due and due < talk.today() and order.state is not OrderState.IN_PICKUP_POINT:
        talk.offer_person("utter_orders_late", "policy", detail, day=day)
    elif kind in ("courier", "parcel locker"):
        talk.offer_person("utter_delivery_trouble", "policy", detail)
    elif due and order.state is not OrderState.IN_PICKUP_POINT:
        talk.offer_person("utter_delivery_not_late", "policy", detail)
    else:
        talk.offer_person("utter_delivery_look", "policy", detail)


def _detail(kind: str, order: Order) -> str:
    """For the agent: what went wrong with which order, as the shop sees it."""
    promised = f", promised {order.promised_on}" if order.promised_on else ""
    return f"{PROBLEM}: {kind or 'unclear'}; {order.number} {order.state.value}{promised}"

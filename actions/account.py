"""The account and the website: logging in, and trouble with pages or the app."""

import re

from actions import phrases
from actions.shop.port import ServiceNotice
from actions.talk import Talk
from frontline.clock import local
from frontline.lang.text import fold

_ACCESS: tuple[tuple[str, str], ...] = (
    (
        r"wlamal|zhak|hakow|przejal|przejet|to nie ja|nie skladal|obc\w+ logow|hacked|broken into|"
        r"got into my|was ?n.?t me|not me\b|don.?t recogni[sz]e|changed my password|stolen",
        "utter_account_access_hacked",
    ),
    (
        r"aktywac|aktywowa|potwierdzaj\w+ (rejestr|konto)|activat|confirmation (e-?)?mail",
        "utter_account_access_activation",
    ),
    (
        r"blok|zawiesz|zbanowa|nieaktywne|block|locked|lock\b|suspend|frozen|banned|ban\b|"
        r"too many attempts|za duzo razy",
        "utter_account_access_blocked",
    ),
    (
        r"\bsms|kod\w* weryf|dwuetap|2fa|two-?(factor|step)|authenticat|verification code|token",
        "utter_account_access_code",
    ),
    (r"hasl|haselk|password|passw|\bpin\b|\bpinu\b|\breset", "utter_account_access_password"),
    (
        r"zaloz|zakladan|zarejestr|rejestr|nowe konto|regist|sign ?up|new account|"
        r"(set up|create|open|make|have)\b.{0,20}\b(account|profile)",
        "utter_account_access_register",
    ),
    (
        r"zmien|zmian|edyt|przepisac|podmien|nazwisk|literowk|change|update|edit|surname|"
        r"add (a|my)",
        "utter_account_access_change",
    ),
)
"""Stems of a sub-matter and its answer; the first that fits is taken."""
_APP = re.compile(r"\b(aplikac|apk|appk|app\b|apps\b|application|android|ios\b|play store)")


async def account_access(talk: Talk) -> None:
    """The steps that help most in this trouble, and a person."""
    folded = fold(talk.message.text)
    response = next(
        (response for stems, response in _ACCESS if re.search(stems, folded)),
        "utter_account_access_general",
    )
    matter = response.rsplit("_", 1)[1]
    talk.state.note("account_access")
    talk.offer_person(response, "policy", f"account_access: {matter}")


async def technical_problem(talk: Talk) -> None:
    """What is known not to work; else what usually helps, and a person."""
    detail = f"technical_problem: {phrases.one_line(talk.message.text, 150)}"
    now = talk.clock.now()
    notices = [
        notice
        for notice in await talk.shop.service_notices()
        if notice.since <= now and (notice.until is None or notice.until > now)
    ]
    talk.state.note("technical_problem")
    if notices:
        _tell(talk, notices[0])
        talk.offer_person("utter_account_notice_other", "policy", detail)
    elif _APP.search(fold(talk.message.text)):
        talk.offer_person("utter_account_app_steps", "policy", detail)
    else:
        talk.offer_person("utter_account_website_steps", "policy", detail)


def _tell(talk: Talk, notice: ServiceNotice) -> None:
    text = notice.text_en if talk.message.language == "en" else notice.text_pl
    if notice.until is None:
        talk.say("utter_account_notice", notice=text)
        return
    until = local(notice.until)
    talk.say("utter_account_notice_until", notice=text,
             day=talk.words.day(until.date(), talk.today()),
             at=talk.words.at(until.time()))  # fmt: skip

"""The lines that the whole world may call: browsers, and Twilio where its token is set."""

from aiohttp import web

from frontline.errors import SettingsError
from frontline.limits import Doors, address_of
from frontline.settings import Settings
from voice_gateway.transport import browser
from voice_gateway.transport.line import OnCall
from voice_gateway.transport.port import Start
from voice_gateway.transport.twilio import Records, TwilioLine

MOST_PER_ADDRESS = 4
"""Calls at once from browsers of one address."""


def add_public_lines(
    app: web.Application, settings: Settings, on_call: OnCall, calls: Records
) -> None:
    """Serve them.

    Args:
        app: the gateway's web application.
        settings: whose pages may call, and what Twilio is told.
        on_call: serves a call; see `Line.run`.
        calls: announces calls and says where they go; see `handoff.calls.Calls`.

    Raises:
        SettingsError: Twilio is to be served, but not told where.
    """
    if settings.twilio_token and not settings.voice_url:
        raise SettingsError("FRONTLINE_TWILIO_TOKEN needs FRONTLINE_VOICE_URL: Twilio signs it")

    async def announce(start: Start) -> None:
        await calls.register(start.call_id, start.caller, start.language, start.code)

    def address(request: web.Request) -> str:
        forwarded = request.headers.get("X-Forwarded-For", "")
        return address_of(request.remote, forwarded, settings.trusted_proxies)

    handler = browser.make_handler(
        on_call,
        origins=settings.origins,
        announce=announce,
        doors=Doors(MOST_PER_ADDRESS),
        address=address,
    )
    app.router.add_get(browser.PATH, handler)
    if settings.twilio_token:
        TwilioLine(
            on_call,
            calls,
            token=settings.twilio_token,
            public_url=settings.voice_url,
            queue=settings.twilio_queue,
        ).add_to(app)

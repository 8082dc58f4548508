"""What the dialplan makes of the gateway's answers: a real Asterisk and a gateway without calls."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tools.telephony.baresip import baresip
from tools.telephony.capture import capturing, invites
from tools.telephony.pbx import Pbx
from tools.telephony.sipp import sipp_call

pytestmark = [pytest.mark.telephony, pytest.mark.timeout(120)]

NUMBER = "8201"


class Gateway(ThreadingHTTPServer):
    """Answers what it is told to, and keeps what it was asked."""

    def __init__(self, port: int, announced: str, next_: str) -> None:
        self.answers = {"calls": announced, "next": next_}
        self.asked: list[tuple[str, str]] = []
        """Path and body of each request."""
        super().__init__(("127.0.0.1", port), Answer)


class Answer(BaseHTTPRequestHandler):
    server: Gateway

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.asked.append((self.path, body))
        text = self.server.answers.get(self.path.split("/")[1], "").encode()
        self.send_response(200 if self.headers.get("Authorization") else 401)
        if not self.headers.get("Authorization"):
            self.send_header("WWW-Authenticate", "Basic")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = answer

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextlib.contextmanager
def gateway(pbx: Pbx, *, announced: str = "", next_: str = "") -> Iterator[Gateway]:
    with Gateway(pbx.ports.http, announced, next_) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def recordings(pbx: Pbx) -> list[Path]:
    return list((pbx.folder / "spool" / "monitor").glob("*.wav"))


def call_through_to_ania(pbx: Pbx) -> dict[str, str]:
    """A call that ends with Ania; the headers of her INVITE."""
    with baresip(pbx, "ania", answers=True) as agent:
        with capturing(pbx) as wire, sipp_call(pbx, NUMBER) as call:
            call.line.wait_for_voice()
            agent.hang_up()
            call.wait_until_over()
        [invite] = [one for one in invites(wire, pbx) if "ania" in one["to"]]
    return invite


def test_the_agents_phone_is_told_the_handoff_and_the_gateway_the_agent(lonely_pbx: Pbx) -> None:
    with gateway(lonely_pbx, next_="queue|abc123|complaint|pl|") as asked:
        invite = call_through_to_ania(lonely_pbx)
    assert (invite["x-handoff-id"], invite["x-handoff-reason"]) == ("abc123", "complaint")
    paths = [path.split("/")[1] for path, _ in asked.asked]
    assert [paths[place] for place in (0, -1)] == ["calls", "queue"]
    bodies = {path.split("/")[1]: body for path, body in asked.asked}
    assert bodies["picked-up"] == "agent=ania"
    assert bodies["queue"] == "outcome=answered"
    form = dict(pair.split("=") for pair in bodies["calls"].split("&"))
    assert form["from"] == "%2B48600123456"
    assert (form["language"], form["code"], len(form["call"])) == ("pl", "", 36)
    assert not recordings(lonely_pbx)


def test_only_who_has_agreed_is_recorded(lonely_pbx: Pbx) -> None:
    with gateway(lonely_pbx, next_="queue|abc123|complaint|pl|record"):
        call_through_to_ania(lonely_pbx)
    [recording] = recordings(lonely_pbx)
    recording.unlink()


def test_all_lines_busy_means_the_queue(lonely_pbx: Pbx) -> None:
    with gateway(lonely_pbx, announced="busy") as asked:
        invite = call_through_to_ania(lonely_pbx)
    assert "x-handoff-id" not in invite
    assert not [path for path, _ in asked.asked if path.startswith("/next")]


@pytest.mark.parametrize(
    "answer",
    ["", "<html>502 Bad Gateway</html>", "queue", "queue|a\r\nEvil: 1|,)&$[1]|pl", "bot|||"],
)
def test_strange_answers_mean_the_queue_and_do_no_harm(lonely_pbx: Pbx, answer: str) -> None:
    with gateway(lonely_pbx, next_=answer):
        invite = call_through_to_ania(lonely_pbx)
    assert "evil" not in invite
    assert "<" not in invite.get("x-handoff-id", "")


def test_who_is_done_is_hung_up(lonely_pbx: Pbx) -> None:
    with gateway(lonely_pbx, next_="hangup||||"), sipp_call(lonely_pbx, NUMBER) as call:
        call.wait_until_over()


def test_the_code_from_the_chat_is_keyed_in_after_the_tone(lonely_pbx: Pbx) -> None:
    with gateway(lonely_pbx, next_="hangup||||") as asked, sipp_call(lonely_pbx, "8211") as call:
        call.line.wait_for_answer(quiet_s=0.3)
        call.line.press("482913")
        call.wait_until_over()
    [body] = [body for path, body in asked.asked if path == "/calls"]
    assert body.endswith("code=482913")

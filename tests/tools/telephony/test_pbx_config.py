import re
from pathlib import Path

from tools.telephony.pbx_config import DEPLOY, Door, Ports, write_config

PORTS = Ports(sip=5099, rtp=20_400, http=8099, audiosocket=9099)


def test_the_projects_files_are_used_on_other_ports(tmp_path: Path) -> None:
    write_config(tmp_path, "/srv/x", Door(PORTS, password="secret-of-a-test"))
    texts = {path.name: path.read_text() for path in tmp_path.iterdir()}
    dialplan = (DEPLOY / "extensions.conf").read_text()
    assert texts["extensions.conf"].startswith(dialplan)
    assert texts["queues.conf"] == (DEPLOY / "queues.conf").read_text()
    assert "FRONTLINE_URL=http://127.0.0.1:8099\n" in texts["frontline_globals.conf"]
    assert "uri=ws://127.0.0.1:8099/asterisk\n" in texts["websocket_client.conf"]
    assert "bind=127.0.0.1:5099\n" in texts["pjsip.conf"]
    assert not [name for name, text in texts.items() if "=CHANGE-ME" in text]


def test_no_password_stands_in_the_dialplan() -> None:
    dialplan = (DEPLOY / "extensions.conf").read_text()
    assert not re.search(r"https?://|CHANGE-ME|password=", dialplan)


def test_nothing_that_reaches_the_gateway_can_drop_a_call() -> None:
    """Why: research with a dead gateway; AudioSocket() and Dial() without these hang up."""
    code = [line.partition(";")[0] for line in (DEPLOY / "extensions.conf").read_text().split("\n")]
    for line in code:
        if "AudioSocket(" in line:
            assert "TryExec(AudioSocket(" in line
        if "Dial(WebSocket" in line:
            assert line.rstrip().endswith(",g)")

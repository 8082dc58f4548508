"""The PBX's configuration for tests: deploy/asterisk/ on ports and in folders of its own."""

import re
from dataclasses import dataclass
from pathlib import Path

from frontline.errors import UnavailableError
from frontline.settings import PROJECT

DEPLOY = PROJECT / "deploy" / "asterisk"
TRUNK = "127.0.0.2"
"""Calls from this address come from the telephone network, without a password."""
PASSWORD = "for-tests-only"  # noqa: S105
AGENT_CONTACTS = ("ania", "bartek")
MODULES = """
pbx_config codec_alaw codec_ulaw codec_g722 codec_resample format_wav format_pcm
res_timing_timerfd res_rtp_asterisk res_sorcery_config res_sorcery_memory res_sorcery_astdb
bridge_simple bridge_softmix bridge_native_rtp bridge_holding bridge_builtin_features
bridge_builtin_interval_features res_pjproject res_pjsip res_pjsip_pubsub res_pjsip_session
res_pjsip_sdp_rtp res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_registrar
res_pjsip_caller_id res_pjsip_rfc3326 res_pjsip_header_funcs res_pjsip_nat chan_pjsip app_dial
app_playback app_read app_queue app_stack app_verbose app_chanspy func_groupcount
func_periodic_hook app_mixmonitor app_exec func_uuid func_callerid func_channel func_logic
func_strings func_cut func_uri res_curl func_curl res_musiconhold res_audiosocket app_audiosocket
chan_audiosocket res_http_websocket res_websocket_client chan_websocket
"""
"""What the dialplan uses and what that needs; the rest of Debian's modules is not loaded."""

LINES = """
; Every line of the dialplan over either transport, and numbers that need no bot.
[frontline-lines](+)
exten => _81XX,1,Set(FRONTLINE_TRANSPORT=websocket)
 same => n,Goto(70${EXTEN:2},1)
exten => _82XX,1,Set(FRONTLINE_TRANSPORT=audiosocket)
 same => n,Goto(70${EXTEN:2},1)
exten => 600,1,Answer()
 same => n,Playback(demo-congrats)
 same => n,Hangup()
exten => 700,1,Answer()
 same => n,Set(CURLOPT(httptimeout)=5)
 same => n,Set(CURLOPT(httpheader)=Content-Type: application/json)
 same => n,Set(ID=${UUID()})
 same => n,Set(SAID=${CURL(${PEER_URL}/register,{"uuid":"${ID}"})})
 same => n,AudioSocket(${ID},${PEER_AUDIOSOCKET})
 same => n,Hangup()
"""


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the PBX listens, all on loopback, and where its gateway does."""

    sip: int
    rtp: int
    """The first of `RTP_PORTS`."""
    http: int
    audiosocket: int


RTP_PORTS = 400


@dataclass(frozen=True, slots=True)
class Door:
    """How the PBX comes to the gateway."""

    ports: Ports
    user: str = "pbx"
    password: str = PASSWORD
    wait_s: int = 20
    rounds: int = 2
    globals: str = ""
    """More lines for [globals]."""


def write_config(etc: Path, place: str, door: Door) -> None:
    """Write all files that Asterisk reads.

    Args:
        etc: where to.
        place: the PBX's folder as it sees it itself.
        door: ports and passwords.

    Raises:
        UnavailableError: a file of deploy/asterisk/ has not the line that is to be changed.
    """
    files = {
        "asterisk.conf": _asterisk(place),
        "modules.conf": _modules(),
        "logger.conf": "[general]\ndateformat=%F %T.%3q\n[logfiles]\n"
        "console => notice,warning,error\nfull => notice,warning,error,verbose(4)\n",
        "rtp.conf": f"[general]\nrtpstart={door.ports.rtp}\n"
        f"rtpend={door.ports.rtp + RTP_PORTS - 1}\nicesupport=no\nstrictrtp=yes\n",
        "frontline_globals.conf": _globals(door),
        "extensions.conf": _read("extensions.conf") + LINES,
        "queues.conf": _read("queues.conf"),
        "pjsip.conf": _pjsip(door.ports),
        "websocket_client.conf": _websocket(door),
    }
    for empty in ("acl", "ccss", "cdr", "cel", "features", "http", "indications", "pjproject"):
        files[f"{empty}.conf"] = ""
    for empty in ("musiconhold", "queuerules", "stasis", "udptl", "codecs", "chan_websocket"):
        files[f"{empty}.conf"] = ""
    for name, text in files.items():
        (etc / name).write_text(text, encoding="utf-8")


def _read(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def _changed(name: str, text: str, changes: dict[str, str]) -> str:
    """`text` with every line that matches a pattern replaced."""
    for pattern, line in changes.items():
        text, count = re.subn(f"(?m)^{pattern}$", line, text)
        if not count:
            raise UnavailableError(f"deploy/asterisk/{name} has no line {pattern}")
    return text


def _asterisk(place: str) -> str:
    own = {"etc": "etc", "db": "db", "spool": "spool", "run": "run", "log": "log"}
    folders = [f"ast{name}dir => {place}/{folder}" for name, folder in own.items()]
    folders += [
        "astmoddir => /usr/lib/x86_64-linux-gnu/asterisk/modules",
        "astvarlibdir => /var/lib/asterisk",
        "astkeydir => /var/lib/asterisk",
        "astdatadir => /usr/share/asterisk",
        "astagidir => /usr/share/asterisk/agi-bin",
        "astsbindir => /usr/sbin",
    ]
    return "[directories]\n" + "\n".join(folders) + "\n[options]\nnocolor=yes\n"


def _modules() -> str:
    loads = "\n".join(f"load={name}.so" for name in MODULES.split())
    return f"[modules]\nautoload=no\n{loads}\n"


def _globals(door: Door) -> str:
    changes = {
        "FRONTLINE_URL=.*": f"FRONTLINE_URL=http://127.0.0.1:{door.ports.http}",
        "FRONTLINE_USERPWD=.*": f"FRONTLINE_USERPWD={door.user}:{door.password}",
        "FRONTLINE_AUDIOSOCKET=.*": f"FRONTLINE_AUDIOSOCKET=127.0.0.1:{door.ports.audiosocket}",
        "FRONTLINE_WAIT_S=.*": f"FRONTLINE_WAIT_S={door.wait_s}",
        "FRONTLINE_ROUNDS=.*": f"FRONTLINE_ROUNDS={door.rounds}",
        "FRONTLINE_PAUSE_S=.*": "FRONTLINE_PAUSE_S=1",
    }
    name = "frontline_globals.conf.sample"
    return _changed(name, _read(name), changes) + door.globals


def _websocket(door: Door) -> str:
    changes = {
        "uri=.*": f"uri=ws://127.0.0.1:{door.ports.http}/asterisk",
        "username=.*": f"username={door.user}",
        "password=.*": f"password={door.password}",
    }
    return _changed("websocket_client.conf", _read("websocket_client.conf"), changes)


def _pjsip(ports: Ports) -> str:
    changes = {
        "bind=.*": f"bind=127.0.0.1:{ports.sip}",
        "match=.*": f"match={TRUNK}",
        "password=CHANGE-ME": f"password={PASSWORD}",
        "direct_media=no": "direct_media=no\nmedia_address=127.0.0.1\n"
        "bind_rtp_to_media_address=yes",
    }
    text = _changed("pjsip.conf", _read("pjsip.conf"), changes)
    # A caller with a telephone of its own, who logs in.
    caller = ("(agent-auth)\nusername=caller", f"password={PASSWORD}")
    return (
        text + "\n[caller](frontline-leg)\ncontext=frontline-lines\nauth=caller\naors=caller\n"
        f"[caller]{caller[0]}\n{caller[1]}\n[caller](agent-aor)\n"
    )

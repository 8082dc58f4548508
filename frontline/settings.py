"""Settings of all services, read once from `FRONTLINE_*` environment variables."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from frontline.errors import SettingsError

PREFIX = "FRONTLINE_"
PROJECT = Path(__file__).resolve().parent.parent
NOT_OURS = frozenset({"FRONTLINE_BANKING77"})
"""Names with our prefix that only the benchmarks read."""


class Settings(BaseSettings):
    """What an operator may set; each name is an environment variable with the prefix."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    data_dir: Path = PROJECT / "var"
    """Folder for databases, logs, models and run state."""
    content_dir: Path = PROJECT
    """Folder with what editors write: `nlu_data/`, `bot/domain/` and `bot/config.yml`."""
    database_url: str = ""
    """SQLAlchemy URL; empty = a SQLite file in `data_dir`."""
    redis_url: str = ""
    """Redis URL; empty = `frontline up` starts an embedded one."""
    host: str = "127.0.0.1"
    """Address the customer-facing web server binds to."""
    port: int = Field(default=8080, ge=1, le=65535)
    rasa_url: str = "http://127.0.0.1:5005"
    actions_url: str = "http://127.0.0.1:5055"
    allowed_origins: str = ""
    """Comma-separated origins that may embed the chat; empty = this server's own."""
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    """How many reverse proxies in front add to `X-Forwarded-For`."""
    demo: bool = True
    """Seed the made-up shop and serve the demo page."""
    shop: Literal["sql", "http"] = "sql"
    shop_api_url: str = ""
    shop_api_token: str = ""
    bot_timeout_s: float = Field(default=8.0, gt=0)
    """How long a customer waits for the bot before the honest sentence."""
    routing_file: str = ""
    """Opening hours, targets and skills of the queue; empty = the packaged `routing.yml`."""
    always_open: bool = False
    """The queue is served at any hour, whatever `routing_file` says. For trying things out."""
    desk_port: int = Field(default=8081, ge=1, le=65535)
    """Port of the agents' desk, on the same host."""
    desk_url: str = ""
    """Address at which agents open the desk, behind a TLS proxy; empty = this server's own."""
    desk_idle_hours: float = Field(default=2.0, gt=0)
    """An agent who does nothing for so long is logged out."""
    desk_session_hours: float = Field(default=13.0, gt=0)
    """An agent is logged out so long after logging in, whatever they do."""
    oidc_issuer: str = ""
    """OpenID Connect provider that agents may log in with; empty = by password only."""
    oidc_client_id: str = ""
    oidc_client_secret: str = Field(default="", repr=False)
    oidc_client_secret_file: str = ""
    """File with the secret, instead of the secret itself."""
    scan_command: str = ""
    """A virus scanner for uploads: given the file on standard input, it refuses it by an exit code
    other than 0. Empty = none."""
    session_hours: float = Field(default=24.0, gt=0)
    """Life of a chat session token since its last renewal."""
    sockets_per_address: int = Field(default=100, ge=1)
    sessions_per_minute: int = Field(default=300, ge=1)
    """New chat sessions per address."""
    messages_per_10s: int = Field(default=20, ge=1)
    """Messages per conversation."""
    voice: bool = True
    """Serve the phone line."""
    voice_port: int = Field(default=8082, ge=1, le=65535)
    """Port of the voice gateway, on the same host: the PBX's questions and calls over WebSocket."""
    audiosocket_port: int = Field(default=9092, ge=1, le=65535)
    """Port for calls over AudioSocket, always on 127.0.0.1: the protocol has no password."""
    phone_number: str = Field(default="", pattern=r"^[+0-9 ()-]{0,30}$")
    """The phone line's number as customers dial it; empty = the chat does not speak of a phone."""
    voice_url: str = Field(default="", pattern=r"^(https?://[^/?# ]+/?)?$")
    """Address at which browsers and Twilio reach the gateway, behind a TLS proxy; empty = browsers
    on this machine only, at `voice_port`."""
    twilio_token: str = Field(default="", repr=False)
    """The Twilio account's auth token; empty = no calls from Twilio."""
    twilio_queue: str = "agents"
    """Where callers wait for people: `sip:…` or a number that is dialled, else a Twilio queue."""
    voice_user: str = "pbx"
    """With the password, what the PBX has to tell the gateway."""
    voice_password: str = Field(default="", repr=False)
    """Empty = made at the first start, in `data_dir/voice-password`."""
    voice_calls: int = Field(default=20, ge=1)
    """Calls at once; more are told that all lines are busy, and go to the queue."""
    voice_recording: bool = False
    """Callers are asked whether they may be recorded; whoever does not agree is not."""
    voice_recording_days: int = Field(default=30, ge=1)
    """After so many days a recording is deleted."""
    vosk_model_pl: str = ""
    """Folder of a recogniser's model; empty = a fetched one, otherwise the demo model."""
    vosk_model_en: str = ""
    piper_voice_pl: str = ""
    """A voice's `.onnx` file, its `.onnx.json` beside it; empty likewise."""
    piper_voice_en: str = ""
    log_format: Literal["json", "console"] = "json"
    log_pii: bool = False
    """Keep values under `pii_` keys in logs. For local debugging only."""

    @property
    def resolved_database_url(self) -> str:
        """The SQLAlchemy URL, with the default filled in."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'frontline.db'}"

    @property
    def origins(self) -> frozenset[str]:
        """Origins that may open the chat."""
        named = {o.strip().rstrip("/") for o in self.allowed_origins.split(",") if o.strip()}
        own = {f"http://{h}:{self.port}" for h in (self.host, "127.0.0.1", "localhost")}
        return frozenset(named or own)

    @property
    def desk_origins(self) -> frozenset[str]:
        """Origins of the agents' desk: requests from any other page are refused."""
        own = {f"http://{h}:{self.desk_port}" for h in (self.host, "127.0.0.1", "localhost")}
        return frozenset({self.desk_url.rstrip("/")} if self.desk_url else own)

    @property
    def desk_secure(self) -> bool:
        """Do agents reach the desk by https, so that its cookies may travel no other way?"""
        return self.desk_url.startswith("https://")

    def secret_key(self) -> bytes:
        """The key that signs session tokens, made at first use and kept in `data_dir`, mode 600."""
        return _made_once(self.data_dir / "secret.key", lambda: secrets.token_bytes(32))

    def demo_password(self) -> str:
        """What all demo agents log in with, made and kept like the key.

        Raises:
            SettingsError: somebody has emptied the file.
        """
        path = self.data_dir / "demo-password"
        password = _made_once(path, _easily_typed).decode("utf-8", "replace").strip()
        if not password:
            raise SettingsError(f"{path} is empty; delete it and start again")
        return password

    @property
    def shown_phone_number(self) -> str:
        """What the chat tells who would rather call; `demo` = the demo page's own button."""
        return self.phone_number or ("demo" if self.demo and self.voice else "")

    @property
    def voice_sockets(self) -> tuple[str, ...]:
        """Origins of the gateway's WebSockets, as browsers see them."""
        if self.voice_url:
            return (self.voice_url.rstrip("/").replace("http", "ws", 1),)
        hosts = dict.fromkeys((self.host, "127.0.0.1", "localhost"))
        return tuple(f"ws://{host}:{self.voice_port}" for host in hosts)

    def voice_secret(self) -> str:
        """The password that the PBX has to tell, made and kept like the key unless it is set."""
        path = self.data_dir / "voice-password"
        return self.voice_password or _made_once(path, _easily_typed).decode("utf-8").strip()


def _made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; made if there is none, readable by this user only."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fd = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(make())
        try:
            os.link(fresh, path)  # the first of two processes that start together wins
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_bytes()


def _easily_typed() -> bytes:
    """Sixteen letters and digits that are not mixed up, 79 bits."""
    letters = "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(16))
    return "-".join(letters[place : place + 4] for place in range(0, 16, 4)).encode()


def load_settings() -> Settings:
    """Settings from the environment.

    Raises:
        SettingsError: a value is not valid, or a `FRONTLINE_` name is unknown.
    """
    known = {PREFIX + name.upper() for name in Settings.model_fields} | NOT_OURS
    unknown = sorted(n for n in os.environ if n.startswith(PREFIX) and n not in known)
    if unknown:
        raise SettingsError(f"unknown settings: {', '.join(unknown)}; see docs/user/settings.md")
    try:
        return Settings()
    except ValidationError as error:
        lines = [f"{PREFIX}{e['loc'][0]!s}".upper() + f": {e['msg']}" for e in error.errors()]
        raise SettingsError("; ".join(lines)) from None


def rasa_token() -> str:
    """The token that Rasa's HTTP API asks for; empty = none. Rasa reads the same variable."""
    return os.environ.get("RASA_TOKEN", "")


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with these settings in it, for a program that we start."""
    others = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    ours = {f"{PREFIX}{name.upper()}": str(value) for name, value in settings if value != ""}
    return others | ours

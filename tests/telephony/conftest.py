from collections.abc import Iterator

import pytest

from frontline.settings import Settings
from tests.common.stack import Stack, free_port, running_stack
from tools.telephony.baresip import Baresip, baresip
from tools.telephony.pbx import Pbx, free_ports, running_pbx
from tools.telephony.pbx_config import Door

PASSWORD = "for-tests-only"


@pytest.fixture(scope="session")
def phone_stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A whole front line with its phone line."""
    ports = {"voice_port": str(free_port()), "audiosocket_port": str(free_port())}
    settings = {"voice": "true", "voice_password": PASSWORD} | ports
    with running_stack(tmp_path_factory.mktemp("phone"), **settings) as stack:
        (stack.data_dir / "ports").write_text(" ".join(ports.values()))
        yield stack


@pytest.fixture(scope="session")
def pbx(phone_stack: Stack) -> Iterator[Pbx]:
    """An Asterisk with the project's dialplan, in front of it."""
    voice, audiosocket = map(int, (phone_stack.data_dir / "ports").read_text().split())
    user = Settings(data_dir=phone_stack.data_dir).voice_user
    with running_pbx(Door(free_ports(voice, audiosocket), user, PASSWORD)) as running:
        yield running


@pytest.fixture(scope="session")
def lonely_pbx() -> Iterator[Pbx]:
    """An Asterisk whose gateway is not there."""
    with running_pbx(Door(free_ports())) as running:
        yield running


@pytest.fixture
def agent(pbx: Pbx) -> Iterator[Baresip]:
    """Ania's telephone; it answers by itself, with a tone."""
    with baresip(pbx, "ania", answers=True) as phone:
        yield phone


@pytest.fixture(params=["81", "82"], ids=["websocket", "audiosocket"])
def line(request: pytest.FixtureRequest) -> str:
    """A number of the Polish line, over each transport."""
    return f"{request.param}01"

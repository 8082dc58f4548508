import asyncio
import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from aiohttp import web

from frontline.errors import ConflictError, UnavailableError
from frontline.services import (
    INTERNAL_PORTS,
    Step,
    answers,
    check_port,
    customer_url,
    desk_url,
    free_ports,
    jobs,
    make_socket_folder,
    redis_answers,
    redis_server,
    remove_socket_folder,
    with_addresses,
)
from frontline.settings import Settings
from frontline.supervisor import Service


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    port, desk_port = free_ports(2)
    return Settings(data_dir=tmp_path, port=port, desk_port=desk_port)


def names(given: Settings) -> list[str]:
    return [job.name for job in jobs(given, with_addresses(given))]


def services(given: Settings) -> dict[str, Service]:
    work = jobs(given, with_addresses(given))
    return {job.name: job for job in work if isinstance(job, Service)}


def test_ports_are_free_different_and_below_those_of_outgoing_connections() -> None:
    ports = free_ports(5)
    assert len(set(ports)) == 5
    assert set(ports) <= set(INTERNAL_PORTS)


def test_internal_addresses_are_loopback_and_the_socket_is_private(settings: Settings) -> None:
    filled = with_addresses(settings)
    assert urlsplit(filled.rasa_url).hostname == "127.0.0.1"
    assert urlsplit(filled.actions_url).hostname == "127.0.0.1"
    path = Path(filled.redis_url.removeprefix("unix://"))
    assert len(str(path)) <= 107
    make_socket_folder(filled.redis_url)
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.touch()
    remove_socket_folder(filled.redis_url)
    assert not path.parent.exists()


def test_folders_that_are_not_ours_are_never_made_or_removed(tmp_path: Path) -> None:
    url = f"unix://{tmp_path}/redis.sock"
    make_socket_folder(url)
    remove_socket_folder(url)
    assert tmp_path.exists()


def test_a_given_redis_is_used_and_none_is_started(settings: Settings) -> None:
    given = settings.model_copy(update={"redis_url": "redis://redis.example.com"})
    assert with_addresses(given).redis_url == given.redis_url
    assert "redis" not in services(given)
    assert "redis" in names(given)


def test_the_demo_agents_are_made_or_shut_out(settings: Settings) -> None:
    assert "demo agents" in names(settings)
    assert "demo agents" in names(settings.model_copy(update={"demo": False}))


def test_the_desk_has_a_port_of_its_own(settings: Settings) -> None:
    assert desk_url(settings) == f"http://127.0.0.1:{settings.desk_port}/"
    assert services(settings)["desk"].command[1:] == ("-m", "handoff")
    with socket.create_server(("127.0.0.1", settings.desk_port)):
        with pytest.raises(ConflictError) as caught:
            check_port(settings)
        assert f"FRONTLINE_DESK_PORT={settings.desk_port + 1}" in str(caught.value)


def test_the_demo_shop_can_be_switched_off(settings: Settings) -> None:
    assert "demo shop" in names(settings)
    assert "demo shop" not in names(settings.model_copy(update={"demo": False}))


def test_everything_waits_only_for_what_is_there(settings: Settings) -> None:
    for given in (settings, settings.model_copy(update={"demo": False})):
        work = jobs(given, with_addresses(given))
        known = {job.name for job in work}
        assert all(set(job.after) <= known for job in work)


def test_the_web_server_does_not_wait_for_the_bot(settings: Settings) -> None:
    found = services(settings)
    assert not {"rasa", "model"} & {*found["web"].after, *found["actions"].after}
    assert "database" not in found["rasa"].after


def test_services_get_the_same_settings(settings: Settings) -> None:
    found = services(settings)
    addresses = {s.env.get("FRONTLINE_RASA_URL") for n, s in found.items() if n != "redis"}
    assert len(addresses) == 1
    assert None not in addresses


async def test_a_step_on_a_redis_that_is_away_fails(settings: Settings) -> None:
    given = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    step = next(job for job in jobs(given, given) if job.name == "redis")
    assert isinstance(step, Step)
    with pytest.raises(UnavailableError):
        await step.run()


def test_the_redis_server_comes_with_a_package() -> None:
    assert redis_server().stat().st_mode & 0o111


async def test_a_probe_wants_the_answer_200() -> None:
    async def handle(request: web.Request) -> web.Response:
        return web.Response(status=int(request.path.strip("/")))

    app = web.Application()
    app.router.add_get("/{code}", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_ports(1)[0]
    await web.TCPSite(runner, "127.0.0.1", port).start()
    await answers(f"http://127.0.0.1:{port}/200")()
    with pytest.raises(UnavailableError, match="503"):
        await answers(f"http://127.0.0.1:{port}/503")()
    await runner.cleanup()
    with pytest.raises(ConnectionRefusedError):
        await answers(f"http://127.0.0.1:{port}/200")()


@pytest.mark.parametrize("url", ["unix:///nowhere/redis.sock", "redis://127.0.0.1:1"])
async def test_a_redis_that_is_away_does_not_answer(url: str) -> None:
    with pytest.raises((UnavailableError, OSError)):
        await asyncio.wait_for(redis_answers(url)(), 5)


def test_who_holds_the_port_is_said(settings: Settings) -> None:
    check_port(settings)
    with socket.create_server(("127.0.0.1", settings.port)):
        with pytest.raises(ConflictError) as caught:
            check_port(settings)
        assert f"--port {settings.port + 1}" in str(caught.value)
        assert f"({os.getpid()})" in str(caught.value)


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:8080/"),
        ("0.0.0.0", "http://127.0.0.1:8080/"),  # noqa: S104
        ("::1", "http://[::1]:8080/"),
        ("chat.example.com", "http://chat.example.com:8080/"),
    ],
)
def test_the_address_shown_can_be_opened_on_this_machine(host: str, url: str) -> None:
    assert customer_url(Settings(host=host)) == url

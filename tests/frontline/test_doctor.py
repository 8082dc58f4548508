import io
import shutil
import socket
import sqlite3
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from frontline import doctor
from frontline.doctor import Finding, Verdict, examine, judge_redis
from frontline.live_record import Record, write_record
from frontline.services import free_ports
from frontline.settings import PROJECT, Settings, environment
from frontline.supervisor import run_program
from tests.common.speech import demo_models

ONE_FORGED_CASE = """
INSERT INTO conversations (id, channel, language, language_chosen, controller, epoch, last_seq,
  created_at, updated_at) VALUES ('C', 'web', 'pl', 0, 'bot', 1, 0, '2026-11-24', '2026-11-24');
INSERT INTO cases (id, number, conversation_id, state, channel, language, reason, detail, context,
  fence, created_at, queued_at, due_at, log_length)
  VALUES ('1', 'R-2026-000001', 'C', 'queued', 'chat', 'pl', 'user_request', '', '{}', 0,
  '2026-11-24 10:00:00', '2026-11-24 10:00:00', '2026-11-24 10:00:00', 3);
"""
"""A case whose log has lost its three entries."""
HEALTHY = {
    "redis_version": "7.4.1",
    "aof_enabled": 1,
    "aof_last_write_status": "ok",
    "maxmemory_policy": "noeviction",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, port=free_ports(1)[0])


def verdicts(**changed: object) -> list[tuple[str, str]]:
    now_us = int(time.time() * 1e6)
    facts: dict[str, object] = {"server_time_usec": now_us, **HEALTHY, **changed}
    return [(f.verdict, f.text) for f in judge_redis(facts, "external")]


def only(found: list[Finding]) -> Finding:
    (finding,) = found
    return finding


def test_a_good_redis_passes() -> None:
    assert {verdict for verdict, _ in verdicts()} == {"ok"}


@pytest.mark.parametrize(
    ("facts", "verdict", "advice"),
    [
        ({"redis_version": "5.0.7"}, "fail", "6.2 or later"),
        ({"aof_enabled": 0}, "warn", "appendonly yes"),
        ({"aof_last_write_status": "err"}, "fail", "disk full"),
        ({"maxmemory_policy": "allkeys-lru"}, "fail", "noeviction"),
        ({"server_time_usec": 0}, "warn", "clock"),
    ],
)
def test_a_bad_redis_is_named_with_what_to_do(
    facts: dict[str, object], verdict: str, advice: str
) -> None:
    bad = [finding for finding in verdicts(**facts) if finding[0] != "ok"]
    assert len(bad) == 1
    assert bad[0][0] == verdict
    assert advice in bad[0][1]


async def test_a_redis_that_is_away_fails(settings: Settings) -> None:
    away = settings.model_copy(update={"redis_url": "redis://127.0.0.1:1"})
    assert only(await doctor.check_redis(away, None)).verdict is Verdict.FAIL


async def test_a_new_installation_is_no_failure(settings: Settings) -> None:
    assert only(await doctor.check_redis(settings, None)).verdict is Verdict.OK
    assert only(await doctor.check_database(settings, None)).verdict is Verdict.OK
    assert only(await doctor.check_services(settings, None)).verdict is Verdict.OK


async def test_a_taken_port_fails(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", settings.port)):
        found = only(await doctor.check_services(settings, None))
    assert found.verdict is Verdict.FAIL


async def alembic(settings: Settings, *arguments: str) -> None:
    command = [sys.executable, "-m", "alembic", *arguments]
    log = settings.data_dir / "alembic.log"
    await run_program(command, log, cwd=PROJECT, env=environment(settings))


async def test_a_migrated_database_passes_and_an_older_one_fails(settings: Settings) -> None:
    await alembic(settings, "upgrade", "head")
    assert only(await doctor.check_database(settings, None)).verdict is Verdict.OK
    await alembic(settings, "downgrade", "-1")
    found = only(await doctor.check_database(settings, None))
    assert found.verdict is Verdict.FAIL
    assert "frontline migrate" in found.text


async def test_sound_cases_pass_and_a_forged_log_fails(settings: Settings) -> None:
    assert await doctor.check_cases(settings, None) == []  # nothing was started yet
    await alembic(settings, "upgrade", "head")
    found = await doctor.check_cases(settings, None)
    assert [(f.verdict, f.what) for f in found] == [
        ("ok", "routing"), ("ok", "case log"), ("ok", "cases"),
    ]  # fmt: skip
    with sqlite3.connect(settings.data_dir / "frontline.db") as connection:
        connection.executescript(ONE_FORGED_CASE)
    found = await doctor.check_cases(settings, None)
    assert {f.what: f.verdict for f in found}["case log"] == "fail"
    assert any("R-2026-000001" in f.text for f in found)


async def test_a_wrong_routing_file_fails(settings: Settings, tmp_path: Path) -> None:
    await alembic(settings, "upgrade", "head")
    (tmp_path / "routing.yml").write_text("queues: 7\n")
    wrong = settings.model_copy(update={"routing_file": str(tmp_path / "routing.yml")})
    found = (await doctor.check_cases(wrong, None))[0]
    assert (found.verdict, found.what) == ("fail", "routing")
    assert "routing.yml" in found.text


async def test_a_database_without_tables_fails(settings: Settings) -> None:
    (settings.data_dir / "frontline.db").touch()
    found = only(await doctor.check_database(settings, None))
    assert found == Finding(Verdict.FAIL, "database", "has no tables; run `frontline migrate`")


async def test_a_database_that_is_away_fails(settings: Settings) -> None:
    url = "postgresql+asyncpg://nobody@127.0.0.1:1/none"
    away = settings.model_copy(update={"database_url": url})
    found = only(await doctor.check_database(away, None))
    assert "FRONTLINE_DATABASE_URL" in found.text


async def test_a_full_disk_fails_before_it_is_full(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Usage(NamedTuple):
        free: int

    for free, verdict in ((5e9, Verdict.OK), (1e9, Verdict.WARN), (1e8, Verdict.FAIL)):
        monkeypatch.setattr(shutil, "disk_usage", lambda _path, free=free: Usage(int(free)))
        assert only(await doctor.check_disk(settings, None)).verdict is verdict


@pytest.mark.parametrize(
    ("state", "verdict"), [(None, Verdict.OK), (0, Verdict.OK), (5, Verdict.WARN)]
)
async def test_a_clock_that_follows_nobody_is_a_warning(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, state: int | None, verdict: Verdict
) -> None:
    monkeypatch.setattr(doctor, "clock_state", lambda: state)
    assert only(await doctor.check_clock(settings, None)).verdict is verdict


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.WARN, 0), (Verdict.FAIL, 1)])
async def test_only_a_failure_gives_an_exit_code(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, verdict: Verdict, code: int
) -> None:
    async def check(*_: object) -> list[Finding]:
        return [Finding(verdict, "thing", "[is] so")]

    monkeypatch.setattr(doctor, "CHECKS", (check,))
    output = io.StringIO()
    assert await examine(settings, Console(file=output, highlight=False)) == code
    assert output.getvalue() == f"{verdict:<5}thing      [is] so\n"


async def test_the_model_is_the_one_of_the_content_or_it_is_said_why_not(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = settings.data_dir / "models"
    folder.mkdir()
    present = folder / "present.tar.gz"
    monkeypatch.setattr(doctor, "BOT_PYTHON", Path(sys.executable))
    monkeypatch.setattr(doctor, "model_path", lambda _settings: present)
    assert "not trained yet" in only(await doctor.check_model(settings, None)).text
    (folder / "old.tar.gz").touch()
    write_record(folder, Record(live="old.tar.gz"))
    assert "not live yet" in only(await doctor.check_model(settings, None)).text
    write_record(folder, Record(live="old.tar.gz", refused=("present.tar.gz",)))
    assert "rolled back" in only(await doctor.check_model(settings, None)).text
    present.touch()
    write_record(folder, Record(live="present.tar.gz"))
    assert only(await doctor.check_model(settings, None)).verdict == Verdict.OK


async def test_a_missing_speech_model_is_told_with_what_mends_it(settings: Settings) -> None:
    gone = settings.model_copy(update={"vosk_model_pl": str(settings.data_dir / "gone")})
    found = await doctor.check_speech(gone, None)
    (missing,) = [finding for finding in found if finding.verdict is Verdict.FAIL]
    assert "FRONTLINE_VOSK_MODEL_PL" in missing.text
    quiet = settings.model_copy(update={"voice": False})
    assert only(await doctor.check_speech(quiet, None)).verdict is Verdict.OK


async def test_the_demos_speech_models_are_no_models_for_people(settings: Settings) -> None:
    assert demo_models().is_dir()
    found = await doctor.check_speech(settings, None)
    assert len(found) == 4
    assert all(f.verdict is Verdict.WARN and "synthetic" in f.text for f in found)

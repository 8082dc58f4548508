"""Cases that an earlier version wrote are kept when the tables change."""

import sqlite3
import sys
from pathlib import Path

import pytest

from frontline.settings import PROJECT, Settings, environment
from frontline.supervisor import run_program

CONVERSATION = """
INSERT INTO conversations (id, channel, language, language_chosen, controller, epoch, last_seq,
  case_id, created_at, updated_at)
  VALUES (?, 'web', 'pl', 0, ?, 1, 0, ?, '2026-11-24', '2026-11-24')
"""
CASE = """
INSERT INTO cases (id, number, conversation_id, state, channel, language, reason, detail, context,
  agent, fence, created_at, due_at)
  VALUES (?, ?, ?, ?, 'web', 'pl', 'user_request', 'pomocy', '{}', ?, 1, '2026-11-24 10:00:00',
  '2026-11-24 10:10:00')
"""
OLD = [("1", "queued", None), ("2", "active", "Demo"), ("3", "returned", "Demo"),
       ("4", "closed", "Demo"), ("5", "abandoned", None)]  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path)


async def alembic(settings: Settings, *arguments: str) -> None:
    command = [sys.executable, "-m", "alembic", *arguments]
    log = settings.data_dir / "alembic.log"
    await run_program(command, log, cwd=PROJECT, env=environment(settings))


async def test_older_cases_are_kept_and_wait_or_are_over(settings: Settings) -> None:
    await alembic(settings, "upgrade", "0004_shop_after_sale")
    path = settings.data_dir / "frontline.db"
    with sqlite3.connect(path) as connection:
        for name, state, agent in OLD:
            controller = {"queued": "queue", "active": "agent"}.get(state, "bot")
            connection.execute(CONVERSATION, (f"C{name}", controller, name))
            connection.execute(CASE, (name, f"R-2026-00000{name}", f"C{name}", state, agent))
    await alembic(settings, "upgrade", "head")
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT id, state, channel, skill, queued_at FROM cases")
        found = {row[0]: row[1:] for row in rows.fetchall()}
        controllers = dict(connection.execute("SELECT id, controller FROM conversations"))
    assert {name: row[0] for name, row in found.items()} == {
        "1": "queued", "2": "queued", "3": "closed", "4": "closed", "5": "abandoned",
    }  # fmt: skip
    assert all(row[1:3] == ("chat", "general") and row[3] for row in found.values())
    assert controllers["C2"] == "queue"
    await alembic(settings, "downgrade", "0004_shop_after_sale")
    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT count(*) FROM cases").fetchone() == (5,)

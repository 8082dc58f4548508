import re
from pathlib import Path

import pytest

from frontline.errors import SettingsError
from frontline.settings import PREFIX, PROJECT, Settings, environment, load_settings


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    import os

    for name in [n for n in os.environ if n.startswith(PREFIX)]:
        monkeypatch.delenv(name)


def test_defaults_serve_a_demo_on_this_machine_only() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.demo) == ("127.0.0.1", 8080, True)
    assert settings.resolved_database_url == f"sqlite+aiosqlite:///{PROJECT}/var/frontline.db"


def test_false_in_the_environment_is_false(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_DEMO", "false")
    monkeypatch.setenv("FRONTLINE_PORT", "9000")
    assert load_settings().demo is False
    assert load_settings().port == 9000


def test_an_unknown_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_PROT", "9000")
    with pytest.raises(SettingsError, match="unknown settings: FRONTLINE_PROT"):
        load_settings()


def test_a_value_out_of_range_is_named_without_being_repeated(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FRONTLINE_PORT", "99999")
    with pytest.raises(SettingsError, match=r"FRONTLINE_PORT: .*65535") as caught:
        load_settings()
    assert "99999" not in str(caught.value)


def test_settings_cannot_change_while_running() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1  # type: ignore[misc]


def test_own_addresses_are_the_allowed_origins_unless_some_are_named() -> None:
    assert "http://localhost:8080" in Settings().origins
    named = Settings(allowed_origins="https://shop.example.com/, https://www.example.com")
    assert named.origins == {"https://shop.example.com", "https://www.example.com"}


def test_the_desk_takes_requests_from_its_own_page_only() -> None:
    assert "http://127.0.0.1:8081" in Settings().desk_origins
    assert not Settings().desk_secure
    behind = Settings(desk_url="https://desk.example.com/")
    assert behind.desk_origins == {"https://desk.example.com"}
    assert behind.desk_secure


def test_a_secret_is_not_shown_with_the_settings() -> None:
    assert "hush" not in repr(Settings(oidc_client_secret="hush"))


def test_the_secret_key_is_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    key = settings.secret_key()
    assert len(key) == 32
    assert settings.secret_key() == key
    assert (tmp_path / "var" / "secret.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret.key"]


def test_the_demo_password_is_made_once_and_for_this_user_only(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    password = settings.demo_password()
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    assert settings.demo_password() == password
    path = tmp_path / "var" / "demo-password"
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_text("my own password\n")
    assert settings.demo_password() == "my own password"
    path.write_text("\n")
    with pytest.raises(SettingsError, match="is empty"):
        settings.demo_password()


def test_a_started_program_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTLINE_REDIS_URL", "redis://old")
    given = Settings(port=9001, demo=False, redis_url="unix:///new.sock", session_hours=1.5)
    for name, value in environment(given).items():
        monkeypatch.setenv(name, value)
    assert load_settings() == given


def test_every_setting_is_documented() -> None:
    page = (PROJECT / "docs" / "user" / "settings.md").read_text()
    named = set(re.findall(r"^\| `FRONTLINE_(\w+)`", page, re.MULTILINE))
    assert named == {name.upper() for name in Settings.model_fields}

import os
from pathlib import Path

import pytest

from frontline.errors import UnavailableError
from tools.telephony.chroot import MADE, is_made, make_chroot, run


def test_without_root_it_says_what_it_needs_and_makes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(UnavailableError, match="need root"):
        make_chroot(tmp_path / "chroot")
    assert list(tmp_path.iterdir()) == []


def test_what_was_made_of_something_else_is_made_again(tmp_path: Path) -> None:
    assert not is_made(tmp_path)
    (tmp_path / MADE).write_text("woody asterisk\n")
    assert not is_made(tmp_path)


def test_a_program_that_fails_is_quoted() -> None:
    with pytest.raises(UnavailableError, match="no such package"):
        run("packages", ["sh", "-c", "echo no such package >&2; exit 100"])

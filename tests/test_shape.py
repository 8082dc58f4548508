"""The shape of the code: small files, small functions, a sentence on everything public.

A limit is raised only with a decision in docs/decisions/.
"""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from frontline.settings import PROJECT

MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 80
DOCUMENTED = ("frontline", "handoff", "web_chat", "actions", "tools", "benchmarks", "bot")
"""Folders whose public functions and classes say what they do; tests say it in their names."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources() -> list[str]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.py"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    return [name for name in done.stdout.split() if (PROJECT / name).exists()]


def lines_of_code(text: str) -> int:
    """Neither blank nor a comment."""
    lines = (line.strip() for line in text.splitlines())
    return sum(1 for line in lines if line and not line.startswith("#"))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def public(tree: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """Public functions and classes, and those inside public classes."""
    for node in tree.body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node)


@pytest.fixture(scope="module")
def parsed() -> dict[str, tuple[str, ast.Module]]:
    texts = {name: Path(PROJECT, name).read_text("utf-8") for name in sources()}
    return {name: (text, ast.parse(text)) for name, text in texts.items()}


Parsed = dict[str, tuple[str, ast.Module]]


def test_there_is_code_to_measure(parsed: Parsed) -> None:
    assert {"frontline/settings.py", "tests/test_shape.py"} <= parsed.keys()


def test_no_file_is_long(parsed: Parsed) -> None:
    long = {name: lines_of_code(text) for name, (text, _) in parsed.items()}
    assert {name: n for name, n in long.items() if n > MAX_FILE_LINES} == {}


def test_no_function_is_long(parsed: Parsed) -> None:
    long = {
        f"{name}:{function.lineno} {function.name}": length
        for name, (text, tree) in parsed.items()
        for function in functions(tree)
        if (length := lines_of_code(ast.get_source_segment(text, function) or ""))
        > MAX_FUNCTION_LINES
    }
    assert long == {}


def test_everything_public_says_what_it_does(parsed: Parsed) -> None:
    silent = [
        f"{name}:{node.lineno} {node.name}"
        for name, (_, tree) in parsed.items()
        if name.split("/")[0] in DOCUMENTED and "tests" not in name.split("/")
        for node in public(tree)
        if ast.get_docstring(node) is None
    ]
    assert silent == []

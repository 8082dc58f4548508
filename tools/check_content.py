"""Check what editors write: training sentences, responses, rules. Mistakes come with file and line.

    frontline validate [FOLDER] [--json]     FOLDER: the project's root, for tests

Each line ends with the kind of mistake in square brackets; nlu_data/README.pl.md explains every
kind. Ends with exit code 1 when there is a mistake; warnings, which a person must judge, do not
count.
"""

import argparse
import json
import sys
from datetime import date
from pathlib import Path

from frontline.clock import SystemClock, local
from tools.content import held_out, legal, marks, names, responses, sentences, speech
from tools.content.problems import Problem
from tools.content.read import Content

CHECKS = (
    sentences.check_labels,
    sentences.check_same,
    sentences.check_near,
    sentences.check_number,
    sentences.check_personal_data,
    held_out.check_held_out,
    marks.check_marks,
    responses.check_variants,
    responses.check_buttons,
    responses.check_personal_data,
    responses.check_forbidden,
    speech.check_speech,
    names.check_use,
    names.check_rules,
    names.check_domain,
)


def problems(root: Path, today: date) -> list[Problem]:
    """All mistakes and warnings below a project's root, in the order of files and lines."""
    content = Content(root)
    for check in CHECKS:
        check(content)
    legal.check_legal(content, today)
    return content.problems.sorted()


def main(arguments: list[str], today: date | None = None) -> int:
    """Print the mistakes; 1 if there are any."""
    parser = argparse.ArgumentParser(prog="frontline validate", description="Check the content.")
    project = Path(__file__).resolve().parent.parent
    parser.add_argument("folder", nargs="?", type=Path, default=project, help="a project's root")
    parser.add_argument("--json", action="store_true", help="one JSON object, for tools")
    chosen = parser.parse_args(arguments)
    found = problems(chosen.folder.resolve(), today or local(SystemClock().now()).date())
    print(as_json(found) if chosen.json else as_text(found))
    return 1 if any(problem.is_error for problem in found) else 0


def as_text(found: list[Problem]) -> str:
    """One line per problem and the sum."""
    errors = sum(problem.is_error for problem in found)
    total = f"{errors} {'mistake' if errors == 1 else 'mistakes'} in the content"
    if not errors:
        total = "the content is in order"
    if len(found) > errors:
        total += f"; warnings to judge: {len(found) - errors}"
    return "\n".join([*map(str, found), total])


def as_json(found: list[Problem]) -> str:
    """`{"errors", "warnings", "problems": [{"file", "line", "kind", "severity", "text"}]}`."""
    errors = sum(problem.is_error for problem in found)
    listed = [
        {
            "file": problem.path.as_posix(),
            "line": problem.line,
            "kind": problem.kind,
            "severity": "error" if problem.is_error else "warning",
            "text": problem.text,
        }
        for problem in found
    ]
    whole = {"errors": errors, "warnings": len(found) - errors, "problems": listed}
    return json.dumps(whole, ensure_ascii=False, indent=2)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Walking through YAML whose nodes still know their lines."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from tools.content.problems import Problems


def tree(path: Path, problems: Problems) -> yaml.Node | None:
    """A file's YAML with positions; None, and a problem, when there is none."""
    try:
        node: yaml.Node | None = yaml.compose(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        what = error.problem or error.context
        problems.add((path, line), "yaml", f"invalid YAML: {what}; look at this line and above")
        return None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        problems.add((path, 1), "yaml", f"invalid YAML: {str(error).splitlines()[0]}")
        return None
    except FileNotFoundError:
        problems.add((path, 1), "yaml", "the file is missing")
        return None
    if node is None:
        problems.add((path, 1), "yaml", "the file is empty")
    return node


def entries(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node, yaml.Node]]:
    """Key, its node and its value's node of each entry of a mapping."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield scalar(key), key, value


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a list, none of anything else."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def child(node: yaml.Node | None, name: str) -> yaml.Node | None:
    """The value under a key."""
    return next((value for key, _, value in entries(node) if key == name), None)


def scalar(node: yaml.Node | None) -> str:
    """A node's text; a mapping stands for its only key, as `- greet: {…}` does in a domain."""
    if isinstance(node, yaml.MappingNode) and node.value:
        return scalar(node.value[0][0])
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def line_of(node: yaml.Node) -> int:
    """The line a node begins on, from 1."""
    return int(node.start_mark.line) + 1

"""What code needs of a fact is typed: no module takes apart the text of a place."""

import ast
import re
from pathlib import Path

import pytest

import forensics

HOME = Path(forensics.__file__).parent
ROOMS = ("checks", "stages", "reader", "engine", "parsers", "intake", "model")
MODULES = sorted(path for room in ROOMS for path in (HOME / room).rglob("*.py"))
TAKES_APART = frozenset(
    ("startswith", "endswith", "partition", "rpartition", "split", "rsplit", "removeprefix", "removesuffix", "find",
     "index", "replace", "strip")
)  # fmt: skip
OF_A_PATH = re.compile(
    r"\w\.path\s+(?:NOT\s+)?(?:I?LIKE|SIMILAR)\b|(?:starts_with|ends_with|contains|regexp_\w+|split_part|substr\w*)"
    r"\(\s*\w+\.path\b|\w\.path\s*(?:=|<>|IN)\s*'",
    re.IGNORECASE,
)


HOLDERS = frozenset(("locator", "stamp", "date", "time", "received", "modified", "created"))


class Places:
    """Which expressions of a module are the path of a locator, or of a row that keeps one."""

    def __init__(self, tree: ast.AST) -> None:
        given = [node for node in ast.walk(tree) if isinstance(node, ast.Assign | ast.NamedExpr)]
        targets = [(node.targets[0] if isinstance(node, ast.Assign) else node.target, node.value) for node in given]
        self._names = {to.id for to, value in targets if isinstance(to, ast.Name) and self._is_path(value)}

    def __contains__(self, node: ast.AST) -> bool:
        return self._is_path(node) or (isinstance(node, ast.Name) and node.id in self._names)

    @staticmethod
    def _is_path(node: ast.AST) -> bool:
        if not isinstance(node, ast.Attribute) or node.attr != "path":
            return False
        holder = node.value
        return (isinstance(holder, ast.Attribute) and holder.attr in HOLDERS) or (
            isinstance(holder, ast.Name) and holder.id in HOLDERS
        )


def faults(tree: ast.AST) -> list[int]:
    """Return the lines on which the text of a place, or of a query's path, is taken apart; two may be compared."""
    found, places = [], Places(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=holder, attr=attr) if attr in TAKES_APART and holder in places:
                found.append(node.lineno)
            case ast.Subscript(value=holder) if holder in places:
                found.append(node.lineno)
            case ast.Compare(left=left, comparators=others):
                written = [one for one in (left, *others) if isinstance(one, ast.Constant | ast.JoinedStr)]
                if written and any(one in places for one in (left, *others)):
                    found.append(node.lineno)
            case ast.Call(args=arguments) if any(one in places for one in arguments) and _of_regex(node.func):
                found.append(node.lineno)
            case ast.Constant(value=str() as text) if OF_A_PATH.search(text):
                found.append(node.lineno)
    return found


def _of_regex(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("match", "fullmatch", "search", "sub", "finditer")


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_no_module_takes_the_text_of_a_place_apart(path: Path) -> None:
    assert faults(ast.parse(path.read_text())) == []


@pytest.mark.parametrize(
    "code",
    [
        "stamp.locator.path.startswith('header:')",
        "row.stamp.path.partition('[')",
        "one.locator.path[7:]",
        "one.locator.path == 'header:Date[0]'",
        "'X-Received' in one.locator.path",
        "_AT.match(stamp.locator.path)",
        "path = time.locator.path\npath.startswith('part:')",
        "QUERY = \"SELECT 1 FROM t WHERE t.path LIKE 'header:Received[%]'\"",
        "QUERY = \"SELECT regexp_replace(stamp.path, '[0-9]+', '')\"",
        "QUERY = \"SELECT 1 FROM t WHERE t.path = 'header:Received[0]'\"",
    ],
)
def test_what_is_no_longer_done_is_found(code: str) -> None:
    assert faults(ast.parse(code)) != []


def read_back(tree: ast.AST, names: frozenset[str]) -> list[int]:
    """Return the lines that read such attributes of what was observed."""
    return [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in names]


FOR_PEOPLE = frozenset(("sentence", "aggregates", "parameters", "label"))
"""Parts of an observation that only people read; code asks its ``rule``, ``bin``, ``keys`` and what it cites."""


@pytest.mark.parametrize("path", sorted((HOME / "checks" / "explain").glob("*.py")), ids=lambda path: path.name)
def test_an_explainer_asks_what_is_typed(path: Path) -> None:
    assert read_back(ast.parse(path.read_text()), FOR_PEOPLE) == []


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(HOME)))
def test_no_module_reads_a_sentence(path: Path) -> None:
    read = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("values", "key") and _is_sentence(node.value)
    ]
    assert read == []


def _is_sentence(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "sentence"

"""Every code of a notice or problem that the sources write stands in the reference, however it is written."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from forensics import checks, parsers

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "forensics"
CODE = re.compile(r"[a-z0-9]+\.[a-z][a-z0-9_-]*")


def _no_codes() -> set[str]:
    """Names of the same form: of rules, formats and modules."""
    modules = {".".join(path.relative_to(PACKAGE).with_suffix("").parts) for path in PACKAGE.rglob("*.py")}
    return modules | set(checks.RULES) | set(parsers.PARSERS) | {one.FORMAT.id for one in parsers.every()}


def _called(node: ast.Call) -> str:
    return (
        node.func.attr
        if isinstance(node.func, ast.Attribute)
        else node.func.id
        if isinstance(node.func, ast.Name)
        else ""
    )


def given(tree: ast.AST) -> Iterator[str]:
    """Yield the codes that are plainly given: as ``code=``, or to what makes a notice."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            values = [one.value for one in node.keywords if one.arg == "code"]
            values += node.args if "notice" in _called(node).lower() else []
            yield from [one.value for one in values if isinstance(one, ast.Constant) and _is_code(one.value)]


def _is_code(value: object) -> bool:
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def literals(tree: ast.AST) -> Iterator[str]:
    """Yield every text of the form of a code: some stand in tables, or are given on by other names."""
    yield from [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and _is_code(node.value)]


def gathered(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield ``area`` and each that a `Gathering` is made for, ``what`` and each that is noted or put behind an area."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            kind = {"Gathering": "area", "note": "what"}.get(_called(node), "")
            if kind and isinstance(node.args[0].value, str):
                yield kind, node.args[0].value
        elif isinstance(node, ast.JoinedStr) and (
            found := re.fullmatch(r"f'{(?:\w+\.)?_?area}\.(\w+)'", ast.unparse(node))
        ):
            yield "what", found[1]


def test_every_form_of_a_code_is_found() -> None:
    tree = ast.parse(
        "Notice(code='a.one', text='x')\n_notice(member, 'b.two', 'x')\nself.notice('c.base64_three', 'x')\n"
        "raise Unread('a.four', 'x')\nKINDS = (('a.five', 'x', places),)\ncode, faults = 'a.six', []\n"
        "gathering = Gathering('pdf')\nself._gathering.note('seven', f'{x}')\nraise Unread(f'{self._area}.eight', text)"
    )
    assert list(given(tree)) == ["a.one", "b.two", "c.base64_three"]
    assert {"a.four", "a.five", "a.six"} <= set(literals(tree))
    assert sorted(gathered(tree)) == [("area", "pdf"), ("what", "eight"), ("what", "seven")]


def test_every_code_is_documented() -> None:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in PACKAGE.rglob("*.py")]
    documented = set(re.findall(r"`([^`]+)`", (ROOT / "docs" / "reference.md").read_text(encoding="utf-8")))
    listed = [one for tree in trees for one in gathered(tree)]
    plain = {code for tree in trees for code in given(tree)}
    areas = {code.partition(".")[0] for code in plain} - {name for kind, name in listed if kind == "area"}
    written = {code for tree in trees for code in literals(tree) if code.partition(".")[0] in areas}
    codes = {code for code in plain | written - _no_codes() if not code.endswith(".example")}
    assert len(codes) > 100
    assert sorted(codes - documented) == []
    short = {name.partition(".")[2] or name for name in documented}
    assert sorted(name for kind, name in listed if kind == "what" and name not in short) == []

"""The registries and the files agree: one format, one file; one rule, one file."""

import ast
from pathlib import Path

import pytest

import forensics.checks
import forensics.parsers

PACKAGE = Path(forensics.checks.__file__).parents[1]


def _defines(path: Path, *names: str) -> bool:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    top |= {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if isinstance(t, ast.Name)}
    return set(names) <= top


def _modules(root: Path, *names: str) -> set[str]:
    return {
        ".".join(path.relative_to(root).with_suffix("").parts)
        for path in root.rglob("*.py")
        if path.name != "__init__.py" and _defines(path, *names)
    }


def test_parsers_are_the_files_with_a_format() -> None:
    assert set(forensics.parsers.PARSERS) == _modules(PACKAGE / "parsers", "FORMAT", "sniff", "parse")
    assert len(set(forensics.parsers.PARSERS)) == len(forensics.parsers.PARSERS)


def test_format_ids_are_distinct() -> None:
    ids = [forensics.parsers.load(name).FORMAT.id for name in forensics.parsers.PARSERS]
    assert len(set(ids)) == len(ids)


def test_rules_are_the_files_with_a_rule() -> None:
    assert set(forensics.checks.RULES) == _modules(PACKAGE / "checks", "RULE", "check")
    assert len(set(forensics.checks.RULES)) == len(forensics.checks.RULES)


def test_explainers_are_the_files_with_a_cause() -> None:
    found = {name.removeprefix("explain.") for name in _modules(PACKAGE / "checks", "CAUSE", "explain")}
    assert {name.removeprefix("explain.") for name in forensics.checks.EXPLAINERS} == found


@pytest.mark.parametrize("name", forensics.checks.RULES)
def test_rule_id_is_its_path(name: str) -> None:
    module = forensics.checks.load(name)
    assert name == module.RULE.id
    assert Path(module.__file__).relative_to(PACKAGE / "checks").with_suffix("").parts == tuple(name.split("."))
    assert len(Path(module.__file__).read_text(encoding="utf-8").splitlines()) <= 260, "split the rule, not the file"


@pytest.mark.parametrize("name", forensics.checks.RULES)
def test_rule_has_firing_and_silent_cases(name: str) -> None:
    kinds = {case.kind for case in forensics.checks.load(name).cases()}
    assert {"fires", "silent"} <= kinds

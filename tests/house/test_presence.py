"""Power has one home: each rule needs bits of its own subject, and only ``model/presence`` sets bits."""

import ast
from pathlib import Path

import pytest

import forensics
from forensics.checks import RULES, load
from forensics.model.presence import BITS
from forensics.model.rules import Subject

PACKAGE = Path(forensics.__file__).parent
SETTERS = PACKAGE / "model" / "presence"
ENUMS = {enum.__name__ for enum in BITS.values()}


@pytest.mark.parametrize("name", RULES)
def test_a_rule_needs_bits_of_its_subject(name: str) -> None:
    rule = load(name).RULE
    assert type(rule.needs) is BITS[rule.subject]


@pytest.mark.parametrize("subject", Subject)
def test_the_bits_of_a_subject_are_numbered_from_0(subject: Subject) -> None:
    bits = [bit.value for bit in BITS[subject]]
    assert bits == [1 << place for place in range(len(bits))]
    assert len(bits) < 63, "a column holds 64 bits with sign"


def test_nothing_else_sets_bits() -> None:
    """Rules, grading and examples of power read bits; parsers, rows and builders know none of them."""
    set_in, read_in = [], set()
    for path in PACKAGE.rglob("*.py"):
        if SETTERS in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.AugAssign) and "mask" in ast.unparse(node.target):
                set_in.append(path)
            elif isinstance(node, ast.Name) and node.id in ENUMS:
                read_in.add(path.relative_to(PACKAGE).parts[0])
    assert set_in == []
    assert read_in <= {"checks", "stages"}

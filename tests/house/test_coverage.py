"""The coverage ledger names every rule of the knowledge base, and the code that uses it or the reason why not."""

import csv
import re
from pathlib import Path

import pytest

from forensics.checks import EXPLAINERS, RULES, load

ROOT = Path(__file__).parents[2]
MAIL = ("T", "B", "C", "D", "F", "A", "I", "X")
FILES = ("ARC", "CLK", "CMP", "IMG", "ODF", "OLE", "OOX", "PDF", "RTF", "TXT")
REASON = re.compile(r"(?:planned: [a-z ]+|outside data|no time in it|informational|part: .+)\Z")
_ID = re.compile(r"\b([A-Z]{1,3})-(\d+[a-z]?)((?:/\d+[a-z]?)+|\.\.(?:[A-Z]-)?\d+)?")


def ledger() -> list[dict[str, str]]:
    with (ROOT / "docs" / "coverage.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def named(text: str, letters: tuple[str, ...]) -> set[str]:
    """Ids in a text, ``T-20/21`` and ``T-01..T-46`` written out."""
    found = set()
    for prefix, first, more in _ID.findall(text):
        if prefix not in letters:
            continue
        numbers = [first]
        if more.startswith("/"):
            numbers += more[1:].split("/")
        elif more:
            last = int(more.rpartition("-")[2].lstrip("."))
            numbers += [f"{number:0{len(first)}d}" for number in range(int(first), last + 1)]
        found |= {f"{prefix}-{number}" for number in numbers}
    return found


def place(name: str) -> tuple[int, int, str]:
    prefix, number = name.split("-")
    return (*MAIL, *FILES).index(prefix), int(re.match(r"\d+", number)[0]), number  # type: ignore[index]


def test_rows_are_sorted_unique_and_never_empty() -> None:
    rows = ledger()
    assert list(rows[0]) == ["id", "what", "code", "reason"]
    names = [row["id"] for row in rows]
    assert names == sorted(set(names), key=place)
    for row in rows:
        assert row["what"] and len(row["what"].split()) <= 10
        assert row["code"] or row["reason"]
        assert not row["reason"] or REASON.match(row["reason"]), row
        assert row["reason"].startswith("part: ") or not (row["code"] and row["reason"])


def test_code_is_a_rule_in_force_or_a_file() -> None:
    explainers = {f"explain.{name}" for name in EXPLAINERS}
    for row in ledger():
        for code in row["code"].split():
            assert code in RULES or code in explainers or (ROOT / code).is_file(), row


def test_ledger_and_references_of_rules_agree() -> None:
    covers: dict[str, set[str]] = {name: set() for name in RULES}
    for row in ledger():
        for code in set(row["code"].split()) & set(RULES):
            covers[code].add(row["id"])
    for name in RULES:
        references = {one.removeprefix("kb:") for one in load(name).RULE.references if one.startswith("kb:")}
        assert {one for one in references if not one.startswith("O-")} == covers[name], name


def test_ranges_are_written_out() -> None:
    assert named("T-20/21, D-05..07, OOX-2b, T-01..T-03, UTF-8", ("T", "D", "OOX")) == {
        *("T-20", "T-21", "D-05", "D-06", "D-07", "OOX-2b", "T-01", "T-02", "T-03")
    }


def test_every_rule_of_the_knowledge_base_has_a_row(shared: Path) -> None:
    base = shared / "knowledge"
    if not base.is_dir():
        pytest.skip("no knowledge base beside this checkout")
    wanted = named((base / "email.md").read_text(encoding="utf-8"), MAIL)
    wanted |= named((base / "files.md").read_text(encoding="utf-8"), FILES)
    assert {row["id"] for row in ledger()} == wanted


def test_limits_say_how_many_rows_are_used() -> None:
    rows, limits = ledger(), (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
    used = [row for row in rows if row["code"]]
    in_part = sum(bool(row["reason"]) for row in used)
    assert f"Of {len(rows)}, {len(used)} are used today, {in_part} of them in part." in " ".join(limits.split())

"""A head that was written down vouches for what stood there: every later line is told, and what it changed."""

from collections.abc import Callable
from typing import Any

import pytest

from forensics import write_report
from forensics.errors import UsageError
from forensics.stages import STAGES

pytestmark = pytest.mark.usefixtures("in_process")

FINDINGS = "tables/findings/grade.parquet"
OBSERVATIONS = "tables/observations/observe.parquet"
RANKING = "tables/ranking/grade.parquet"


def codes(result: Any) -> list[tuple[str, str]]:
    return [(problem.code, problem.where) for problem in result.problems]


def test_the_head_is_the_last_line(spoilt: Any) -> None:
    result = spoilt.verify()
    assert (result.problems, result.later, result.changed_later) == ((), (), ())
    assert spoilt.said()[-1] == "Everything holds."


def empty_the_findings(spoilt: Any) -> None:
    spoilt.change_table(FINDINGS, "DELETE FROM t")
    spoilt.change_table(RANKING, "DELETE FROM t")
    spoilt.log("case_tables", FINDINGS, RANKING)


def one_finding_less(spoilt: Any) -> None:
    spoilt.change_table(FINDINGS, "DELETE FROM t WHERE id = (SELECT min(id) FROM t)")
    spoilt.log("report", FINDINGS)


def table_gone(spoilt: Any) -> None:
    (path,) = (spoilt.path / "tables/archives").iterdir()
    path.unlink()
    spoilt.log("unit_removed", f"tables/archives/{path.name}")


def observations_gone(spoilt: Any) -> None:
    (spoilt.path / OBSERVATIONS).unlink()
    spoilt.log("mark", OBSERVATIONS)


def observations_changed(spoilt: Any) -> None:
    spoilt.change_table(OBSERVATIONS, "DELETE FROM t")
    spoilt.log("extract", OBSERVATIONS)


def findings_added(spoilt: Any) -> None:
    (spoilt.path / "tables/findings/zz.parquet").write_bytes((spoilt.path / FINDINGS).read_bytes())
    spoilt.log("unit", "tables/findings/zz.parquet")


def another_examiner(spoilt: Any) -> None:
    file = spoilt.path / "case.json"
    file.write_text(file.read_text().replace("A. Example", "M. Allory"))
    spoilt.log("case_info", "case.json")


def other_views(spoilt: Any) -> None:
    (spoilt.path / "views.sql").write_text("CREATE VIEW findings AS SELECT 1")
    spoilt.log("case_tables", "views.sql")


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        (empty_the_findings, ("findings", "ranking")),
        (one_finding_less, ("findings",)),
        (table_gone, ("archives",)),
        (observations_gone, ("observations",)),
        (observations_changed, ("observations",)),
        (findings_added, ("findings",)),
        (another_examiner, ("case.json",)),
        (other_views, ("views.sql",)),
    ],
)
def test_what_later_lines_changed_is_named(
    spoilt: Any, change: Callable[[Any], None], changed: tuple[str, ...]
) -> None:
    change(spoilt)
    result = spoilt.verify()
    assert codes(result) == [("custody.later", one) for one in changed]
    assert result.changed_later == changed
    number = result.head_line + 1
    assert [line.number for line in result.later] == [number]
    assert all(f"by line {number} ({result.later[0].action})" in problem.text for problem in result.problems)
    said = spoilt.said()
    assert said[-1].endswith(f"Later lines changed what was there: {', '.join(changed)}.")
    assert not any("Everything holds" in line or "Holds up" in line for line in said)
    assert codes(spoilt.verify(spoilt.verify().head)) == [], "the head that covers the line vouches for it"


def test_a_report_that_stood_before_the_head(spoilt: Any) -> None:
    write_report(spoilt.path)
    covered = spoilt.verify().head
    (spoilt.path / "report.html").write_text("<p>nothing found</p>")
    spoilt.log("report", "report.html")
    assert codes(spoilt.verify(covered)) == [("custody.later", "report.html")]
    (spoilt.path / "report.html").unlink()
    spoilt.log("report", "report.html")
    result = spoilt.verify(covered)
    assert codes(result) == [("custody.later", "report.html")]
    assert "replaced by line" in result.problems[0].text
    assert "removed by line" in result.problems[0].text


def test_lines_that_only_add(spoilt: Any) -> None:
    write_report(spoilt.path)
    for action in ("mark", "extract"):
        spoilt.append(action)
    result = spoilt.verify()
    assert result.problems == ()
    assert [(line.action, line.added) for line in result.later] == [
        ("report", ("report.html",)),
        ("mark", ()),
        ("extract", ()),
    ]
    first, said = result.head_line + 1, spoilt.said()
    assert (
        said[-1]
        == f"Holds up to the head; later: line {first} report, line {first + 1} mark, line {first + 2} extract."
    )
    assert any(line.startswith(f"Line {first}, after the head: ") and "adds report.html" in line for line in said)


def test_a_line_that_names_the_same_file_again(spoilt: Any) -> None:
    spoilt.log("case_tables", FINDINGS)
    result = spoilt.verify()
    assert (result.problems, result.later[0].replaced) == ((), ())


def test_a_change_that_a_later_line_undoes(spoilt: Any) -> None:
    before = (spoilt.path / FINDINGS).read_bytes()
    empty_the_findings(spoilt)
    (spoilt.path / FINDINGS).write_bytes(before)
    spoilt.log("case_tables", FINDINGS)
    result = spoilt.verify()
    assert result.changed_later == ("ranking",)
    assert [line.replaced for line in result.later] == [(FINDINGS, RANKING), (FINDINGS,)]


def test_a_second_scan_that_found_nothing_new(fresh: Any) -> None:
    fresh.scan()
    result = fresh.verify()
    assert result.problems == ()
    stages = ["stage"] * len(STAGES)
    assert [line.action for line in result.later] == [
        "scan_started",
        "planned",
        *stages,
        "case_tables",
        "scan_finished",
    ]
    assert fresh.said()[-1].startswith("Holds up to the head; later: line ")


def test_a_second_scan_that_ranked_anew(fresh: Any) -> None:
    (fresh.source / "more.eml").write_bytes((fresh.source / "future.eml").read_bytes().replace(b"Future", b"Later"))
    second = fresh.scan()
    result = fresh.verify()
    assert {code for code, _ in codes(result)} == {"custody.later"}
    assert {"case.json", "contents", "findings", "messages", "ranking"} <= set(result.changed_later)
    start = result.later[0].number
    said = f"The log holds up to the head, line {result.head_line}. A later scan (from line {start}) changed what was"
    assert fresh.said()[-1].startswith(said)
    assert fresh.said(second)[-1] == "Everything holds."
    assert fresh.said(fresh.head, second)[-1] == "Everything holds.", "both were written down: the last one counts"


def test_several_heads(spoilt: Any) -> None:
    result = spoilt.verify(spoilt.head, "0" * 64, "1" * 64)
    assert codes(result) == [("custody.head", "custody.jsonl")] * 2
    assert result.head_given == spoilt.head
    for wrong in ((), ("",), (spoilt.head, ""), (" ",)):
        if wrong:
            with pytest.raises(UsageError):
                spoilt.verify(*wrong)


def test_torn_and_strange_lines_after_the_head(spoilt: Any) -> None:
    log = spoilt.path / "custody.jsonl"
    whole = log.read_bytes()
    log.write_bytes(whole + b'{"n":9,"prev')
    assert [code for code, _ in codes(spoilt.verify())] == ["custody.torn"]
    spoilt.append("mark")
    result = spoilt.verify()
    assert (result.problems, [line.action for line in result.later]) == ((), ["torn_line", "mark"])
    log.write_bytes(whole + b"not a line\n")
    result = spoilt.verify()
    assert [code for code, _ in codes(result)] == ["custody.line"]
    assert [line.action for line in result.later] == [""]
    assert any(line.endswith("after the head: cannot be read") for line in spoilt.said())


def test_an_action_is_shown_safely(spoilt: Any) -> None:
    spoilt.append("mark\x1b[2J")
    assert all("\x1b" not in line for line in spoilt.said())

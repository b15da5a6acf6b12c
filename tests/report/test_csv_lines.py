import csv
import io

import msgspec
import pytest

from forensics.model.accounts import AccountLine, AccountShare, AccountSums, State
from forensics.model.findings import Combined
from forensics.model.ledger import LedgerLine, Mark
from forensics.report import csv_lines


def read(rows):
    return list(csv.DictReader(io.StringIO("".join(rows))))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\uff1d1"])
def test_no_cell_starts_a_formula(text):
    assert csv_lines.cell(text).startswith("'")


def test_other_cells_stand_as_they_are():
    assert csv_lines.cell("a=b") == "a=b"
    assert csv_lines.cell(-5) == "-5"
    assert csv_lines.cell(0.25) == "0.25"
    assert csv_lines.cell("x\x1b\u202e\ny") == "x\\x1b\\u202e\\ny"


def test_findings(summary):
    found = [stored.finding for stored in summary.findings.values()]
    rows = read(csv_lines.findings(found))
    assert len(rows) == len(found)
    assert rows[0]["reference_hits"] == "2"
    assert rows[0]["contradiction"] == "true"
    assert rows[0]["benign"] == "some_skew=excluded clock_set_by_hand=open draft_kept=untestable"


def test_a_hostile_statement_cannot_start_a_formula(summary):
    found = next(iter(summary.findings.values())).finding
    hostile = msgspec.structs.replace(found, statement='=HYPERLINK("http://evil.example")')
    assert read(csv_lines.findings([hostile]))[0]["statement"].startswith("'=")


def test_rank_says_what_an_entry_is_strong_by(summary):
    both = Combined(owners=2, findings=(), hits=1, n=90, series=1, corpus="A+B", routes=("list",), bound=0.1)
    line = msgspec.structs.replace(summary.ranking[0], combined=both)
    alone, together = read(csv_lines.rank([summary.ranking[0], line]))
    names = [name for name in together if name.startswith("combined_")]
    assert [together[name] for name in names] == ["2", "1", "90", "1", "A+B"]
    assert {alone[name] for name in names} == {""}


def test_rank_has_a_line_for_each_member_of_a_cluster(summary):
    rows = read(csv_lines.rank(summary.ranking))
    assert len(rows) == len(summary.ranking) - 1 + 9
    assert {row["cluster_value"] for row in rows if row["rank"] == "4"} == {"Gregor Pavlenko"}


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("a;=1+1;b", "a;'=1+1;b"),
        ("a; @cmd", "a;' @cmd"),
        ("a;\t-1", "a;'\\t-1"),
        ("a;b=c", "a;b=c"),
    ],
)
def test_no_formula_starts_behind_a_semicolon(value, written):
    assert csv_lines.cell(value) == written


def test_the_ledger_has_a_column_for_everything():
    values = dict.fromkeys(("mails", "answered", "missing", "threads", "incomplete", "numbers", "numbers_missing"), 3)
    line = LedgerLine(
        source="leak",
        mailbox="=mail",
        month="2017-03",
        expected=0.18,
        silent_days=9,
        silent_from="2017-03-04",
        marks=(Mark.MISSING, Mark.SILENCE),
        **values,
    )
    (row,) = read(csv_lines.ledger([line], True))
    assert row.keys() - {"partial"} == set(LedgerLine.__struct_fields__) - {"schema"}
    assert (row["mailbox"], row["marks"], row["expected"]) == ("'=mail", "missing silence", "0.18")


def test_bytes_that_are_alike_have_a_line():
    shares = [
        AccountShare(state=State.PARSED, media_type="application/mbox", items=2, size=7),
        AccountShare(state=State.UNREAD, reason="zip.encrypted", items=1, size=3),
    ]
    sums = AccountSums(parsed=7, unread=3)
    line = AccountLine(source="=leak", files=1, size=10, shares=tuple(shares), sums=sums)
    rows = read(csv_lines.accounts([line]))
    assert [(row["state"], row["reason"], row["media_type"], row["items"], row["size"]) for row in rows] == [
        ("parsed", "", "application/mbox", "2", "7"),
        ("unread", "zip.encrypted", "", "1", "3"),
    ]
    assert {(row["source"], row["source_size"]) for row in rows} == {("'=leak", "10")}


def test_members_of_a_folded_line_have_scores_of_their_own_and_no_findings_of_another(summary):
    line = next(one for one in summary.ranking if one.cluster)
    scores = tuple([1.5 + at for at in range(len(line.cluster.members))])
    cluster = msgspec.structs.replace(line.cluster, kind="folded", scores=scores, like=1, entries=9)
    rows = read(csv_lines.rank([msgspec.structs.replace(line, cluster=cluster, reasons=())]))
    assert [row["score"] for row in rows] == [str(score) for score in scores]
    assert {(row["findings"], row["reasons"]) for row in rows} == {("", "")}

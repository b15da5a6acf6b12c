"""How often moderate findings of several owners meet on genuine mail."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from forensics.errors import KnowledgeError
from forensics.knowledge import combined
from forensics.knowledge.combined import MeetingRow, counted, independent, meetings, pair, pooled, together
from forensics.knowledge.rates import described

COUNTED = "corpus,route,mails,senders,strong,items\n"
MET = "corpus,route,mail,sender,met,apart\n"
HYPERV, SCTP, ENRON = "linux-hyperv sample", "linux-sctp sample", "exported-enron sample"
Tables = Callable[..., None]


@pytest.fixture
def tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tables]:
    """Writes other tables in the place of the shipped ones."""
    described()  # of the shipped rates.toml
    cached = (counted, meetings, together, pooled)

    def write(of_corpora: str, met: str = "") -> None:
        for one in cached:
            one.cache_clear()
        (tmp_path / "combined.csv").write_text(COUNTED + of_corpora, encoding="utf-8")
        (tmp_path / "combined_met.csv").write_text(MET + met, encoding="utf-8")
        monkeypatch.setattr(combined, "resources", SimpleNamespace(files=lambda _: tmp_path))

    yield write
    for one in cached:
        one.cache_clear()


LISTS = f"{HYPERV},list,9000,90,0,aa\n{SCTP},list,1000,10,0,bb\n"


def test_the_shipped_tables_hold_and_name_the_mails_that_met() -> None:
    assert {row.corpus for row in meetings()} <= {row.corpus for row in counted()}
    found = pooled(2, "list")
    assert found is not None and found.n == sum(row.mails for row in counted() if row.route not in ("exported", "any"))
    assert found.hits >= pooled(3, "list").hits  # type: ignore[union-attr]


def test_files_count_for_what_is_no_mail_and_mails_do_not(tables: Tables) -> None:
    tables(LISTS + "documents of public repositories,any,7000,50,2,cc\n", f"{HYPERV},list,aa,1,a b,a+b\n")
    files, mails = pooled(2, "any"), pooled(2, "list")
    assert files is not None and mails is not None
    assert (files.hits, files.n, files.routes, files.worst) == (0, 7_000, ("any",), 2 / 7_000)
    assert (mails.hits, mails.n, mails.routes) == (1, 10_000, ("list",))
    tables(LISTS)
    assert pooled(2, "any") is None


def test_rules_of_which_every_two_are_apart_are_independent() -> None:
    assert independent([]) == ()
    assert independent([pair("b", "a")]) == ("a", "b")
    assert independent([pair("a", "b"), pair("b", "c")]) == ("a", "b")  # a and c share something
    assert independent([pair("a", "b"), pair("b", "c"), pair("a", "c")]) == ("a", "b", "c")
    assert independent([pair("a", "b"), pair("b", "c")], ["c"]) == ("c", "b")


def test_a_further_finding_never_takes_an_owner_away() -> None:
    apart = [pair("a", "b")]
    assert len(independent([*apart, pair("a", "x")])) == 2  # x shares something with b
    assert len(independent(apart, ["x"])) == 2  # and with both


def test_hits_are_mails_with_so_many_owners_or_more(tables: Tables) -> None:
    met = f"{HYPERV},list,m1,1,a b c,a+b a+c b+c\n{HYPERV},list,m2,1,a b,a+b\n{SCTP},list,m3,1,a c,\n"
    tables(LISTS, met)
    two, three = pooled(2, "list"), pooled(3, "list")
    assert two is not None and (two.hits, two.n, two.series) == (2, 10_000, 1)
    assert three is not None and (three.hits, three.n, three.series) == (1, 10_000, 1)
    assert two.corpora == (HYPERV, SCTP)
    assert two.worst == 2 / 9_000


def test_rules_that_met_three_times_are_one_owner_from_then_on(tables: Tables) -> None:
    twice = f"{HYPERV},list,m1,1,a b,a+b\n{SCTP},list,m2,1,a b,\n"
    tables(LISTS, twice)
    assert together() == frozenset() and pooled(2, "list").hits == 1  # type: ignore[union-attr]
    tables(LISTS, f"{twice}{SCTP},list,m3,2,a b c,a+b a+c\n")
    assert together() == {("a", "b")}
    assert pooled(2, "list").hits == 1  # type: ignore[union-attr]  # a and c on m3
    assert together((SCTP,)) == frozenset()  # what is left out says nothing on either
    assert pooled(2, "list", (SCTP,)).hits == 1  # type: ignore[union-attr]  # a and b on m1


def test_a_corpus_that_is_left_out_is_not_counted(tables: Tables) -> None:
    tables(LISTS)
    assert pooled(2, "list", (SCTP,)).n == 9_000  # type: ignore[union-attr]
    assert pooled(2, "list", (SCTP, HYPERV)) is None


def test_mail_without_trace_fields_counts_for_its_own_kind_only(tables: Tables) -> None:
    tables(f"{LISTS}{ENRON},exported,15000,300,0,cc\n")
    assert pooled(2, "list").n == 10_000  # type: ignore[union-attr]
    assert pooled(2, "exported").n == 25_000  # type: ignore[union-attr]


def test_what_single_findings_accuse_counts_for_the_alarm_budget(tables: Tables) -> None:
    tables(f"{SCTP},list,1000,10,2,bb\n", f"{SCTP},list,m1,1,a b,a+b\n")
    assert pooled(2, "list").worst == 3 / 1_000  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("of_corpora", "met", "said"),
    [
        (f"{SCTP},list,ten,1,0,aa\n", "", "combined.csv line 2"),
        (f"{SCTP},list,1,2,0,aa\n", "", "impossible count"),
        (f"{SCTP},pigeon,9,2,0,aa\n", "", "unknown route"),
        (f"{SCTP},list,9,2,0,aa\n{SCTP},list,9,2,0,aa\n", "", "stand twice"),
        ("no such list,list,9,2,0,aa\n", "", "describes no corpus"),
        ("openbmc sample,list,9,2,0,aa\nL3 openbmc,list,9,2,0,aa\n", "", "of the same source"),
        (LISTS, f"{SCTP},list,m1,one,a b,\n", "combined_met.csv line 2"),
        (LISTS, f"{SCTP},list,m1,1,a,\n", "did not meet"),
        (LISTS, f"{SCTP},list,m1,1,a b,a+c\n", "did not meet"),
        (LISTS, f"{SCTP},list,m1,1,a b,ab\n", "did not meet"),
        (LISTS, f"{SCTP},direct,m1,1,a b,\n", "has no direct mail"),
        (LISTS, f"{SCTP},list,m1,1,a b,\n{SCTP},list,m1,1,a b,\n", "stands twice"),
    ],
)
def test_a_table_that_cannot_be_is_refused(tables: Tables, of_corpora: str, met: str, said: str) -> None:
    tables(of_corpora, met)
    with pytest.raises(KnowledgeError, match=said):
        meetings()


def test_pairs_are_read_in_order() -> None:
    row = MeetingRow(corpus="C", route="list", mail="m", sender=1, met="a b c", apart="b+a c+a")
    assert row.pairs == {("a", "b"), ("a", "c")}

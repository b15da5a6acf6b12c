from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics.checks import RULES, load
from forensics.knowledge import make_rates
from forensics.knowledge.make_rates import shipped
from forensics.knowledge.pools import VERSION, pools, rows_id
from forensics.knowledge.rates import (
    _described,
    corpora,
    counted_by_route,
    counted_on,
    not_counted,
    rates,
    rates_of,
    rates_without,
    shaped_on,
)


def test_table_loads_fast_and_is_sound(loads_fast: Callable[[Any], bool]) -> None:
    assert loads_fast(rates)
    versions = {rule: load(rule).RULE.version for rule in RULES} | {rows_id(name): VERSION for name in pools()}
    assert all(row.version <= versions[row.rule] for row in rates())


def test_measured_corpora_are_described() -> None:
    names = {line.partition(":")[0] for line in corpora()}
    assert {row.corpus for row in rates()} <= names


def test_weekday_counts_are_those_of_the_knowledge_base() -> None:
    lists = [row for row in rates_of("mail.date_weekday", 1) if row.corpus[:2] in ("L1", "L2", "L3")]
    assert (sum(row.hits for row in lists), sum(row.n for row in lists)) == (2, 116_902)


def test_nested_bins_count_cumulatively() -> None:
    rows = {(row.bin, row.corpus, row.era): row.hits for row in rates_of("mail.trace_reversal", 1)}
    for (name, corpus, era), hits in rows.items():
        if name == "back>1h":
            assert rows["back>5min", corpus, era] >= hits >= rows["back>1d", corpus, era]


def test_unknown_rule_has_no_rate() -> None:
    assert rates_of("mail.nothing", 1) == ()


def test_mails_are_counted_once_for_each_source_and_left_out_with_it():
    whole, without = counted_by_route(), counted_by_route(("linux-mips sample",))
    assert whole["list"] - without["list"] == 84_096
    assert not any(said.startswith(("L1", "linux-mips")) for said in corpora(("linux-mips sample",)))


def test_corpora_on_which_a_bin_was_cut_are_known_with_their_sources():
    assert {"openbmc sample", "L3 openbmc"} <= shaped_on("case.body_hash", "untold")
    assert shaped_on("mail.date_weekday", "mismatch") == frozenset()


def test_other_mails_of_a_list_are_left_out_with_it() -> None:
    there = {row.corpus for row in rates_without(("linux-sctp sample",))("case.header_signature", 1)}
    left = {row.corpus for row in rates_without(("openbmc sample",))("case.header_signature", 1)}
    assert "lists unseen sample" in there
    assert "lists unseen sample" not in left


def test_what_a_rule_never_says_of_a_route_is_not_counted_there() -> None:
    rows = rates_of("case.quoted_recipients", load("case.quoted_recipients").RULE.version)
    assert {row.route for row in rows if row.bin == "added"} >= {"list", "direct", "exported"}
    assert {row.route for row in rows if row.bin.startswith("removed")} == {"direct", "exported"}
    assert not [row for row in rates() if row.route in not_counted(row.rule, row.bin)]


@pytest.mark.parametrize(
    ("rule", "bin_name", "route", "expected"),
    [
        ("case.quoted_recipients", "removed", "list", False),
        ("case.quoted_recipients", "removed,two_people", "list", False),
        ("case.quoted_recipients", "removed", "direct", True),
        ("case.quoted_recipients", "added", "list", True),
        ("case.batch_touch", "4+documents", "any", False),
        ("document.times_disagree", "apart", "any", False),
    ],
)
def test_a_new_count_does_not_bring_such_rows_back(rule: str, bin_name: str, route: str, expected: bool) -> None:
    assert shipped({"rule": rule, "bin": bin_name, "route": route}) is expected


def test_rules_that_were_counted_on_documents_take_no_rows_of_mail_corpora() -> None:
    corpora_of_documents = {"documents of public repositories", "made copies of documents"}
    counted = {row.rule for row in rates() if row.corpus in corpora_of_documents and row.rule.startswith("case.")}
    assert "case.same_save_differs" in counted
    assert [rule for rule in sorted(counted) if shipped({"rule": rule, "bin": "any", "route": "any"})] == []


def test_bins_that_are_counted_on_some_files_only_are_bins_of_rules() -> None:
    for named, extensions in _described()["counted_on"].items():
        rule, _, name = named.partition(" ")
        assert not name or name in {one.name for one in load(rule).RULE.bins}
        assert all(one == one.lower() and "." not in one for one in extensions)
    assert counted_on("document.version_agreement", "word") == {"doc"}
    assert counted_on("document.date_after_as_of", "any bin") == frozenset()
    assert counted_on("document.kept_sum", "differs") is None


def test_counts_of_files_take_the_place_of_older_ones(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped, made = tmp_path / "shipped", tmp_path / "made"
    (shipped / "counts").mkdir(parents=True)
    made.mkdir()
    for name in ("clean_scores.csv", "combined.csv", "combined_met.csv"):
        (shipped / name).write_text("corpus\n", encoding="utf-8")
    head = "bin,corpus,era,route,hits,n,series,series_n,items"
    table = shipped / "counts" / "document.kept_sum.csv"
    table.write_text(f"version,{head}\n1,differs,A,any,any,1,9,,,\n1,differs,B,any,any,2,9,,,\n", encoding="utf-8")
    (made / "file_rates.csv").write_text(
        f"rule,version,{head}\ndocument.kept_sum,1,differs,B,from2010,any,0,50,,,cc\npool.p,1,any,B,any,any,0,60,,,cc\n",
        encoding="utf-8",
    )
    monkeypatch.setattr(make_rates, "__file__", str(shipped / "make_rates.py"))
    make_rates.main([str(made)])
    assert table.read_text(encoding="utf-8").splitlines()[1:] == [
        "1,differs,A,any,any,1,9,,,",
        "1,differs,B,from2010,any,0,50,,,cc",
    ]
    assert (shipped / "counts" / "pool.p.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "1,any,B,any,any,0,60,,,cc"
    ]

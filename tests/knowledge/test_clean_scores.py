from pathlib import Path

import pytest

from forensics.knowledge import make_rates
from forensics.knowledge.clean_scores import at_least, scores
from forensics.knowledge.make_rates import in_place, merged
from forensics.knowledge.rates import corpora, rates_without, same_source


def test_every_corpus_of_scores_is_described() -> None:
    names = {sentence.partition(":")[0] for sentence in corpora()}
    assert {row.corpus for row in scores()} <= names


def test_at_least_counts_the_score_itself_and_above() -> None:
    everything, n = at_least(0.0)
    assert everything == n == sum(row.mails for row in scores())
    highest = max(row.score for row in scores())
    assert at_least(highest)[0] == sum(row.mails for row in scores() if row.score == highest)
    assert at_least(highest + 1)[0] == 0


def test_a_corpus_that_is_left_out_is_not_counted() -> None:
    name = scores()[0].corpus
    assert at_least(0.0, (name,))[1] == sum(row.mails for row in scores() if row.corpus not in same_source(name))


def test_leaving_a_corpus_out_takes_those_of_its_source_too() -> None:
    assert {row.corpus for row in rates_without(())("mail.date_weekday", 1)} >= {"linux-mips sample"}
    left = {row.corpus for row in rates_without(("linux-mips sample",))("mail.date_weekday", 1)}
    assert left and not left & {"linux-mips sample", "L1 linux-mips"}


def _row(corpus: str, hits: str) -> dict[str, str]:
    return {"bin": "b", "corpus": corpus, "era": "any", "route": "any", "hits": hits}


def test_measured_rows_replace_those_of_their_corpus_only() -> None:
    found = merged([_row("C", "1"), _row("D", "2")], [_row("C", "9"), _row("A", "7")])
    assert [(row["corpus"], row["hits"]) for row in found] == [("A", "7"), ("C", "9"), ("D", "2")]


def test_scores_of_a_corpus_stay_in_their_place() -> None:
    old = [{"corpus": name, "mails": "1"} for name in "BA"]
    new = [{"corpus": name, "mails": "3"} for name in "CBB"]
    found = [(row["corpus"], row["mails"]) for row in in_place(old, new)]
    assert found == [("B", "3"), ("B", "3"), ("A", "1"), ("C", "3")]


def test_a_measured_folder_changes_the_tables_of_its_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "knowledge"
    (home / "counts").mkdir(parents=True)
    (home / "clean_scores.csv").write_text("corpus,score,mails\n")
    monkeypatch.setattr(make_rates, "__file__", str(home / "make_rates.py"))
    (tmp_path / "rates.csv").write_text(
        "rule,version,bin,corpus,era,route,hits,n,series,series_n,items\n"
        "mail.a,1,b,C,any,list,1,9,1,5,00\ndocument.a,1,b,C,any,any,1,9,,,00\n"
    )
    (tmp_path / "clean_scores.csv").write_text("corpus,score,mails\nC,0.0,9\n")
    make_rates.main([str(tmp_path)])
    assert [path.name for path in (home / "counts").iterdir()] == ["mail.a.csv"]
    assert (home / "counts" / "mail.a.csv").read_text() == (
        "version,bin,corpus,era,route,hits,n,series,series_n,items\n1,b,C,any,list,1,9,1,5,00\n"
    )
    assert (home / "clean_scores.csv").read_text() == "corpus,score,mails\nC,0.0,9\n"
    assert not (home / "combined.csv").exists()  # an older folder of counts has none


def test_no_corpus_keeps_a_meeting_of_an_older_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, measured = tmp_path / "knowledge", tmp_path / "measured"
    (home / "counts").mkdir(parents=True)
    measured.mkdir()
    counted, met = "corpus,route,mails,senders,strong,items\n", "corpus,route,mail,sender,met,apart\n"
    (home / "clean_scores.csv").write_text("corpus,score,mails\n")
    (home / "combined.csv").write_text(f"{counted}A,list,5,2,0,0a\nC,list,9,2,0,00\n")
    (home / "combined_met.csv").write_text(f"{met}A,list,m0,1,p q,\nC,list,m1,1,p q,p+q\n")
    monkeypatch.setattr(make_rates, "__file__", str(home / "make_rates.py"))
    (measured / "rates.csv").write_text("rule,version,bin,corpus,era,route,hits,n,series,series_n,items\n")
    (measured / "clean_scores.csv").write_text("corpus,score,mails\n")
    (measured / "combined.csv").write_text(f"{counted}C,list,8,2,1,11\n")
    (measured / "combined_met.csv").write_text(met)
    make_rates.main([str(measured)])
    assert (home / "combined.csv").read_text() == f"{counted}A,list,5,2,0,0a\nC,list,8,2,1,11\n"
    assert (home / "combined_met.csv").read_text() == f"{met}A,list,m0,1,p q,\n"

from forensics.knowledge.clean_scores import at_least, scores
from forensics.knowledge.make_rates import merged
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


def _row(rule: str, corpus: str, hits: str) -> dict[str, str]:
    return {"rule": rule, "bin": "b", "corpus": corpus, "era": "any", "route": "any", "hits": hits}


def test_measured_rows_replace_those_of_their_rule_and_corpus_only() -> None:
    old = [_row("mail.a", "C", "1"), _row("mail.a", "D", "2"), _row("document.a", "C", "3")]
    new = [_row("mail.a", "C", "9"), _row("document.a", "C", "9")]
    found = [(row["rule"], row["corpus"], row["hits"]) for row in merged(old, new)]
    assert found == [("mail.a", "C", "9"), ("mail.a", "D", "2"), ("document.a", "C", "3")]

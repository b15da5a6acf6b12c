"""Values of sentences that rules write: in French as French writes them, and nothing else is touched."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from forensics.knowledge.values import AMONG, COUNTS, DATES, LENGTHS
from forensics.knowledge.wording import Wording
from forensics.model.sentences import said, says

CHECKS = Path(__file__).parents[2] / "forensics" / "checks"
KEYS_OF_TESTS = "rule.test."
SHOWN = {
    name: says(f"{KEYS_OF_TESTS}{name}", one=f"{{{name}}}")
    for name in (
        "date",
        "late",
        "n",
        "named",
        "server",
        "kinds",
        "key",
        "marks",
        "subject",
        "other",
        "quoted",
        "from",
        "id",
    )
}
WRITTEN_BY = {"span": LENGTHS, "clock": DATES, "shown": DATES}


def written() -> Iterator[tuple[str, str, str]]:
    """File, name and function of each value that a rule has written by one of the functions."""
    for path in sorted(CHECKS.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            pairs: list[tuple[object, ast.expr]] = []
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") != "Evidence":
                pairs = [(word.arg, word.value) for word in node.keywords]
            elif isinstance(node, ast.Dict):
                pairs = [
                    (getattr(key, "value", None), value) for key, value in zip(node.keys, node.values, strict=True)
                ]
            for name, value in pairs:
                inner = value.value if isinstance(value, ast.Subscript) else value
                if isinstance(inner, ast.Call) and getattr(inner.func, "id", "") in WRITTEN_BY and name:
                    yield path.stem, str(name), inner.func.id  # type: ignore[attr-defined]


def test_every_date_and_length_that_rules_write_is_known_by_its_name() -> None:
    found = list(written())
    assert len(found) > 90
    by_rule = {(name, key.rsplit(".", 1)[-1]) for name, keys in AMONG.items() for key in keys}
    # these are put into words by rules of their own, or are parameters of a query
    other = {("edited", "clock"), ("value", "shown"), ("end", "clock"), ("offset", "span")}
    unknown = {
        (file, name, by)
        for file, name, by in found
        if name not in WRITTEN_BY[by] and (name, file) not in by_rule and (name, by) not in other
    }
    assert unknown == set()


@pytest.mark.parametrize(
    ("name", "english", "french"),
    [
        ("date", "2017-03-06 10:00:00", "6 mars 2017 à 10:00:00"),
        ("date", "2017-08-01 10:00:00 +02:00", "1er août 2017 à 10:00:00 +02:00"),
        ("date", "2017-03-06 10:00:00 UTC", "6 mars 2017 à 10:00:00 UTC"),
        ("date", "2017-03-06 10:00:00 local", "6 mars 2017 à 10:00:00 (heure locale)"),
        ("date", "2017-03-06 (no time of day)", "6 mars 2017 (sans heure)"),
        ("date", "2017-03-06", "6 mars 2017"),
        ("date", "2017-03", "mars 2017"),
        ("date", "2017-13-06", "2017-13-06"),
        ("date", "-99999", "-99999"),
        ("date", "2017-03-06 and more", "2017-03-06 and more"),
        ("late", "3 d 4 h", "3\xa0j 4\xa0h"),
        ("late", "1200 d", "1\u202f200\xa0j"),
        ("late", "0 s", "0\xa0s"),
        ("late", "3 d 4 h 5 min", "3 d 4 h 5 min"),
        ("n", "999", "999"),
        ("n", "1000", "1\u202f000"),
        ("n", "2000 (these: 3)", "2000 (these: 3)"),
        ("named", "Tuesday", "mardi"),
        ("server", "a server", "un serveur"),
        ("server", "mx.example.org", "mx.example.org"),
        ("kinds", "queue id, signature", "identifiant de file, signature"),
        ("kinds", "3", "3"),
        ("key", "of keys.tsv", "du fichier keys.tsv"),
        ("key", "recovered from this archive", "recalculée à partir de cette archive"),
        ("marks", "list a; b (196 of 1200)", "list a; b (196 of 1200)"),
        ("marks", "list a (196 of 1200); server b ()", "liste a (196 sur 1\u202f200); server b ()"),
        # text of the evidence that looks like ours
        ("subject", "2017-03-06", "2017-03-06"),
        ("subject", "3 d 4 h", "3 d 4 h"),
        ("subject", "Tuesday", "Tuesday"),
        ("other", "2017-03-06", "2017-03-06"),
        ("quoted", "2017-03-06", "2017-03-06"),
        ("id", "20170306", "20170306"),
    ],
)
def test_values_in_french(name: str, english: str, french: str) -> None:
    assert Wording("fr").say(SHOWN[name], **{name: english}) == french
    assert Wording("en").say(SHOWN[name], **{name: english}) == english


def test_a_name_that_is_a_date_in_one_sentence_only() -> None:
    quoted = says("rule.case.quoted_date.of_a_test", one="{quoted}")
    assert Wording("fr").say(quoted, quoted="2017-03-06 10:00:00") == "6 mars 2017 à 10:00:00"


def test_a_trait_of_a_sender() -> None:
    mark = said("rule.case.sender_profile.mark") or says(
        "rule.case.sender_profile.mark", one="{mark} (usually {usual})"
    )
    assert (
        Wording("fr").say(mark, mark="program Mutt", usual="program none")
        == "programme Mutt (d’ordinaire programme aucun)"
    )
    assert Wording("fr").say(mark, mark="odd", usual="2017-03-06") == "odd (d’ordinaire 2017-03-06)"


def test_values_of_other_sentences_stay() -> None:
    assert (
        Wording("fr").say(says("report.of_a_test", one="{date} {n}"), date="2017-03-06", n="2000") == "2017-03-06 2000"
    )


def test_names_have_one_meaning() -> None:
    assert not LENGTHS & DATES and not COUNTS & (DATES | LENGTHS) and not DATES & AMONG.keys()

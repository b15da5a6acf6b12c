"""Lists, sheets, rules and the report in French: sentences are French, JSON and CSV stay as they are."""

import html
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import open_case, write_report
from forensics._demo import Demo
from forensics.errors import UsageError
from forensics.knowledge.make_catalogue import LANGUAGES, catalogue, placeholders

Run = Callable[..., Any]
WEEKDAY = "Date nomme un mardi, mais le 7 octobre 2016 était un vendredi."
CLUSTER = "9 des 26 éléments de l’archive au format ooxml sont dans ce groupe."


def words(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("command", [("rank",), ("findings", "--limit", "0")])
def test_lists(run: Run, made: Demo, command: tuple[str, ...]) -> None:
    name, *more = command
    shown = words(run(name, made.report.parent, *more, "--language", "fr").stdout)
    assert WEEKDAY in shown and CLUSTER in shown and "Niveau" in shown
    for form in ("jsonl", "csv"):
        plain = run(name, made.report.parent, *more, "--format", form)
        assert run(name, made.report.parent, *more, "--format", form, "--language", "fr").stdout == plain.stdout
        assert "Date names Tuesday" in plain.stdout


def test_a_table_that_is_cut_says_so(run: Run, made: Demo) -> None:
    assert "de plus ; --limit 0 affiche tout" in words(
        run("findings", made.report.parent, "--limit", "1", "--language", "fr").stdout
    )
    assert "more; --limit 0 shows all, --format jsonl" in run("findings", made.report.parent, "--limit", "1").stdout


def place(made: Demo) -> str:
    """Return the rank of the mail with the wrong weekday."""
    with open_case(made.report.parent) as case:
        return next(str(line.rank) for line in case.rank() if any("Date names Tuesday" in one for one in line.reasons))


def test_a_sheet(run: Run, made: Demo) -> None:
    ref = place(made)
    shown = words(run("show", made.report.parent, ref, "--language", "fr").stdout)
    for said in (WEEKDAY, "Causes innocentes", "Toutes ses horloges", "la date a été reculée", "Jugé par", "sélecteur"):
        assert said in shown
    for said in ("Innocent causes", "Judged by", "selector ", "weekday of another"):
        assert said not in shown
    assert (
        run("show", made.report.parent, ref, "--format", "json", "--language", "fr").stdout
        == run("show", made.report.parent, ref, "--format", "json").stdout
    )


def test_rules(run: Run) -> None:
    assert "un logiciel de messagerie défectueux" in run("rules", "mail.date_weekday", "--language", "fr").stdout
    assert "N°" not in run("rules").stdout and "Règle" in run("rules", "--language", "fr").stdout


def test_an_unknown_language_is_a_wrong_call(run: Run, made: Demo) -> None:
    for command in (
        ("rank", made.report.parent),
        ("findings", made.report.parent),
        ("show", made.report.parent, "#1"),
        ("rules",),
    ):
        refused = run(*command, "--language", "xx")
        assert (refused.returncode, "language 'xx'" in refused.stderr) == (2, True), command


def test_the_library_says_it_in_one_call(made: Demo) -> None:
    with open_case(made.report.parent) as case:
        (line,) = [one for one in case.in_language(case.rank(), "fr") if str(one.rank) == place(made)]
        assert WEEKDAY in line.reasons and line.score > 0
        (finding, *_) = case.in_language(case.findings(line.rank, rule="mail.date_weekday"), "fr")
        assert finding.settle.startswith("Demander au fournisseur")
        aside = tuple(case.set_aside())
        assert case.in_language(aside, "en") == aside and case.in_language((), "fr") == ()
        assert len(case.in_language(aside, "fr")) == len(aside)
        with pytest.raises(UsageError, match="xx"):
            case.in_language((), "xx")


def test_no_sentence_of_the_report_stands_in_english(made: Demo, tmp_path: Path) -> None:
    shutil.copytree(made.report.parent, tmp_path / "case")
    page = write_report(tmp_path / "case", tmp_path / "rapport.html", language="fr").read_text(encoding="utf-8")
    source = catalogue((LANGUAGES / "fr.po").read_text(encoding="utf-8"), "fr")
    whole = [
        text for message in source if message.id and isinstance(text := message.id, str) and not placeholders(text)
    ]
    assert len(whole) > 600
    assert [text for text in whole if len(text) > 25 and html.escape(text) in page] == []
    assert '<html lang="fr">' in page and html.escape(CLUSTER) in page and html.escape(WEEKDAY) in page


def test_what_a_case_keeps_is_declared_by_reading_it() -> None:
    asked = (
        "import json; from forensics.reader.in_language import declare; from forensics.model.sentences import said; "
        "declare(); print(json.dumps([bool(said(key)) for key in "
        "('cluster.coverage', 'archive.property', 'rule.case.batch_touch', 'note.signed_intact')]))"
    )
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == [True] * 4

"""A report in another language, of a case that an earlier version made: what is translated, and what stays English."""

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from msgspec.structs import replace

from forensics import report, write_report
from forensics.checks import load_all
from forensics.errors import UsageError
from forensics.knowledge import languages
from forensics.knowledge.wording import Wording
from forensics.model.sentences import Sentence, said
from forensics.model.summary import CaseSummary
from forensics.report.answer import answer
from forensics.report.blocks import Builder

KEPT = Path(__file__).parents[1] / "kept" / "format_2" / "demo"
FRENCH = {
    "report.ask.received": ("What was received?", "Qu'a-t-on reçu ?"),
    "report.strength.strong": ("strong", "fort"),
    "report.number.group": (",", "\N{NARROW NO-BREAK SPACE}"),
    "report.join.last": ("{first} and {last}", "{first} et {last}"),
    # French has a form for 0 and 1, one for whole millions, one for all else
    "report.kind.mail": (("1 mail", "{n} mails"), ("{n} courriel", "{n} de courriels", "{n} courriels")),
    "report.scan.lost.none": ("Nothing was lost.", "Rien n'est perdu."),
}
WEEKDAY = "rule.mail.date_weekday"
TOUCHED = "rule.case.batch_touch"


@pytest.fixture
def french(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A catalogue of some sentences, made as translators make one."""
    load_all()
    catalogue = Catalog(locale="fr")
    for key, (english, translated) in FRENCH.items():
        catalogue.add(english, translated, context=key)
    for key, translated in (
        (WEEKDAY, "Date nomme {named}, mais le {date} était un {true}."),
        (TOUCHED, "Une même personne, {saver}, a enregistré {count} documents."),
    ):
        saying = said(key)
        assert saying is not None
        catalogue.add(saying.one, translated, context=key)
    po = io.BytesIO()
    write_po(po, catalogue)
    with (tmp_path / "fr.mo").open("wb") as file:
        write_mo(file, read_po(io.BytesIO(po.getvalue()), locale="fr"))
    monkeypatch.setattr(languages, "FOLDER", tmp_path)
    return "fr"


@pytest.fixture
def case(tmp_path: Path) -> Path:
    shutil.copytree(KEPT / "case", tmp_path / "case")
    return tmp_path / "case"


def test_a_report_of_an_old_case_in_another_language(case: Path, french: str, tmp_path: Path) -> None:
    page = write_report(case, tmp_path / "rapport.html", language=french).read_text(encoding="utf-8")
    assert '<html lang="fr">' in page
    assert "Qu&#39;a-t-on reçu ?" in page and "What was received?" not in page
    # a statement, in the ranking (which keeps it in English) and in the finding itself
    plain = page.replace('<span lang="en">', "").replace("</span>", "")
    assert plain.count("Date nomme Tuesday, mais le 7 October 2016 était un Friday.") >= 3
    assert "Date names Tuesday" not in page
    # the statement of a cluster says more than its sentence, for which this case has no key
    assert "a enregistré" not in page and "are in this group." in page
    # what has no translation
    assert '<span lang="en">How can this be re-checked?</span>' in page
    told = re.search(
        r"<span lang=\"en\">(\d+) sentences of this page have no translation and stand in English too.", page
    )
    assert told and int(told[1]) > 200 and "\ue000" not in page
    assert 'data-label="At most"' in page and "<title>What fits this archive" in page


def test_sentences_that_a_case_keeps_in_english_are_written_by_their_finding(summary: CaseSummary, french: str) -> None:
    first = summary.findings[summary.ranking[0].findings[0]]
    english, note = first.finding.statement, first.finding.benign[0].note
    values = {"named": "mardi", "date": "24/04/2017", "true": "lundi"}
    key = replace(first, sentence=Sentence(WEEKDAY, values), notes=(Sentence("report.strength.strong"),))
    line = replace(summary.ranking[0], reasons=(english,), supported_by=(english, "said by nobody"))
    aside = (replace(summary.set_aside[0], statement=note),)
    findings = {**summary.findings, first.finding.id: key}
    changed = replace(summary, ranking=(line,), findings=findings, set_aside=aside)
    say = Wording(french)
    build = Builder(changed, say)
    written = "Date nomme mardi, mais le 24/04/2017 était un lundi."
    made = answer(changed, say, build)
    assert made.cards[0].conclusion == written
    assert made.of_archive == ("fort",)
    assert build.block(line).supported == (written, "said by nobody")
    assert Builder(changed, Wording("en")).block(line).supported == (english, "said by nobody")


def test_numbers_and_counts_follow_the_language(french: str) -> None:
    say = Wording(french)
    mails, lost = said("report.kind.mail"), said("report.scan.lost")
    assert mails is not None and lost is not None
    assert [say.say(mails, n) for n in (0, 1, 2_000)] == ["0 courriel", "1 courriel", "2\u202f000 courriels"]
    assert say.say(lost, 0) == "Rien n'est perdu."
    assert say.say(lost, 2, reasons="a").startswith("Lost: 2 items")
    assert say.joined(["a", "b"]) == "a et b"


def test_english_needs_no_catalogue_and_another_language_does(case: Path, run: Callable[..., Any]) -> None:
    assert write_report(case).is_file()
    with pytest.raises(UsageError, match="xx"):
        write_report(case, language="xx")
    refused = run("report", case, "--language", "xx")
    assert (refused.returncode, "no translation into language 'xx'" in refused.stderr) == (2, True)


def test_templates_leave_the_signs_between_words_to_the_language() -> None:
    for path in sorted((Path(report.__file__).parent / "templates").glob("*.html")):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r'\}\}: |</strong>: |join\("; "\)|\}\}?;<br>', text), path.name

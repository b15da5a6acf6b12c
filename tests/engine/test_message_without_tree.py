"""A format whose messages have neither header nor MIME tree goes all the way: scan, findings, sheet, report, verify."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from forensics import ScanOptions, scan, show, verify, write_report
from forensics.model.findings import EvidenceBytes
from forensics.reader.show import Shown
from forensics.report import sheet

FORMAT = """
import sys
from types import ModuleType

from forensics import parsers
from forensics.examples.stored import stored_message
from forensics.model.items import Format

toy = ModuleType("forensics.parsers.mail.toy")
toy.FORMAT = Format(id="mail.toy", title="toy", media_types=("application/x-toy",), extensions=(".toy",))
toy.sniff = lambda head, source: head.startswith(b"TOY")
toy.parse = lambda source, where, context: iter([stored_message(topic="Agenda of 5 March")])
sys.modules[toy.__name__] = toy
parsers.PARSERS = ("mail.toy", *parsers.PARSERS)
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case of one such file, read by workers that know its format."""
    folder = tmp_path_factory.mktemp("stored")
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(FORMAT)
    (folder / "leak").mkdir()
    (folder / "leak" / "1.toy").write_bytes(b"TOY: a store's own bytes")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(folder / "site"))
        scan([folder / "leak"], folder / "case", ScanOptions(jobs=1))
    return folder / "case"


@pytest.fixture(scope="module")
def shown(case: Path) -> Shown:
    (one,) = show(case, "1.toy")
    return one


def test_its_facts_and_power_are_shown(shown: Shown) -> None:
    facts = shown.facts
    assert (facts.parser.partition("/")[0], facts.status, facts.title) == ("mail.toy", "parsed", "Minutes")
    assert facts.headers == () and facts.notices == ()
    assert ("Date", "2017-03-06T10:00:00.0000000-00:00") in facts.claims
    assert {"mail.thread_topic", "mail.text_html_differ", "mail.attachment_size"} <= set(facts.power)
    assert {"mail.sender_ambiguous", "mail.mark_after_date", "mail.id_form"} <= set(facts.no_power)


def test_what_a_rule_cites_is_a_property_without_bytes_in_the_source(shown: Shown) -> None:
    (finding,) = shown.findings
    assert finding.rule == "mail.thread_topic"
    cited = [fact for fact in finding.evidence if isinstance(fact, EvidenceBytes)]
    assert [(fact.label, fact.value, fact.locator.path, fact.locator.ranges) for fact in cited] == [
        ("Subject", "Minutes", "mapi:0x0037001F", ()),
        ("Thread-Topic", "Agenda of 5 March", "mapi:0x0070001F", ()),
    ]


def test_its_sheet_and_the_report_show_it(case: Path, shown: Shown, tmp_path: Path) -> None:
    console = Console(width=120, record=True, file=StringIO())
    console.print(sheet.show(shown.facts, shown.findings))
    text = console.export_text()
    assert "2017-03-06T10:00:00.0000000-00:00" in text and "mapi:0x0070001F" in text
    write_report(case, tmp_path / "report.html")
    assert "mapi:0x0070001F" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_the_case_is_verified_but_for_what_has_no_bytes(case: Path) -> None:
    verified = verify(case)
    assert verified.problems == ()
    assert (verified.source_files, verified.ranges_without_bytes, verified.ranges_replayed) == (1, 2, 0)

"""What a verification concludes is what it compared, and no more."""

import pytest

from forensics.model.scanning import Reached
from forensics.model.verification import LaterLine, Problem, VerifyResult
from forensics.report.verified import verification

WHOLE = Reached(scans=1, finished=True, judged=True, files_planned=3, files_read=3, items_read=3)
COUNTED = {
    "head": "ab" * 32,
    "head_given": "ab" * 32,
    "head_line": 9,
    "lines": 9,
    "reached": WHOLE,
    "files": 12,
    "sources": 1,
    "source_files": 3,
    "findings": 4,
    "ranges_replayed": 1_017,
    "ranges_without_bytes": 0,
    "ranges_not_replayed": 0,
}
MISSING = Problem(code="source.missing", where="leak", text="not found")
CHANGED = Problem(code="file.changed", where="case.json", text="differs")
LATER = Problem(code="custody.later", where="findings", text="replaced")
REPORT = LaterLine(number=10, time="2026", action="report", added=("report.html",))
SCANS = (LaterLine(number=10, time="2026", action="scan_started"), LaterLine(number=11, time="2026", action="unit"))
READ = Reached(scans=1, files_planned=6_055, files_read=3_097, items_read=3_097, interrupted=True)


def said(**given):
    return list(verification(VerifyResult(**COUNTED | given)))


@pytest.mark.parametrize(
    ("given", "last"),
    [
        ({}, "Everything holds."),
        ({"findings": 0, "ranges_replayed": 0}, "Everything holds."),
        ({"head_given": "", "head_line": None}, "What was checked holds. No head was given to compare the log with."),
        ({"reached": READ}, "What was checked holds. The last scan did not finish."),
        (
            {"reached": Reached(scans=1, finished=True)},
            "What was checked holds. The rules have not judged what was read last.",
        ),
        ({"source_files": 0}, "What was checked holds. No file of a source was compared."),
        (
            {"source_files_undigested": 2},
            "What was checked holds. 2 entries of the sources have no digest in the case"
            " (links, or unreadable during the scan).",
        ),
        (
            {"problems": (MISSING,), "source_files": 0},
            "What was checked holds. 1 source was not found: nothing can be said about it or about what is"
            " quoted from it.",
        ),
        (
            {"unreadable": "too new", "source_files": 0, "findings": 0},
            "What was checked holds. This version cannot read all of the case. No file of a source was compared.",
        ),
        (
            {"unchecked": "no memory", "findings": 0, "ranges_replayed": 0},
            "What was checked holds. Not all of the case could be checked.",
        ),
        ({"unreadable": "too new", "problems": (CHANGED,)}, "1 problem: the case does not hold as it stands."),
        ({"problems": (MISSING, CHANGED)}, "2 problems: the case does not hold as it stands."),
        ({"problems": (CHANGED,)}, "1 problem: the case does not hold as it stands."),
        ({"problems": (CHANGED, LATER)}, "2 problems: the case does not hold as it stands."),
        (
            {"problems": (LATER,), "changed_later": ("findings",), "later": (REPORT,)},
            "The log holds up to the head, line 9. Later lines changed what was there: findings.",
        ),
        (
            {"problems": (LATER, MISSING), "changed_later": ("findings", "ranking"), "later": SCANS},
            "The log holds up to the head, line 9. A later scan (from line 10) changed what was there: findings,"
            " ranking.",
        ),
        ({"later": (REPORT,)}, "Holds up to the head; later: line 10 report."),
        (
            {"later": SCANS, "reached": READ},
            "Holds up to the head; later: line 10 scan_started, line 11 unit. The last scan did not finish.",
        ),
    ],
)
def test_the_conclusion(given, last):
    assert said(**given)[-1] == last


def test_what_an_unfinished_scan_did_not_reach_is_counted_once():
    lines = said(reached=READ, not_reached=2_958)
    assert "The unfinished scan did not reach 2,958 files of the sources." in lines
    assert any(line.startswith("3,097 of 6,055 files have been read so far") for line in lines)


def test_counts_and_places():
    problem = Problem(code="source.digest", where="a\x1bb.eml", text="differs")
    lines = said(
        head_line=7, torn_lines=1, ranges_without_bytes=2, ranges_not_replayed=1, tmp_files=2, problems=(problem,)
    )
    assert "The head given is that of line 7 of 9." in lines
    assert "2 files are in tmp/. The log does not vouch for them, and they are not part of the case." in lines
    assert "4 findings: 1,017 quoted byte ranges were read again from the source and are equal." in lines
    assert "PROBLEM source.digest at a\\x1bb.eml: differs" in lines
    assert "No findings: nothing was quoted that could be read again." in said(findings=0)


def test_nothing_is_claimed_of_what_cannot_be_read():
    lines = said(unreadable="it is new\x1b", sources=0, source_files=0, findings=0, ranges_replayed=0)
    assert "What this version cannot read was not compared with the sources: it is new\\x1b." in lines
    assert not any("as scanned" in line or "quoted" in line for line in lines)
    part = said(unreadable="it is new", findings=0)
    assert "3 files in 1 sources are as scanned." in part


def test_nothing_is_claimed_of_what_could_not_be_checked():
    lines = said(unchecked="no memory\x1b", source_files=0, findings=0, ranges_replayed=0)
    assert "The rest could not be checked: no memory\\x1b." in lines
    assert not any("as scanned" in line or "quoted" in line for line in lines)


def test_without_a_head():
    lines = said(head_given="", head_line=None)
    assert "No head was given: a log that was rebuilt as a whole cannot be distinguished from the original." in lines

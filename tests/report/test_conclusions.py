from forensics.model.verification import Problem, VerifyResult
from forensics.report.conclusions import scan_summary, verification

COUNTED = {
    "head": "ab" * 32,
    "lines": 9,
    "files": 12,
    "sources": 1,
    "source_files": 3,
    "findings": 4,
    "ranges_replayed": 1_017,
    "ranges_without_bytes": 0,
    "ranges_not_replayed": 0,
}


def test_the_last_line_of_a_scan_counts_what_was_not_read():
    states = {"parsed": 11_000, "partial": 2, "unread": 5, "skipped": 1}
    reasons = {"zip.encrypted": 5, "zip.truncated": 2}
    assert list(scan_summary(11_008, states, reasons, 3, "ab")) == [
        "11,008 items: 11,000 read, 2 read in part, 1 skipped, 5 not read",
        "3 entries do not fit.",
        "Custody head, to write down outside the case: ab",
        "7 items were not read, or not to their end: 5 zip.encrypted, 2 zip.truncated",
    ]


def test_a_clean_scan():
    assert list(scan_summary(1, {"parsed": 1}, {}, 0, "ab"))[1:] == [
        "Nothing was found that does not fit.",
        "Custody head, to write down outside the case: ab",
        "Everything was read.",
    ]


def test_a_verification_that_holds():
    said = list(verification(VerifyResult(**COUNTED)))
    assert "No head was given: a log rebuilt as a whole cannot be told from the true one." in said
    assert "4 findings: 1,017 quoted byte ranges read again from the source and equal." in said
    assert said[-1] == "Everything holds."


def test_every_problem_is_said_with_its_place():
    problem = Problem(code="source.digest", where="a\x1bb.eml", text="differs")
    given = {**COUNTED, "torn_lines": 1, "ranges_without_bytes": 2, "ranges_not_replayed": 1}
    said = list(verification(VerifyResult(**given, head_given="cd", head_line=7, problems=(problem,))))
    assert "The head given is that of line 7 of 9." in said
    assert "PROBLEM source.digest at a\\x1bb.eml: differs" in said
    assert said[-1] == "1 problem: the case does not hold as it stands."

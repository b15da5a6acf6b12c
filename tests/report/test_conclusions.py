import pytest

from forensics.knowledge.wording import Wording
from forensics.model.scanning import Extent, Reached, Unread
from forensics.reader.reached import how_far
from forensics.report.conclusions import scan_summary, unread

WHOLE = Reached(scans=1, finished=True, judged=True)


def extent(by_status, *unread, judged=0, reached=WHOLE):
    rows = [
        Unread(status=status, reason=code, remedy=to_do, count=n, size=n, sample=())
        for status, code, to_do, n in unread
    ]
    items = sum(by_status.values())
    return Extent(reached=reached, items=items, by_status=by_status, judged=judged, unread=tuple(rows))


def test_the_last_line_of_a_scan_counts_losses_apart_from_what_holds_nothing():
    states = {"parsed": 11_000, "partial": 2, "skipped": 9, "unread": 8}
    why = [
        ("unread", "zip.encrypted", "", 5),
        ("unread", "engine.no_parser", "database", 3),
        ("partial", "zip.truncated", "", 2),
        ("skipped", "engine.text", "", 9),
    ]
    assert list(scan_summary(extent(states, *why, judged=10_000), 3, "ab")) == [
        "11,019 items: 11,000 read, 2 read in part, 9 skipped, 8 not read",
        "3 entries do not fit. A rule could judge 10,000 of 11,019 items.",
        "Custody head, to write down outside the case: ab",
        "Not read (3): databases: open them in a database program.",
        "Lost: 10 items were not read, or not in full (5 encrypted, no password was given or they are too large to "
        "decrypt; 3 of a format that this version does not read; 2 truncated). 9 items were left alone or have nothing "
        "to read (9 text, hashed only).",
    ]


def test_what_stands_apart_is_told():
    said = list(scan_summary(extent({"parsed": 5}, judged=5), 0, "ab", lured=2))
    assert said[1:3] == [
        "A rule could judge 5 of 5 items; no entry stands out.",
        "2 mails or files would lead their readers elsewhere; they are no entries, and `forensics report` lists them"
        " apart.",
    ]


def test_reasons_of_several_formats_with_the_same_words_are_one():
    why = [("partial", f"{name}.truncated", "", n) for name, n in (("zip", 2), ("7z", 3), ("pdf", 1))]
    *_, lost = scan_summary(extent({"parsed": 1, "partial": 6}, *why), 0, "ab")
    assert lost == "Lost: 6 items were not read, or not in full (6 truncated)."


def test_a_clean_scan():
    assert list(scan_summary(extent({"parsed": 1}, judged=1), 0, "ab"))[1:] == [
        "A rule could judge 1 of 1 items; no entry stands out.",
        "Custody head, to write down outside the case: ab",
        "Everything was read.",
    ]


@pytest.mark.parametrize(
    ("counts", "why", "judged", "last"),
    [
        ({}, (), "No rule could judge any item", "Nothing was read: the sources hold no file."),
        (
            {"skipped": 3_000},
            (("skipped", "intake.symlink", "", 3_000),),
            "No rule could judge any item",
            "Nothing was read. 3,000 items were left alone or have nothing to read (3,000 links, not followed).",
        ),
        (
            {"unread": 14},
            (("unread", "zip.encrypted", "", 14),),
            "No rule could judge any item",
            "Nothing was read. Lost: 14 items were not read, or not in full (14 encrypted, no password was given "
            "or they are too large to decrypt).",
        ),
    ],
)
def test_nothing_read_is_never_called_everything(counts, why, judged, last):
    said = list(scan_summary(extent(counts, *why), 0, "ab"))
    assert said[1].startswith(judged)
    assert said[-1] == last


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        (WHOLE, ""),
        (
            Reached(),
            "No scan got as far as listing the sources (0 items recorded). The rules have not judged what was read.",
        ),
        (
            Reached(scans=1, files_planned=6_055, files_read=3_097, items_read=3_200, interrupted=True),
            "3,097 of 6,055 files have been read so far (3,200 items). The rules have not judged what was"
            " read. The scan did not",
        ),
        (
            Reached(scans=1, files_planned=9, files_read=9, items_read=9, held=True),
            "All 9 files have been read (9 items). The rules have not judged what was read. A scan of this case",
        ),
        (
            Reached(scans=2, files_planned=9, files_read=9, items_read=9, judged=True, finished=False),
            "All 9 files have been read (9 items). The rules have judged only what was in the tables before. The scan"
            " did not",
        ),
    ],
)
def test_how_far_a_case_got_is_said_where_it_is_not_finished(reached, said):
    assert how_far(reached).startswith(said)
    assert bool(said) == bool(how_far(reached))


def test_what_may_be_read_another_time_is_said():
    lost = extent({"unread": 2}, ("unread", "intake.unreadable", "", 2))
    said = list(scan_summary(lost, 0, "ab", again=2))
    assert "2 items failed for a reason that may have passed: run the same command again to read them." in said


def test_a_stopped_scan_has_not_read_everything_nor_nothing():
    stopped = Reached(scans=1, files_planned=9, files_read=1, items_read=1)
    assert unread(extent({"parsed": 1}, reached=stopped), Wording("en")) == (
        "Every item that was reached was read in full."
    )
    assert unread(extent({}, reached=stopped), Wording("en")) == "Nothing has been read yet."

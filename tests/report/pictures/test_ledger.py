"""The picture of a ledger: what is drawn where, and that it stays small."""

import msgspec
import pytest

from forensics.model.ledger import Ledger, LedgerLine, LedgerReach, Mark
from forensics.model.summary import CaseSummary
from forensics.report.html import render
from forensics.report.pictures.ledger import DOWN, SLOTS, UP, picture


def line(month: str, mails: int = 10, missing: int = 0, *, mailbox: str = "box", **more: object) -> LedgerLine:
    given: dict[str, object] = {
        **{"source": "leak", "answered": 5, "threads": 4, "incomplete": 1, "expected": 0.2, "numbers": 0},
        **{"numbers_missing": 0, "silent_days": 0, "silent_from": "", **more},
    }
    return msgspec.convert(
        {"mailbox": mailbox, "month": month, "mails": mails, "missing": missing, **given}, LedgerLine
    )


def test_mails_stand_above_the_line_and_missing_messages_below() -> None:
    drawn = picture([line("2016-01", 20, 4), line("2016-02", 10)])
    assert drawn is not None
    (row,) = drawn.rows
    assert row.held == f"M0 62v-{UP:.0f}h359v{UP:.0f}zM360 62v-18h359v18z"
    assert row.missing == "M0 62v7.2h359v-7.2z"
    assert (row.highest, row.mails, row.missing_count, drawn.step, drawn.left_out) == (20, 30, 4, 1, 0)


def test_more_missing_than_held_does_not_leave_the_row() -> None:
    drawn = picture([line("2016-01", 2, 50)])
    assert drawn is not None and f"v{DOWN:.0f}h" in drawn.rows[0].missing


def test_a_marked_month_has_a_triangle() -> None:
    drawn = picture([line("2016-01", marks=["silence"]), line("2016-02")])
    assert drawn is not None
    assert drawn.rows[0].marks.count("M") == 1
    assert [one.month for one in drawn.rows[0].marked] == ["2016-01"]


def test_many_years_have_wider_bars_and_wrong_dates_do_not_squeeze_them() -> None:
    years = [line(f"{year}-{month:02}") for year in range(2000, 2020) for month in range(1, 13)]
    drawn = picture([line("1970-01", 1), *years, line("2037-01", 1), line("", 3)])
    assert drawn is not None
    assert (drawn.step, drawn.left_out) == (12, 5)
    assert drawn.rows[0].held.count("M") == 20 <= SLOTS


@pytest.mark.parametrize("months", [[], [line("")], [line("20160-01")]])
def test_no_month_no_picture(months: list[LedgerLine]) -> None:
    assert picture(months) is None


def test_a_reading_of_six_mailboxes_takes_less_than_thirty_kilobytes(summary: CaseSummary) -> None:
    marks = [mark.value for mark in Mark]
    months = [
        line(f"{2010 + n // 12}-{n % 12 + 1:02}", 1000 + n, n, mailbox=f"mail/box {box}/<b>", marks=marks)
        for box in range(6)
        for n in range(SLOTS)
    ]
    reach = LedgerReach(mails=400_000, answering=200_000, missing=3_000, judged=True)
    ledger = Ledger(reach=reach, months=tuple(months), mailboxes=9, marked=432)
    page = render(msgspec.structs.replace(summary, ledger=ledger))
    part = page[page.index('<section aria-labelledby="ledger">') :].partition("</section>")[0]
    assert len(part.encode()) < 30_000
    assert "mail/box 0/&lt;b&gt;" in part and "<b>" not in part
    assert "3,000 messages are named by mails" in part and "No mark counts against an item" in part
    assert "3 more mailboxes" in part and "and 42 more" in part
    assert part.count("<title") == part.count("<desc") == 1


def test_where_nothing_can_be_said_it_is_said(summary: CaseSummary) -> None:
    reach = LedgerReach(mails=7, answering=0, missing=0, judged=True)
    page = render(msgspec.structs.replace(summary, ledger=Ledger(reach=reach, months=(), mailboxes=0, marked=0)))
    assert "The 7 mails of this archive name no other mail: nothing can be said of missing ones." in page
    assert "--missing" not in page.partition('aria-labelledby="ledger"')[2].partition("</section>")[0]

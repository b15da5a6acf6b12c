"""A wrong clock is one cause, whichever rule noticed it, and accuses neither its owner nor who answered."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import forensics

pytestmark = pytest.mark.usefixtures("in_process")

FIRST = datetime(2002, 6, 3, 10, 0, tzinfo=UTC)
HALF_DAY = timedelta(hours=12)
Accused = Callable[[dict[str, bytes]], dict[str, set[str]]]


def written(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S +0000")


def mail(number: int, sender: str, at: datetime, dated: datetime, *, answers: int = 0, trace: bool = True) -> bytes:
    """A mail sent at one time and dated another; the server has it seven seconds after it was sent."""
    received = f"Received: from {sender} ([192.0.2.{number % 200}]) by mx.two.example with ESMTP id 1{number:05};"
    lines = [f"{received} {written(at + timedelta(seconds=7))}"] if trace else []
    lines += [f"Date: {written(dated)}", f"From: {sender}@{sender}.example", "To: list@two.example"]
    lines += [f"Message-ID: <{number}.x@mails.example>", f"Subject: number {number}"]
    lines += [f"In-Reply-To: <{answers}.x@mails.example>"] if answers else []
    return "\n".join([*lines, "", f"Text {number}.", ""]).encode()


def letters(off: Callable[[int], timedelta], *, n: int = 56, trace: bool = True) -> dict[str, bytes]:
    """A mail of Anna's on each of *n* days, and an answer to each by another person two hours after."""
    found = {}
    for day in range(1, n + 1):
        at = FIRST + timedelta(days=day, minutes=3 * day)
        found[f"anna{day}"] = mail(day, "anna", at, at + off(day), trace=trace)
        answered = at + timedelta(hours=2)
        found[f"reply{day}"] = mail(500 + day, f"bo{day % 9}", answered, answered, answers=day)
    return found


@pytest.fixture
def accused(tmp_path: Path) -> Accused:
    """Rules that accuse each item above context, by name."""

    def make(files: dict[str, bytes]) -> dict[str, set[str]]:
        source = tmp_path / "leak"
        source.mkdir()
        for name, data in files.items():
            (source / name).write_bytes(data)
        forensics.scan([source], tmp_path / "case")
        found: dict[str, set[str]] = {}
        for finding in forensics.findings(tmp_path / "case"):
            for subject in finding.subjects:
                if finding.strength != "context" and subject.role != "witness":
                    found.setdefault(subject.location.text.rpartition("/")[2], set()).add(finding.rule)
        return found

    return make


def test_a_clock_half_a_day_ahead_on_34_of_56_mails_accuses_nobody(accused: Accused) -> None:
    assert accused(letters(lambda day: HALF_DAY if (day * 34) % 56 < 34 else timedelta())) == {}


def test_a_clock_that_is_known_excuses_mails_without_a_trace(accused: Accused) -> None:
    files = letters(lambda day: HALF_DAY)
    files["anna70"] = mail(70, "anna", FIRST + timedelta(days=40), FIRST + timedelta(days=40) + HALF_DAY, trace=False)
    answered = FIRST + timedelta(days=40, hours=1)
    files["reply70"] = mail(570, "bo1", answered, answered, answers=70)
    # That nothing stamped it is another matter.
    assert accused(files) == {"anna70": {"case.delivery_path"}}


def test_answers_by_a_clock_half_a_day_behind_accuse_nobody(accused: Accused) -> None:
    files = {}
    for day in range(1, 40):
        at = FIRST + timedelta(days=day, minutes=3 * day)
        files[f"bo{day}"] = mail(day, f"bo{day % 9}", at, at)
        answered = at + timedelta(hours=1)
        files[f"anna{day}"] = mail(500 + day, "anna", answered, answered - HALF_DAY, answers=day)
    assert accused(files) == {}


def test_one_mail_dated_ahead_is_accused_by_its_server_alone(accused: Accused) -> None:
    found = accused(letters(lambda day: timedelta(days=400) if day == 30 else timedelta()))
    assert found == {"anna30": {"mail.date_after_first_trace"}}


def test_one_mail_dated_ahead_that_no_server_stamped_is_accused_by_its_reply_alone(accused: Accused) -> None:
    found = accused(letters(lambda day: timedelta(days=90) if day == 30 else timedelta(), trace=False))
    assert found == {"anna30": {"case.reply_before_parent"}}


def test_one_reply_dated_back_is_accused_and_not_what_it_answers(accused: Accused) -> None:
    files = letters(lambda day: timedelta())
    at = FIRST + timedelta(days=30, hours=5)
    files["back"] = mail(900, "bo1", at, at - timedelta(days=60), answers=30)
    found = accused(files)
    assert set(found) == {"back"}
    assert "case.reply_before_parent" in found["back"]


def test_dates_set_back_by_days_within_a_week_are_no_clock(accused: Accused) -> None:
    found = accused(letters(lambda day: timedelta(days=-40) if 20 <= day < 27 else timedelta()))
    assert set(found) == {f"anna{day}" for day in range(20, 27)}

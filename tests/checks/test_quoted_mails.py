"""Rules on what replies say of the mail that they answer, on whole mailboxes."""

from typing import Any

import pytest

from forensics.model.rules import Role

SENT = "Tue, 04 Apr 2017 16:08:38 +0200"
EXACT = "On Tue, Apr 04, 2017 at 04:08:38PM +0200, Anna Roe wrote:"
LOCAL = "On 04/04/2017 09:08, Anna Roe wrote:"
RECEIVED = "On Tue, Apr 4, 2017 at 5:02 PM Anna Roe <anna@a.example> wrote:"


def parent(date: str = SENT, subject: str = "Minutes", more: str = "") -> tuple[str, bytes]:
    head = f"From: Anna Roe <anna@a.example>\nTo: board@a.example\n{more}Subject: {subject}\nDate: {date}\n"
    return "parent.eml", f"{head}Message-ID: <1@a.example>\n\nDear all, these are the minutes.\n".encode()


def reply(line: str, sender: str = "bo", subject: str = "Re: Minutes") -> tuple[str, bytes]:
    head = f"From: {sender}@b.example\nTo: anna@a.example\nSubject: {subject}\nDate: Thu, 06 Apr 2017 09:00:00 +0200\n"
    ids = f"Message-ID: <{sender}@b.example>\nIn-Reply-To: <1@a.example>\n"
    return f"{sender}.eml", f"{head}{ids}\n{line}\n> Dear all, these are the minutes.\n\nThanks.\n".encode()


@pytest.mark.parametrize("line", [EXACT, LOCAL, RECEIVED])
def test_a_reply_that_agrees_says_nothing(archive: Any, line: str) -> None:
    assert archive([parent(), reply(line)]).of("case.quoted_date") == []


@pytest.mark.parametrize(
    ("line", "date", "name"),
    [
        (EXACT, "Tue, 04 Apr 2017 16:12:38 +0200", "exact>2min"),
        (EXACT, "Tue, 04 Apr 2017 16:08:38 +0000", "exact>1h"),
        (EXACT, "Sat, 04 Mar 2017 16:08:38 +0200", "exact>1d"),
        (LOCAL, "Tue, 04 Apr 2017 03:08:38 -1200", ""),
        (LOCAL, "Sat, 04 Mar 2017 16:08:38 +0200", "local>1d"),
        (RECEIVED, "Mon, 03 Apr 2017 16:08:38 +0200", ""),
        (RECEIVED, "Wed, 04 Jan 2017 16:08:38 +0200", "received>1d"),
        (RECEIVED, "Tue, 11 Apr 2017 16:08:38 +0200", "received>1d"),
    ],
)
def test_a_date_that_was_changed_is_seen_as_far_as_the_client_is_exact(
    archive: Any, line: str, date: str, name: str
) -> None:
    seen = archive([parent(date), reply(line)]).of("case.quoted_date")
    assert [one.bin for one in seen] == ([name] if name else [])
    assert all(subject.role is Role.EITHER for one in seen for subject in one.subjects)


def test_two_people_who_agree_put_the_mail_in_doubt(archive: Any) -> None:
    files = [parent("Sat, 04 Mar 2017 16:08:38 +0200"), reply(EXACT), reply(LOCAL, "cy")]
    (seen,) = archive(files).of("case.quoted_date")
    assert seen.bin == "two>1d"
    assert [subject.role for subject in seen.subjects] == [Role.SUSPECT, Role.WITNESS, Role.WITNESS]
    assert [fact.raw for fact in seen.evidence][1].startswith(b"On ")


def test_one_who_agrees_clears_the_mail(archive: Any) -> None:
    files = [parent(), reply(EXACT), reply(LOCAL.replace("04/04", "04/01"), "cy")]
    assert archive(files).of("case.quoted_date") == []


@pytest.mark.parametrize("there", [True, False])
def test_another_mail_of_the_sender_may_be_quoted(archive: Any, there: bool) -> None:
    other = parent("Sat, 04 Mar 2017 16:08:38 +0200")[1].replace(b"<1@a.example>", b"<0@a.example>")
    line = "On Sat, Mar 04, 2017 at 04:08:38PM +0200, Anna Roe wrote:"
    files = [parent(), reply(line)] + ([("other.eml", other)] if there else [])
    assert len(archive(files).of("case.quoted_date")) == (0 if there else 1)


def test_the_mail_of_somebody_else_is_no_matter(archive: Any) -> None:
    line = "On Sat, Mar 04, 2017 at 04:08:38PM +0200, Cy Bach wrote:"
    assert archive([parent(), reply(line)]).of("case.quoted_date") == []


@pytest.mark.parametrize(
    ("subject", "people", "expected"),
    [
        ("Minutes", ("bo",), []),
        ("Transfer to the fund", ("bo",), [("one", Role.EITHER)]),
        ("Transfer to the fund", ("bo", "cy"), [("two", Role.SUSPECT)]),
        ("Minutes of the board, as sent", ("bo", "cy"), [("two", Role.SUSPECT)]),
        ("[board] Minutes", ("bo", "cy"), []),
    ],
)
def test_answers_keep_the_subject(
    archive: Any, subject: str, people: tuple[str, ...], expected: list[tuple[str, Role]]
) -> None:
    seen = archive([parent(subject=subject), *[reply(EXACT, who) for who in people]]).of("case.reply_subject")
    assert [(one.bin, one.subjects[0].role) for one in seen] == expected


def test_one_answer_with_the_subject_clears_the_mail(archive: Any) -> None:
    files = [parent(), reply(EXACT), reply(LOCAL, "cy", "Re: Transfer to the fund")]
    assert archive(files).of("case.reply_subject") == []


@pytest.mark.parametrize(
    ("line", "people", "bins"),
    [
        (EXACT, ("bo",), []),
        (EXACT.replace("Anna Roe", "Cy Bach"), ("bo",), ["one"]),
        (EXACT.replace("Anna Roe", "Cy Bach"), ("bo", "di"), ["two"]),
        (EXACT.replace("Anna Roe", "Anna"), ("bo",), []),
        (EXACT.replace("Anna Roe", "A. R."), ("bo",), []),
        (LOCAL.replace("Anna Roe", "Cy Bach"), ("bo",), []),
        (EXACT.replace("Anna Roe", "Cy Bach").replace(":38PM", ":40PM"), ("bo",), ["one"]),
        (EXACT.replace("Anna Roe", "Cy Bach").replace("04:08", "04:11"), ("bo",), []),
    ],
)
def test_the_sender_is_compared_where_the_time_is_that_of_the_mail(
    archive: Any, line: str, people: tuple[str, ...], bins: list[str]
) -> None:
    seen = archive([parent(), *[reply(line, who) for who in people]]).of("case.quoted_sender")
    assert [one.bin for one in seen] == bins

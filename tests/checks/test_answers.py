"""Rules on what an answer says that it answers, on whole mailboxes."""

from typing import Any

import pytest

from forensics.knowledge.wording import Wording
from forensics.model.rules import Role

SAY = Wording("en")
EXACT = "On Tue, Apr 04, 2017 at 04:08:38PM +0200, Anna Roe wrote:"
LOCAL = "On 04/04/2017 09:08, Anna Roe wrote:"


def mail(name: str, subject: str, to: str = "", *, sender: str = "", line: str = "", at: str = "") -> tuple[str, bytes]:
    ids = f"Message-ID: <{name}@a.example>\n" + (f"In-Reply-To: <{to}@a.example>\n" if to else "")
    date = at or "Thu, 06 Apr 2017 09:00:00 +0200"
    text = f"{line}\n> Dear all, these are the minutes.\n\nThanks.\n" if line else "Dear all, these are the minutes.\n"
    head = f"From: {sender or name}@a.example\nTo: board@a.example\nSubject: {subject}\nDate: {date}\n{ids}"
    return f"{name}.eml", f"{head}\n{text}".encode()


FIRST = mail("anna", "Minutes", sender="Anna Roe <anna", at="Tue, 04 Apr 2017 16:08:38 +0200")
FIRST = (FIRST[0], FIRST[1].replace(b"anna@a.example\nTo", b"anna@a.example>\nTo", 1))
OTHER = mail("di", "Lunch", at="Mon, 03 Apr 2017 12:00:00 +0200")
DRAFT = "Re: draft for the minister"


@pytest.mark.parametrize(
    ("subject", "more", "bins"),
    [
        (DRAFT, [mail("cy", "Re: Minutes", "anna")], ["answer"]),
        (DRAFT, [mail("cy", "Re: Minutes", "bo")], ["between"]),
        ("Draft for the minister", [mail("cy", "Re: Minutes", "bo")], ["between"]),
        ("Draft for the minister", [mail("cy", "Re: Minutes", "anna")], []),
        (DRAFT, [], []),
        (DRAFT, [mail("cy", DRAFT, "bo")], []),
        ("Re: [board] Minutes", [mail("cy", "Re: Minutes", "bo")], []),
        ("Re: Lunch (was: Minutes)", [mail("cy", "Re: Minutes", "bo")], []),
        ("Re: Minutes of the committee", [mail("cy", "Re: Minutes", "bo")], []),
    ],
)
def test_an_answer_has_the_subject_of_what_it_answers(
    archive: Any, subject: str, more: list[tuple[str, bytes]], bins: list[str]
) -> None:
    seen = archive([FIRST, mail("bo", subject, "anna"), *more]).of("case.answer_subject")
    assert [one.bin for one in seen] == bins
    assert all(one.subjects[0].role is Role.SUSPECT for one in seen)


def test_what_was_answered_under_the_new_subject_is_explained(archive: Any) -> None:
    files = [FIRST, mail("bo", DRAFT, "anna"), mail("cy", "Re: Minutes", "anna"), mail("di", DRAFT, "bo")]
    assert archive(files).explained("case.answer_subject") == [("answer", frozenset({"new_subject"}))]


def test_a_mail_that_names_one_of_its_subject_anywhere_belongs_there(archive: Any) -> None:
    moved = mail("bo", "Re: Lunch", "anna")
    moved = (moved[0], moved[1].replace(b"In-Reply-To", b"References: <di@a.example>\nIn-Reply-To"))
    assert archive([FIRST, OTHER, moved, mail("cy", "Re: Minutes", "anna")]).of("case.answer_subject") == []


@pytest.mark.parametrize("line", [EXACT, LOCAL])
def test_an_answer_put_under_another_mail_is_told(archive: Any, line: str) -> None:
    (seen,) = archive([FIRST, OTHER, mail("bo", "Re: Minutes", "di", line=line)]).of("case.answered_another")
    assert (seen.bin, [one.role for one in seen.subjects]) == ("other", [Role.SUSPECT, Role.WITNESS, Role.WITNESS])
    assert SAY.said(seen.sentence) == (
        'The mail says that it answers "Lunch" of di@a.example. It quotes a mail of anna@a.example of '
        '2017-04-04 16:08:38 +02:00, and has the subject of that one: "minutes".'
    )


@pytest.mark.parametrize(
    ("subject", "to", "line"),
    [
        ("Re: Minutes", "anna", EXACT),
        ("Re: Lunch", "di", EXACT),
        ("Minutes", "di", EXACT),
        ("Re: Minutes", "di", EXACT.replace("Anna Roe", "Bo Lee")),
        ("Re: Minutes", "di", EXACT.replace("04:08:38", "04:08:48")),
        ("Re: Minutes", "di", LOCAL.replace("09:08", "09:09")),
        ("Re: Minutes", "", EXACT),
    ],
)
def test_what_fits_or_may_be_about_another_mail_says_nothing(archive: Any, subject: str, to: str, line: str) -> None:
    assert archive([FIRST, OTHER, mail("bo", subject, to, line=line)]).of("case.answered_another") == []


@pytest.mark.parametrize(
    ("people", "bin_name", "first", "suspect"),
    [
        (("bo",), "absent", Role.EITHER, "header:In-Reply-To[0]"),
        (("bo", "cy"), "absent,two_people", Role.SUSPECT, "header:Message-ID[0]"),
    ],
)
def test_an_id_that_nobody_has_speaks_against_either_and_of_two_people_against_the_mail(
    archive: Any, people: tuple[str, ...], bin_name: str, first: Role, suspect: str
) -> None:
    answers = [mail(who, "Re: Minutes", "gone", line=EXACT) for who in people]
    (seen,) = archive([FIRST, *answers]).of("case.answered_another")
    assert (seen.bin, seen.subjects[0].role, seen.suspect) == (bin_name, first, suspect)


def test_a_mail_further_up_may_be_quoted(archive: Any) -> None:
    between = mail("cy", "Re: Lunch", "anna")
    assert archive([FIRST, between, mail("bo", "Re: Minutes", "cy", line=EXACT)]).of("case.answered_another") == []

"""Recipients of mails against those of their answers, on files."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries
from forensics.checks.case import reply_recipients
from forensics.examples.cases import context
from forensics.knowledge.wording import Wording
from forensics.model.rules import Role

SAY = Wording("en")
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
OTHERS = ("bo@example.org", "Cy <cy@example.org>", "di@example.org", "eve@example.org", "flo@example.org")
ZOE = "Zoe <zoe@example.test>"
MAIL = "m1@example.org"


def mail(*to: str, name: str = MAIL, more: str = "") -> bytes:
    head = f"From: Anna Roe <anna@example.org>\nTo: {', '.join(to)}\nSubject: Budget\n{more}"
    return f"{head}Date: Mon, 06 Mar 2017 10:05:00 +0000\nMessage-ID: <{name}>\n\nText.\n".encode()


LIST = "List-Id: <board.example.org>\nList-Post: <mailto:board@example.org>\n"


def answer(who: str, *cc: str, to: str = MAIL, number: int = 0, more: str = "") -> bytes:
    head = f"From: {who}\nTo: Anna Roe <anna@example.org>\nCc: {', '.join(cc)}\nSubject: Re: Budget\n"
    ids = f"Message-ID: <{number}{who}>\nIn-Reply-To: <{to}>\n"
    return f"{head}{more}Date: Tue, 07 Mar 2017 10:00:00 +0000\n{ids}\nYes.\n".encode()


def seen(archive: Archive, *mails: bytes) -> list[Any]:
    return list(archive([(f"{n}.eml", content) for n, content in enumerate(mails)]).of("case.reply_recipients"))


def test_a_recipient_to_whom_nobody_answered_is_told(archive: Archive) -> None:
    (found,) = seen(
        archive, mail(*OTHERS, ZOE), answer("bo@example.org", *OTHERS[1:]), answer("cy@example.org", *OTHERS)
    )
    assert SAY.said(found.sentence) == (
        "The mail has zoe@example.test among its recipients. 2 people answered it to at least 4 of its other "
        "recipients, left out nobody else, and none of the answers names this one."
    )
    assert (found.bin, found.suspect) == ("added", "header:To[0]")
    assert [one.role for one in found.subjects] == [Role.SUSPECT, Role.WITNESS, Role.WITNESS]
    to, *answers = found.evidence
    assert to.value.endswith(ZOE) and to.locator.path == "header:To"
    assert all("zoe" not in one.value for one in answers)


def test_a_recipient_whom_all_answers_have_is_told(archive: Archive) -> None:
    two = answer("bo@example.org", *OTHERS, ZOE), answer("cy@example.org", *OTHERS, ZOE)
    (found,) = seen(archive, mail(*OTHERS), *two)
    assert (found.bin, found.suspect) == ("removed", "header:Cc[0]")
    assert "wrote to one more, zoe@example.test, whom the mail does not have" in SAY.said(found.sentence)


@pytest.mark.parametrize(
    ("original", "answers"),
    [
        (mail(*OTHERS, ZOE), [answer("bo@example.org", *OTHERS)]),
        (mail(*OTHERS, ZOE), [answer("bo@example.org", *OTHERS), answer("cy@example.org", *OTHERS, ZOE)]),
        (mail(*OTHERS, ZOE), [answer("bo@example.org", *OTHERS), answer("cy@example.org", *OTHERS[1:3], "x@a.test")]),
        (mail(*OTHERS[:2], ZOE), [answer("bo@example.org", *OTHERS[:2]), answer("cy@example.org", *OTHERS[:2])]),
        (
            mail(*OTHERS, more=f"Reply-To: {ZOE}\n"),
            [answer("bo@example.org", *OTHERS, ZOE), answer("cy@example.org", *OTHERS, ZOE)],
        ),
        (
            mail(*OTHERS, more=LIST),
            [answer("bo@example.org", *OTHERS, ZOE), answer("cy@example.org", *OTHERS, ZOE)],
        ),
        (
            mail(*OTHERS, ZOE),
            [answer("bo@example.org", *OTHERS, more=LIST), answer("cy@example.org", *OTHERS, more=LIST)],
        ),
        (
            mail(*OTHERS, ZOE),
            [answer("bo@example.org", *OTHERS, more=f"Bcc: {ZOE}\n"), answer("cy@example.org", *OTHERS)],
        ),
        (
            mail(*OTHERS, ZOE),
            [
                answer("bo@example.org", *OTHERS),
                answer("cy@example.org", *OTHERS),
                answer("zoe@example.test", "anna@example.org"),
            ],
        ),
    ],
    ids=[
        "one answer",
        "one wrote to all",
        "another differs otherwise",
        "few recipients",
        "Reply-To",
        "from a list",
        "answers from a list",
        "in Bcc of an answer",
        "who answered",
    ],
)
def test_what_answers_do_otherwise_is_not_told(archive: Archive, original: bytes, answers: list[bytes]) -> None:
    assert seen(archive, original, *answers) == []


def test_each_who_answered_counts_once(archive: Archive) -> None:
    copies = [answer("bo@example.org", *OTHERS, more=f"X-Copy: {number}\n") for number in range(3)]
    (found,) = seen(archive, mail(*OTHERS, ZOE), *copies, answer("cy@example.org", *OTHERS))
    assert SAY.said(found.sentence).count("2 people answered") == 1
    assert len(found.subjects) == 3


def test_an_address_that_other_answers_leave_out_too_is_not_told(archive: Archive) -> None:
    two = answer("bo@example.org", *OTHERS), answer("cy@example.org", *OTHERS)
    other = mail(*OTHERS, ZOE, name="m2@example.org")
    assert seen(archive, mail(*OTHERS, ZOE), *two, other, answer("di@example.org", *OTHERS, to="m2@example.org")) == []


@pytest.mark.usefixtures("in_process")
@pytest.mark.parametrize(
    ("first", "bins"), [(OTHERS, ["added_here"]), ((*OTHERS, ZOE), [])], ids=["nowhere else", "in the first mail"]
)
def test_one_answer_tells_of_whom_no_other_mail_of_the_thread_names(
    tmp_path: Path, first: tuple[str, ...], bins: list[str]
) -> None:
    (tmp_path / "leak").mkdir()
    more = [f"{name}@example.org" for name in ("gus", "hal", "ida", "jo", "kim")]
    mails = [mail(*first, name="m0@example.org", more=LIST)]
    mails += [mail(*first, name="m3@example.org", more=f"In-Reply-To: <m0@example.org>\n{LIST}")]
    mails += [mail(*OTHERS, *more, ZOE, more=f"In-Reply-To: <m0@example.org>\n{LIST}")]
    mails += [answer("bo@example.org", *OTHERS[1:], *more, more=LIST)]
    for name, content in enumerate(mails):
        (tmp_path / "leak" / f"{name}.eml").write_bytes(content)
    scan([tmp_path / "leak"], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        rows = queries.rows(reply_recipients.QUERY, {}, reply_recipients.Row)
        seen = list(reply_recipients.check(rows, context()))
    assert [one.bin for one in seen] == bins

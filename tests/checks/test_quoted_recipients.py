"""Recipients of mails against the header blocks of replies, on files; a flood of one subject is passed over."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from forensics.casestore import CaseFolder, Queries
from forensics.checks.case import quoted_recipients as rule
from forensics.knowledge.wording import Wording
from forensics.model.rules import Evidence, Role

SAY = Wording("en")
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
TO, CC = "bo@example.org, Cy Bach <cy@example.org>", "di@example.org"
MORE = "Zoe Zander <zoe@example.test>"


def mail(to: str = TO, cc: str = CC, day: int = 6, minute: int = 5, number: int = 0, subject: str = "Budget") -> bytes:
    head = f"From: Anna Roe <anna@example.org>\nTo: {to}\n" + (f"Cc: {cc}\n" if cc else "")
    date = f"Mon, {day:02} Mar 2017 10:{minute:02}:00 +0000"
    return f"{head}Subject: {subject}\nDate: {date}\nMessage-ID: <m{number}@example.org>\n\nText {number}.\n".encode()


def answer(
    to: str = TO,
    cc: str = CC,
    sender: str = "bo@example.org",
    time: str = "6 March 2017 11:05",
    number: int = 0,
    subject: str = "Budget",
) -> bytes:
    head = f"From: {sender}\nTo: anna@example.org\nSubject: RE: {subject}\nDate: Tue, 07 Mar 2017 10:00:00 +0000\n"
    listed = f"To: {to.replace(',', ';')}\n" + (f"Cc: {cc.replace(',', ';')}\n" if cc else "")
    block = f"-----Original Message-----\nFrom: Anna Roe\nSent: {time}\n{listed}Subject: {subject}\n\nText.\n"
    return f"{head}Message-ID: <a{number}{sender}>\n\nYes.\n\n{block}".encode()


def cited(archive: Archive, original: bytes, reply: bytes) -> tuple[str, str, dict[str, Evidence]]:
    (seen,) = archive([("1.eml", original), ("2.eml", reply)]).of("case.quoted_recipients")
    assert all(one.role is Role.EITHER for one in seen.subjects)
    return SAY.said(seen.sentence), seen.suspect, {one.label: one for one in seen.evidence}


@pytest.mark.parametrize(("field", "to", "cc"), [("To", f"{TO}, {MORE}", CC), ("Cc", TO, f"{CC}, {MORE}")])
def test_the_field_is_named_in_which_the_mail_has_one_more(archive: Archive, field: str, to: str, cc: str) -> None:
    said, suspect, facts = cited(archive, mail(to, cc), answer())
    assert said == (
        f"The mail has {MORE} among its recipients. The header block of it in bo@example.org's mail lists 3 of its "
        "other recipients, and not this one."
    )
    assert suspect == f"header:{field}[0]"
    assert {name: facts[name].value for name in ("To", "Cc")} == {
        "To": to.replace(", ", "; "),
        "Cc": cc.replace(", ", "; "),
    }
    assert facts[field].locator.path == f"header:{field}"
    assert b"Original Message" not in facts["quoted as"].raw and b"Cc: di@example.org" in facts["quoted as"].raw


@pytest.mark.parametrize(("field", "to", "cc"), [("To", f"{TO}, {MORE}", CC), ("Cc", TO, f"{CC}, {MORE}")])
def test_the_field_is_named_in_which_the_mail_has_one_less(archive: Archive, field: str, to: str, cc: str) -> None:
    said, suspect, facts = cited(archive, mail(), answer(to, cc))
    assert said == (
        "The header block of the mail in bo@example.org's mail lists 3 of its recipients and one more, "
        f"{MORE}, whom the mail does not have."
    )
    assert suspect == f"header:{field}[0]"
    assert (facts["To"].value, facts["Cc"].value) == (TO.replace(", ", "; "), CC)
    assert b"zoe@example.test" in facts["quoted as"].raw


def test_what_is_said_of_several_people_holds_for_each(archive: Archive) -> None:
    files = [
        ("1.eml", mail(f"{TO}, {MORE}")),
        ("2.eml", answer()),
        ("3.eml", answer(sender="di@example.org", cc="")),  # leaves itself out
    ]
    (seen,) = archive(files).of("case.quoted_recipients")
    assert (seen.bin, seen.suspect) == ("added,two_people", "header:To[0]")
    assert "in the mails of 2 people list at least 2 of its other recipients" in SAY.said(seen.sentence)


@pytest.mark.parametrize(
    ("time", "expected"),
    [
        ("6 March 2017 10:05", 1),
        ("7 March 2017 00:05", 1),  # +1400
        ("5 March 2017 20:05", 1),  # -1400
        ("6 March 2017 15:35", 1),  # +0530
        ("7 March 2017 00:35", 0),
        ("6 March 2017 10:06", 0),
    ],
)
def test_a_block_has_the_minute_of_the_mail_in_some_zone(archive: Archive, time: str, expected: int) -> None:
    assert len(joined(archive([("1.eml", mail()), ("2.eml", answer(time=time))]))) == expected


def joined(judged: Any) -> list[rule.Row]:
    """Return what blocks and mails the query puts together."""
    with Queries(CaseFolder.open(judged._case)) as queries:
        return list(queries.rows(rule.QUERY, {}, rule.Row))


def flood(mails: int, answers: int, subject: str = "Budget") -> list[tuple[str, bytes]]:
    """Return so many mails of one subject and minute, and blocks that may have been taken from any of them."""
    originals = [(f"m{n}.eml", mail(number=n, subject=subject)) for n in range(mails)]
    return originals + [(f"a{n}.eml", answer(number=n, subject=subject)) for n in range(answers)]


def test_a_flood_of_one_subject_is_not_joined_and_costs_no_other_mail(archive: Archive) -> None:
    alone = [
        ("other.eml", mail(f"{TO}, {MORE}", number=900, subject="Plans")),
        ("other2.eml", answer(subject="Plans")),
        ("later.eml", mail(f"{TO}, {MORE}", day=20, number=901)),
        ("later2.eml", answer(time="20 March 2017 11:05", sender="cy@example.org")),
    ]
    judged = archive([*flood(64, 64), *alone])
    assert len(joined(judged)) == 2  # not 64 * 64 of the flood
    assert judged.by("case.quoted_recipients").keys() == dict(alone).keys()


@pytest.mark.parametrize(("mails", "answers"), [(1, 90), (40, 3)])
def test_many_answers_to_few_mails_are_joined(archive: Archive, mails: int, answers: int) -> None:
    assert len(joined(archive(flood(mails, answers)))) == mails * answers


def test_a_run_is_passed_over_whole(archive: Archive) -> None:
    """Of a flood that goes on in the next hours nothing is told: its blocks may fit mails that were not compared."""
    near = [("near.eml", mail(f"{TO}, {MORE}", day=6, minute=35, number=902)), ("near2.eml", answer(number=903))]
    assert joined(archive([*flood(64, 64), *near])) == []

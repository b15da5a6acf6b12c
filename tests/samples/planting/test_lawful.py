"""Copies say what the mails say, read by a reader of their own, and the comparison finds them lawful."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from random import Random

import pytest

from forensics.model.comparing import Cause
from forensics.relations.comparing.mails import compare_mails
from samples.planting.archive import Archive, Stored, store
from samples.planting.lawful import FORMS
from samples.planting.lawful.form import Form

LISTED = b"""\
Received: from list.example by mx.far.example with ESMTP id B1; Tue, 01 Mar 2016 10:00:20 +0100
Received: from mail.berg.example by team.list.example (Postfix) with ESMTP id A1; Tue, 01 Mar 2016 10:00:10 +0100
Received: from desk by mail.berg.example with ESMTPSA id C1; Tue, 01 Mar 2016 10:00:08 +0100
From: Anna Berg via Team <team@list.example>
Reply-To: Anna Berg <anna@berg.example>
To: team@list.example
Subject: [team] figures
Date: Tue, 01 Mar 2016 10:00:07 +0100
Message-ID: <1@berg.example>
List-Id: Team <team.list.example>

The second table holds 1250 errors.
_______________________________________________
Team mailing list
https://list.example/team
"""


def made(form: Form, archive: Archive) -> list[tuple[Stored, bytes]]:
    found = [(mail, form.make(mail, Random(f"{form.name} {mail.path}"))) for mail in archive.mails]
    return [(mail, copy) for mail, copy in found if copy is not None]


def words(data: bytes) -> str:
    """Return the letters of a mail's plain texts without marks of quotes."""
    mail = message_from_bytes(data, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    said = [part.get_content() for part in mail.walk() if part.get_content_type() == "text/plain"]
    return "".join("".join(said).replace(">", "").split())


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_copies_are_made_alike_and_the_comparison_explains_them(form: Form, archive: Archive) -> None:
    pairs = made(form, archive)
    if form.name != "direct copy":  # no mail of that archive came by a list
        assert pairs
    assert form.cause in set(Cause)
    assert pairs == made(form, archive)
    for mail, copy in pairs:
        assert copy != mail.data
        kinds = {difference.kind for difference in compare_mails(mail.data, copy).unexplained}
        assert kinds <= ({"text_around"} if form.name == "disclaimer at the end" else set())


@pytest.mark.parametrize("form", FORMS[:10], ids=lambda form: form.name)
def test_copies_say_what_the_mails_say(form: Form, archive: Archive) -> None:
    for mail, copy in made(form, archive):
        if mail.data.isascii():
            assert words(mail.data) in words(copy)


def test_the_copy_beside_a_list_has_nothing_of_the_list() -> None:
    stored = store("1.eml", LISTED)
    assert stored is not None
    direct = next(form for form in FORMS if form.name == "direct copy")
    copy = direct.make(stored, Random(1))
    assert copy is not None
    for gone in (b"team.list", b"List-Id", b"[team]", b"mailing list", b"via Team"):
        assert gone not in copy
    assert b"From: Anna Berg <anna@berg.example>" in copy
    assert compare_mails(LISTED, copy).unexplained == ()

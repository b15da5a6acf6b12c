"""Witnesses in the header against the mail: stated hashes, recorded senders, the last server, where answers go."""

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import forensics
from forensics.checks.case import body_hash
from forensics.model.presence.message import MessageHas
from forensics.model.rules import State

pytestmark = pytest.mark.usefixtures("in_process")

FIRST = datetime(2017, 3, 6, 10, 0, tzinfo=UTC)
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]


def stamp(number: int) -> str:
    return (FIRST + timedelta(days=number)).strftime("%a, %d %b %Y %H:%M:%S +0000")


def signature(text: str, kind: str = "DKIM-Signature: ", domain: str = "one.example", tags: str = "") -> str:
    stated = b64encode(hashlib.sha256(text.replace("\n", "\r\n").encode()).digest()).decode()
    return f"{kind}a=rsa-sha256; c=relaxed/relaxed; d={domain}; s=s; {tags}h=from; bh={stated}; b=eA==\n"


def mail(number: int, *, signed: str = "", text: str = "", top: str = "", sender: str = "<anna@one.example>") -> bytes:
    """One of Anna's mails, a day apart each, whose signature fits its text unless another is given."""
    text = text or f"Pay {number} crowns by Friday.\n"
    signed = signed or signature(text)
    return (
        f"{top}Received: from relay.one.example by mx.two.example with ESMTP id 1{number:05}; {stamp(number)}\n"
        f"Received: from home ([192.0.2.1]) by relay.one.example with ESMTP id 2{number:05}; {stamp(number)}\n"
        f"{signed}Date: {stamp(number)}\nFrom: Anna {sender}\nTo: ben@two.example\nSubject: number {number}\n"
        f"Message-ID: <{number}.7@one.example>\nMIME-Version: 1.0\nContent-Type: text/plain\n\n{text}"
    ).encode()


def many(changed: dict[int, bytes], n: int = 24) -> list[tuple[str, bytes]]:
    return [(f"{number}.eml", changed.get(number, mail(number))) for number in range(n)]


def excused(judged: Any) -> dict[str, list[str]]:
    return {
        seen.subjects[0].location.text.rpartition("/")[2]: [
            state.cause for state in seen.benign if state.state is State.EXPLAINS
        ]
        for seen in judged.of("case.body_hash")
    }


RESULTS = "Authentication-Results: mx.two.example; dkim={} header.d=one.example\n"


def test_a_body_that_was_changed_after_signing(archive: Archive) -> None:
    old = signature("Pay 7 crowns by Friday.\n")
    changed = {
        7: mail(7, signed=old, text="Pay 700 crowns by Friday.\n"),
        9: mail(9, signed=RESULTS.format("pass") + old, text="Pay 9 crowns.\n"),
        12: mail(12, signed=RESULTS.format("fail") + RESULTS.format("pass") + old, text="Pay.\n"),
        15: mail(15, signed="X-MIME-Autoconverted: from 8bit to quoted-printable by mx.two.example\n" + old),
    }
    judged = archive(many(changed))
    found = {"7.eml": "untold_some", "9.eml": "passed", "12.eml": "failed", "15.eml": "untold_some"}
    assert judged.by("case.body_hash") == found
    excuses = {"7.eml": [], "9.eml": [], "12.eml": ["broken_on_arrival"], "15.eml": ["body_rewritten"]}
    assert excused(judged) == excuses
    quoted = {one.label for seen in judged.of("case.body_hash") for one in seen.evidence}
    assert quoted == {"stated hash", "Authentication-Results"}


def test_one_hash_that_holds_is_enough(archive: Archive) -> None:
    text = "Pay 7 crowns by Friday.\n"
    seal = "ARC-Seal: i=2; a=rsa-sha256; cv=fail; d=two.example; s=s; b=eA==\n"
    by_list = signature(text, "ARC-Message-Signature: i=2; ", "two.example")
    changed = {
        7: mail(7, signed=seal + by_list + signature("before the list's footer\n"), text=text),
        9: mail(9, signed=signature("Pay 9", tags="l=5; "), text="Pay 9 crowns and more.\n"),
    }
    assert archive(many(changed)).by("case.body_hash") == {}


def test_signatures_that_say_nothing_of_the_body(archive: Archive) -> None:
    changed = {
        5: mail(5, signed=signature("", tags="l=0; ") + signature("other\n")),
        7: mail(7, signed=signature("other\n", tags="l=900; ")),
        9: mail(9, signed=signature("other\n").replace("rsa-sha256", "rsa-sha3")),
    }
    # l=0 holds of any body, l=900 of none so short; an unknown hash tells nothing.
    assert archive(many(changed)).by("case.body_hash") == {"5.eml": "untold", "7.eml": "untold"}


def test_a_list_that_adds_a_footer_to_all(archive: Archive) -> None:
    files = [(f"{n}.eml", mail(n, signed=signature(f"{n}\n"), text=f"{n}\n___\nfooter\n")) for n in range(12)]
    assert set(map(tuple, excused(archive(files)).values())) == {("body_rewritten",)}


def test_too_few_others_to_know_the_way(archive: Archive) -> None:
    assert archive(many({2: mail(2, text="x\n", signed=signature("y\n"))}, 5)).by("case.body_hash") == {}


def test_the_numbers_in_the_query_are_the_bits_it_names() -> None:
    form = (MessageHas.MULTIPART, MessageHas.NON_ASCII, MessageHas.ATTACHMENT, MessageHas.HTML)
    assert " | ".join([str(int(bit)) for bit in form]) in body_hash.QUERY
    assert f"(mask & {int(MessageHas.SIGNATURE)}) > 0" in body_hash.QUERY


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("Authentication-Results: mx.two.example; dmarc=pass header.from=three.example\n", True),
        ("Authentication-Results: mx.two.example; dmarc=pass Header.From=three.example\n", True),
        ("Authentication-Results: mx.two.example; dmarc=pass header.from=ONE.example.\n", False),
        ("Authentication-Results: mx.two.example; dmarc=pass header.from=mail.one.example\n", False),
        ("ARC-Authentication-Results: i=1; mx.two.example; dmarc=pass header.from=three.example\n", True),
        ("Authentication-Results: dkim=none header.d=none;dmarc=none action=none\n header.from=three.example;\n", True),
        ("Authentication-Results: mx.two.example; dkim=pass header.d=three.example\n", False),
    ],
)
def test_from_against_what_a_server_recorded(header: str, told: bool, tmp_path: Path) -> None:
    (tmp_path / "a.eml").write_bytes(mail(1, signed=header))
    rules = {finding.rule for finding in forensics.check(tmp_path / "a.eml").findings}
    assert ("mail.recorded_from" in rules) is told


def test_a_server_above_the_last_one(archive: Archive) -> None:
    def above(number: int, by: str = "by relay.three.example") -> bytes:
        return mail(number, top=f"Received: from mx.two.example {by} with ESMTP id 3; {stamp(number)}\n")

    two = f"Received: from a by relay.four.example; {stamp(70)}\nReceived: from b by relay.five.example; {stamp(70)}\n"
    changed = {40: above(40), 50: above(50, "by 198.51.100.7"), 60: above(60, "(uid 8)"), 70: mail(70, top=two)}
    changed |= {2: above(2, "by old.example"), 127: above(127, "by new.example")}  # where the mailbox may have moved
    changed |= {number: above(number, "by often.example") for number in (80, 81, 82, 83)}
    found = archive(many(changed, 130)).by("case.hop_on_top")
    assert found == dict.fromkeys(("40.eml", "50.eml", "60.eml", "70.eml"), "above")


def test_a_server_between_the_last_two(archive: Archive) -> None:
    def between(number: int, by: str) -> bytes:
        last, rest = mail(number).split(b"\n", 1)
        return last + f"\nReceived: from relay.one.example by {by} with ESMTP id 3; {stamp(number)}\n".encode() + rest

    changed = {40: between(40, "relay.three.example"), 2: between(2, "old.example"), 127: between(127, "new.example")}
    changed |= {number: between(number, "often.example") for number in (80, 81, 82, 83)}
    assert archive(many(changed, 130)).by("case.hop_on_top") == {"40.eml": "below"}


def test_one_address_that_answers_to_three_mails_go_to(archive: Archive) -> None:
    def answered(number: int, to: str) -> bytes:
        return mail(number, signed=f"Reply-To: {to}\n")

    changed = {number: answered(number, "Anna <anna@drop.example>") for number in (5, 6, 7)}
    changed |= {9: answered(9, "anna@desk.one.example")}
    judged = archive(many(changed))
    assert judged.by("case.reply_elsewhere") == dict.fromkeys(("5.eml", "6.eml", "7.eml"), "new_house")
    (cluster,) = {seen.cluster for seen in judged.of("case.reply_elsewhere")}
    assert cluster == "anna@one.example, anna@drop.example"


def test_a_habit_of_answering_elsewhere(archive: Archive) -> None:
    changed = {number: mail(number, signed="Reply-To: anna@home.example\n") for number in range(0, 24, 2)}
    assert archive(many(changed)).by("case.reply_elsewhere") == {}


@pytest.mark.parametrize(("written", "told"), [(3, True), (2, False)])
def test_an_address_to_which_nobody_ever_wrote(written: int, told: bool, archive: Archive) -> None:
    """However often it stands: those who write to Anna know another address of hers."""
    files = [(f"{n}.eml", mail(n, signed="Reply-To: anna@drop.example\n")) for n in range(4)]
    others = [mail(n, sender="<ben@two.example>") for n in range(10, 10 + written)]
    files += [
        (f"b{n}.eml", one.replace(b"To: ben@two.example", b"To: anna@one.example")) for n, one in enumerate(others)
    ]
    found = archive(files).by("case.reply_elsewhere")
    assert found == ({f"{n}.eml": "unanswered" for n in range(4)} if told else {})


def test_a_signer_that_nothing_else_names(archive: Archive) -> None:
    def by(number: int, domain: str, **changed: str) -> bytes:
        return mail(number, signed=signature("x\n", domain=domain), **changed)

    own = {n: by(n, "one.example", sender=f"<{n}@one.example>") for n in range(8, 16)}
    changed = {
        3: by(3, "one-mail.test"),
        4: by(4, "mail.two.example"),
        20: by(20, "far.test", sender="<eva@six.example>"),
    }
    changed |= own | {n: by(n, "service.test", sender=f"<p{n % 4}@many.example>") for n in range(30, 50)}
    found = archive(many(changed, 50)).by("case.foreign_signer")
    assert found == {"3.eml": "foreign"}


def test_nobody_has_no_habits(archive: Archive) -> None:
    files = [(f"{n}.eml", mail(n, sender="<>")) for n in range(6)]
    files.append(("7.eml", mail(7, sender="<>", signed="Reply-To: anna@drop.example\n")))
    assert archive(files).by("case.reply_elsewhere") == {}

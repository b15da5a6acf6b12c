"""Rules over a whole archive, from files to observations: one mail among many that are alike."""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

FIRST = datetime(2016, 1, 4, 10, 0, tzinfo=UTC)
Archive = Callable[[Iterable[tuple[str, bytes]]], Any]


def written(at: datetime) -> str:
    return at.strftime("%a, %d %b %Y %H:%M:%S +0000")


def mail(number: int, **changed: str) -> bytes:
    """One of Anna's mails, a day apart each: by Mutt, from her network, by way of her provider to a list."""
    at = FIRST + timedelta(days=number)
    one = {
        "sender": "anna@one.example",
        "to": "ben@two.example",
        "subject": f"number {number}",
        "id": f"{number}.7@one.example",
        "date": written(at),
        "client": "Mutt/1.5.20 (2009-06-14)",
        "address": f"192.0.2.{number % 200}",
        "provider": "mail.one.example",
        "disposition": "Content-Disposition: inline\n",
        "charset": "us-ascii",
        "text": f"Text of mail {number}.",
    } | changed
    stamp = written(at + timedelta(seconds=5))
    return (
        f"Received: from {one['provider']} by mx.two.example (Postfix) with ESMTP id 1{number:05}; {stamp}\n"
        f"Received: from home ([{one['address']}]) by {one['provider']} with ESMTP id 2{number:05}; {stamp}\n"
        f"Date: {one['date']}\nFrom: Anna <{one['sender']}>\nTo: {one['to']}\nSubject: {one['subject']}\n"
        f"Message-ID: <{one['id']}>\nMIME-Version: 1.0\nContent-Type: text/plain; charset={one['charset']}\n"
        f"{one['disposition']}User-Agent: {one['client']}\n\n{one['text']}\n"
    ).encode()


def test_a_mail_out_of_its_mailboxs_time(archive: Archive) -> None:
    def stored(number: int) -> bytes:
        at = FIRST + timedelta(days=number if number != 17 else 12, seconds=6)
        return at.strftime("From anna@one.example %a %b %d %H:%M:%S %Y\n").encode() + mail(number) + b"\n"

    box = b"".join([stored(number) for number in range(30)])
    assert archive([("box.mbox", box)]).by("case.delivery_time") == {"box.mbox > mbox:17": "earlier>1d"}


def test_a_mail_out_of_its_maildirs_time(archive: Archive) -> None:
    def name(number: int) -> str:
        at = FIRST + timedelta(days=number if number != 17 else 60)
        return f"{int(at.timestamp())}.M1P{number + 1}.mail.example:2,S"

    found = archive([(name(number), mail(number)) for number in range(30)]).by("case.delivery_time")
    assert found == {name(17): "later>30d"}


def test_a_version_of_another_year(archive: Archive) -> None:
    def version(number: int) -> str:
        return f"Mutt/1.{5 + number // 60}.{number % 60 // 10}" if number != 20 else "Mutt/1.7.5"

    files = [(f"{number}.eml", mail(number, client=version(number))) for number in range(0, 180, 10)]
    assert archive(files).by("case.client_version") == {"20.eml": "ahead>90d"}


def test_habits_of_a_program_that_one_mail_lacks(archive: Archive) -> None:
    def one(number: int) -> bytes:
        if number != 33:
            return mail(number, sender=f"p{number % 9}@one.example")
        return mail(number, disposition="", charset='"UTF-8"', sender="eve@one.example")

    found = archive([(f"{number}.eml", one(number)) for number in range(45)]).by("case.client_profile")
    assert found == {"33.eml": "two"}


def test_a_network_where_a_sender_never_was(archive: Archive) -> None:
    files = [(f"{number}.eml", mail(number)) for number in range(40)]
    files[9] = ("9.eml", mail(9, address="203.0.113.7"))
    assert archive(files).by("case.submission_address") == {"9.eml": "new_network"}


def test_two_servers_that_meet_once(archive: Archive) -> None:
    def one(number: int) -> bytes:
        provider = "mail.one.example" if number % 2 else "out.three.test"
        usual = mail(number, provider=provider)
        if number % 2 or number == 60:
            return usual
        # Mail of the other provider comes by way of a relay.
        relay = f"Received: from {provider} by relay.four.test with ESMTP id 3{number:05}; {written(FIRST)}\n"
        first, _, rest = usual.partition(b"Received: from home")
        return first + relay.encode() + b"Received: from home" + rest

    assert archive([(f"{n}.eml", one(n)) for n in range(150)]).by("case.hop_graph") == {"60.eml": "once"}


def test_servers_of_one_house_below_a_suffix_of_two_labels(archive: Archive) -> None:
    def one(number: int) -> bytes:
        provider = "mail.one.co.uk" if number % 2 else "out.three.co.uk"
        usual = mail(number, provider=provider)
        if number % 2 or number == 60:
            return usual
        relay = f"Received: from {provider} by relay.four.co.uk with ESMTP id 3{number:05}; {written(FIRST)}\n"
        first, _, rest = usual.partition(b"Received: from home")
        return first + relay.encode() + b"Received: from home" + rest

    (found,) = archive([(f"{n}.eml", one(n)) for n in range(150)]).of("case.hop_graph")
    assert (found.sentence.values["taker"], found.sentence.values["giver"]) == ("two.example", "three.co.uk")


def test_a_signer_is_any_domain_of_the_senders_house(archive: Archive) -> None:
    def one(number: int) -> bytes:
        signer = {5: "", 9: "out.one.example"}.get(number, "one.example")
        signature = f"DKIM-Signature: v=1; a=rsa-sha256; d={signer}; s=a; h=from; bh=AAAA; b=AAAA\n"
        return (signature.encode() if signer else b"") + mail(number, sender="anna@in.one.example")

    found = archive([(f"{n}.eml", one(n)) for n in range(20)]).by("case.signature_missing")
    assert found == {"5.eml": "unsigned"}


def test_an_id_counted_at_another_time(archive: Archive) -> None:
    def one(number: int) -> bytes:
        counter = number if number != 5 else 250
        return mail(number, id=f"{'0A' * 16}{0x1000 + counter:08X}@mail.one.example")

    found = archive([(f"{number}.eml", one(number)) for number in range(0, 300, 5)]).by("case.id_counter")
    assert found == {"5.eml": "off>180d"}


def test_copies_that_are_marked_for_their_readers(archive: Archive) -> None:
    text = "The minutes of the meeting are attached, and the sum of four thousand crowns is due on Friday next. " * 3
    versions = {"ben": text, "eva": text.replace("sum", "s\u200bum"), "max": text.replace("crowns", "crowns,")}
    files = [
        (f"{name}.eml", mail(place, to=f"{name}@two.example", subject="Minutes", charset="utf-8", text=body))
        for place, (name, body) in enumerate(versions.items())
    ]
    assert archive(files).by("case.marked_copies") == dict.fromkeys(("ben.eml", "eva.eml", "max.eml"), "all_differ")


def test_a_server_that_appears_months_too_early(archive: Archive) -> None:
    files = [(f"{number}.eml", mail(number, provider="old.one.example")) for number in range(0, 120, 4)]
    files += [(f"{number}.eml", mail(number)) for number in range(200, 230)]
    files.append(("early.eml", mail(41, subject="early")))
    assert archive(files).by("case.host_before_time") == {"early.eml": "ahead>90d"}


def test_an_hour_at_which_the_sender_never_writes(archive: Archive) -> None:
    night = (FIRST + timedelta(days=30)).replace(hour=3)
    files = [(f"{number}.eml", mail(number)) for number in range(60)]
    files.append(("night.eml", mail(61, date=written(night))))
    assert archive(files).by("case.sender_hours") == {"night.eml": "never"}

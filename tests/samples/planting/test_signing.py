"""What the planter signs, tested by dkimpy; the seal of a failed chain, which dkimpy never opens, by hand."""

import base64
import re

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from samples.planting.bodyhash import canonical
from samples.planting.keys import BITS, key_of, table
from samples.planting.mail import Mail
from samples.planting.signing import present, seal, sign
from tests.samples.planting.dns import chain, verified

KEY = key_of("berg.example", "1")
MAIL = (
    b"Received: from a.example\r\n\tby b.example; Tue, 1 Mar 2016 10:00:07 +0100\r\n"
    b"Date: Tue, 1 Mar 2016 10:00:07 +0100\r\nFrom:  Anna\xa0 \t<anna@berg.example> \r\n"
    b"To: bo@lind.example,\r\n cleo@marsh.example\r\nSubject: figures \xc3\xa0\r\nMIME-Version: 1.0\r\n\r\n"
    b"Two  words \t\r\n\tand a line without an end \r\n\r\n\r\n"
)
AT = 1456822807


def test_the_same_seed_gives_the_same_key_of_1024_bits() -> None:
    again = key_of.__wrapped__("berg.example", "1")
    assert (again.selector, again.public) == (KEY.selector, KEY.public)
    assert KEY.private.key_size == BITS
    others = {key_of("berg.example", "2").public, key_of("lind.example", "1").public}
    assert len(others | {KEY.public}) == 3


def test_a_key_file_has_each_key_once() -> None:
    other = key_of("lind.example", "1")
    assert table([other, KEY, other]).split("\n") == [
        "domain\tselector\tp",
        f"berg.example\t{KEY.selector}\t{KEY.public}",
        f"lind.example\t{other.selector}\t{other.public}",
        "",
    ]


@pytest.mark.parametrize("data", [MAIL, MAIL.replace(b"\r\n", b"\n"), MAIL.rstrip(), b"From: a@berg.example\n\n"])
def test_a_signature_holds_until_something_signed_is_changed(data: bytes) -> None:
    mail = Mail.parse(data)
    sign(mail, KEY, AT, present(mail))
    assert verified(mail, KEY) and not verified(mail, key_of("berg.example", "2"))
    mail.body += b"more"
    assert not verified(mail, KEY)


def test_text_after_the_length_is_not_covered() -> None:
    mail = Mail.parse(MAIL)
    sign(mail, KEY, AT, present(mail), len(canonical(mail.body)))
    mail.body += b"more\r\n"
    assert verified(mail, KEY)
    mail.body = b"x" + mail.body
    assert not verified(mail, KEY)


@pytest.mark.parametrize(("names", "holds"), [((), True), (("subject",), False), (("reply-to",), True)])
def test_a_second_field_breaks_only_what_was_over_signed(names: tuple[str, ...], holds: bool) -> None:
    mail = Mail.parse(MAIL)
    sign(mail, KEY, AT, [*present(mail), *names])
    assert verified(mail, KEY)
    mail.add("Subject", "another", before="Subject")
    assert verified(mail, KEY) is holds


def test_a_field_signed_as_absent_cannot_be_added() -> None:
    mail = Mail.parse(MAIL)
    sign(mail, KEY, AT, [*present(mail), "reply-to"])
    mail.add("Reply-To", "x@y.example", before="To")
    assert not verified(mail, KEY)


def test_a_chain_of_two_seals_passes_and_a_changed_body_breaks_it() -> None:
    mail, other = Mail.parse(MAIL), key_of("lind.example", "1")
    seal(mail, KEY, AT, present(mail), "none")
    assert chain(mail, KEY) == b"pass"
    seal(mail, other, AT + 2, present(mail), "pass")
    assert chain(mail, KEY, other) == b"pass"
    mail.body = b"x" + mail.body
    assert chain(mail, KEY, other) == b"fail"


def test_the_seal_of_a_failed_chain_signs_its_own_set_alone() -> None:
    mail, other = Mail.parse(MAIL), key_of("lind.example", "1")
    seal(mail, KEY, AT, present(mail), "none")
    seal(mail, other, AT + 2, present(mail), "fail")
    assert [field.name for field in mail.fields[:3]] == [
        "ARC-Seal",
        "ARC-Message-Signature",
        "ARC-Authentication-Results",
    ]
    written = {field.name: re.sub(r"\s+", " ", field.value) for field in mail.fields[2::-1]}
    own, _, signature = written["ARC-Seal"].rpartition("b=")
    data = "".join([f"{name.lower()}:{value}\r\n" for name, value in written.items() if name != "ARC-Seal"])
    public = load_der_public_key(base64.b64decode(other.public))
    assert isinstance(public, RSAPublicKey) and "cv=fail" in own
    public.verify(
        base64.b64decode(signature.replace(" ", "")), f"{data}arc-seal:{own}b=".encode(), PKCS1v15(), SHA256()
    )


def test_signatures_are_folded() -> None:
    mail = Mail.parse(MAIL)
    sign(mail, KEY, AT, present(mail))
    assert max([len(line) for line in mail.value("DKIM-Signature").split()]) < 130
    raw = mail.all("DKIM-Signature")[0].raw
    assert raw.count(b"\r\n ") >= 4 and raw.endswith(b"\r\n") and mail.fields[2].name == "DKIM-Signature"

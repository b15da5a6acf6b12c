"""Words are put into a text as the mail carries it."""

from base64 import encodebytes

import pytest

from forensics.authenticity.repairs.encoding import quote
from forensics.authenticity.repairs.mails import read_mail
from forensics.authenticity.repairs.rewording import Rewording
from forensics.model.items import Limits
from forensics.relations.quotes.shown import read_bodies

TEXT = (
    "Dear all,\nthe café opens at nine, and this line is longer than a line of quoted-printable may be, I fear.\nBye.\n"
)


def mail(content: bytes, encoding: str = "8bit", charset: str = "utf-8") -> bytes:
    head = (
        f"From: a@one.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    )
    return head.encode() + content


def reworded(data: bytes, here: str, there: str) -> list[bytes]:
    """Return the mails in which words stand in the place of others."""
    rewording = Rewording(read_mail(data, Limits()), read_bodies(data, Limits()).shown[0])
    start = rewording.body.text.index(here)
    return [one.stored for one in rewording.mails([(start, start + len(here), there)])]


@pytest.mark.parametrize(
    ("write", "encoding", "charset"),
    [
        (lambda text: text.encode(), "8bit", "utf-8"),
        (lambda text: text.encode("latin-1"), "8bit", "iso-8859-1"),
        (lambda text: quote(text.encode(), 76), "quoted-printable", "utf-8"),
        (lambda text: quote(text.encode(), 75), "quoted-printable", "utf-8"),
        (lambda text: quote(text.encode(), 76, b",."), "quoted-printable", "utf-8"),
        (lambda text: encodebytes(text.encode()), "base64", "utf-8"),
        (lambda text: encodebytes(text.replace("\n", "\r\n").encode()), "base64", "utf-8"),
    ],
)
def test_a_mail_is_as_its_writer_wrote_it(write: object, encoding: str, charset: str) -> None:
    assert callable(write)
    changed = mail(write(TEXT.replace("nine", "eleven").replace("Bye", "See you")), encoding, charset)
    rewording = Rewording(read_mail(changed, Limits()), read_bodies(changed, Limits()).shown[0])
    text = rewording.body.text
    places = [(text.index(here), text.index(here) + len(here), there) for here, there in
              (("eleven", "nine"), ("See you", "Bye"))]  # fmt: skip
    assert mail(write(TEXT), encoding, charset) in [one.stored for one in rewording.mails(places)]


def test_base64_that_was_written_anew_with_other_line_ends() -> None:
    changed = mail(encodebytes(TEXT.replace("nine", "ten").encode()), "base64")
    assert mail(encodebytes(TEXT.replace("\n", "\r\n").encode()), "base64") in reworded(changed, "ten", "nine")


def test_other_lines_keep_their_bytes() -> None:
    odd = b"caf=e9 =\nopens=20=\n soon\nWe meet at ten.\nthat =is fine\n"
    (made,) = reworded(mail(odd, "quoted-printable", "iso-8859-1"), "ten", "nine")
    assert made == mail(odd.replace(b"ten", b"nine"), "quoted-printable", "iso-8859-1")


def test_signs_that_a_writer_escapes_without_need() -> None:
    content = b"Right=2E And so=2E\nWe go at ten.\n"
    made = reworded(mail(content, "quoted-printable"), "ten", "nine")
    assert made == [mail(b"Right=2E And so=2E\nWe go at nine=2E\n", "quoted-printable")]


def test_crlf_is_kept() -> None:
    data = mail(b"We meet at ten.\nBye.\n").replace(b"\n", b"\r\n")
    assert reworded(data, "ten", "nine") == [data.replace(b"at ten", b"at nine")]


def test_what_the_charset_lacks_is_not_written() -> None:
    assert reworded(mail(b"caf\xe9 at ten\n", charset="iso-8859-1"), "ten", "\u5341") == []


def test_an_encoding_that_cannot_be_written_again() -> None:
    content = b"begin 644 a.txt\n#8V%T\n`\nend\n"
    assert reworded(mail(content, "x-uuencode"), "cat", "dog") == []

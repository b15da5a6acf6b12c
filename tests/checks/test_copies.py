"""Copies of one mail, from files to observations: what each reader, list, filter and gateway makes of it."""

import base64
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import pytest

from forensics.checks._constants import _CONSTANT_ID, _FIXED_ID, constant_id
from forensics.checks._copies import different, one_body
from forensics.checks._facts import DAY
from forensics.checks._subjects import bare_subject, framed, tagged
from forensics.model.rows.located import LocatedRow

Archive = Callable[[Iterable[tuple[str, bytes]]], Any]
TEXT = "Dear Ben,\n\nthe sum of 1.000 for Köln stands as agreed “last week”.\nFrom here on we go.\n\nAnna\n"
PAGE = '<html><body><p>The sum is <a href="{}">{}</a>.</p></body></html>'


def mail(
    text: str | bytes = TEXT, kind: str = "text/plain; charset=utf-8", coding: str = "8bit", **fields: str
) -> bytes:
    head = {
        "Date": "Mon, 4 Jan 2016 10:00:00 +0000",
        "From": "Anna <anna@one.example>",
        "To": "ben@two.example",
        "Subject": "The sum",
        "Message-ID": "<20160104100000.4711@one.example>",
        "MIME-Version": "1.0",
        "Content-Type": kind,
        "Content-Transfer-Encoding": coding,
    } | {name.replace("_", "-"): value for name, value in fields.items()}
    lines = "".join([f"{name}: {value}\n" for name, value in head.items()])
    return lines.encode() + b"\n" + (text.encode() if isinstance(text, str) else text)


def alternative(page: str, plain: str = TEXT) -> tuple[str, str]:
    parts = [
        f"--x\nContent-Type: text/{kind}; charset=utf-8\n\n{said}\n"
        for kind, said in (("plain", plain), ("html", page))
    ]
    return "".join(parts) + "--x--\n", "multipart/alternative; boundary=x"


@pytest.mark.parametrize(
    "copy",
    [
        mail(TEXT.replace("“", '"').replace("”", '"').encode("latin-1"), "text/plain; charset=iso-8859-1"),
        mail(base64.encodebytes(TEXT.replace("\n", "\r\n").encode()), coding="base64"),
        mail(TEXT.replace("\n", "  \n")),
        mail(TEXT.replace("From", ">From")),
        mail(TEXT.replace("stands as ", "stands\nas "), "text/plain; charset=utf-8; format=flowed"),
        mail(TEXT.replace("ö", "o\u0308")),
        mail(*alternative(PAGE.format("https://one.example/", "1.000"))),
        mail(Subject="Antw: The sum"),
    ],
    ids=["latin-1", "base64", "blanks", "quoted From", "wrapped", "decomposed", "with a page", "reply mark"],
)
def test_one_text_written_otherwise_is_no_other_mail(archive: Archive, copy: bytes) -> None:
    assert archive([("a.eml", mail()), ("b.eml", copy)]).by("case.message_id_reuse") == {}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (mail(), mail(TEXT.replace("1.000", "10.00"))),
        (mail(), mail(TEXT.replace("we go", "I go"), coding="7bit")),
        (mail(), mail(TEXT.replace("Dear", "Near").encode("utf-8"), Subject="[EXT] The sum")),
        *[
            (mail(*alternative(PAGE.format("https://one.example/", "1.000"))), mail(*alternative(PAGE.format(*page))))
            for page in (("https://one.example/", "9.000"), ("https://two.example/", "1.000"))
        ],
    ],
    ids=["number", "word", "word and tag", "the page alone", "a link's target"],
)
def test_an_edited_copy_is_another_mail(archive: Archive, one: bytes, other: bytes) -> None:
    found = archive([("a.eml", one), ("b.eml", other)]).by("case.message_id_reuse")
    assert found == dict.fromkeys(("a.eml", "b.eml"), "other_body")


A = LocatedRow("A")


class Sent(NamedTuple):
    """A row of one mail."""

    sha256: str
    subject: LocatedRow
    texts: tuple[str, ...] = ()
    files: str = ""
    body_sha256: str = ""


def test_which_mails_are_different() -> None:
    both, page, plain, other = (
        Sent(name, A, texts) for name, texts in zip("1234", ("ph", "h", "p", "pi"), strict=True)
    )
    assert different([plain, page, both]) == [both] and one_body([plain, page, both])
    assert different([both, other]) == [both, other] and not one_body([both, other])
    assert len(different([both, both._replace(sha256="5", files="f")])) == 2
    assert len(different([both, both._replace(sha256="5", subject=LocatedRow("B"))])) == 2
    old = Sent("6", A, body_sha256="b")
    assert different([old, old._replace(sha256="7"), old._replace(sha256="8", body_sha256="c")]) == [
        old,
        old._replace(sha256="8", body_sha256="c"),
    ]
    many = Sent("9", A, tuple("abcdef"))
    assert different([many, Sent("a", A, ("d",))]) == [many]


@pytest.mark.parametrize(
    "subject",
    [
        "***SPAM*** The sum",
        "*****SPAM***** Re: The sum",
        "EXTERNAL: The sum",
        "[EXTERNAL] Re: The sum",
        "(EXT) The sum",
        "{Spam?} The sum",
        "<EXT> The sum",
        "##SPAM## The sum",
        "External Email - The sum",
        "SPAM The sum",
        "The sum [EXT]",
        "The sum (encrypted)",
        "The sum ***SPAM***",
        "The sum - EXTERNAL",
        "EXTERN: AW: The sum",
        "EXTERNAL: The sum [SEC=OFFICIAL]",
    ],
)
def test_tags_of_gateways(subject: str) -> None:
    assert tagged([bare_subject(subject), "the sum"]) and tagged(["the sum", bare_subject(f"Re: {subject}")])


@pytest.mark.parametrize("subject", ["Another sum", "The summit", "", "Bathe sum", "The sum" + " and more" * 8])
def test_no_tag(subject: str) -> None:
    assert not tagged([bare_subject(subject), "the sum"])


def test_over_two_bodies_a_tag_is_set_apart_from_the_subject() -> None:
    assert framed(["external: the sum", "the sum"]) and framed(["spam: the sum", "[ext] the sum ***spam***"])
    assert not framed(["the sum", "the sum is cancelled"]) and not framed(["the sum", "all of the sum"])


MARKS = (
    "Re RE AW WG SV VS TR Antw RIF I R Odp PD YNT ILT İLT Vá Továbbítás ENC RV RES Re[2] Re(2) Re^2 "
    "回复 转发 答复 返信 轉寄"
)


@pytest.mark.parametrize("mark", MARKS.split())
def test_reply_marks_of_many_languages(mark: str) -> None:
    assert {bare_subject(f"{mark}{colon} The sum") for colon in (":", " :", "\uff1a")} == {"the sum"}


def test_constant_identifiers() -> None:
    def sent(*senders: str, days: Iterable[int] = range(9000, 9100)) -> list[tuple[str, int | None, int | None]]:
        return [(sender, day * DAY, None) for sender, day in zip(senders, days, strict=False)]

    unique, word = "20160104.4711@one.example", "scanner@one.example"
    assert constant_id(unique, sent("a", "a", "a")) == _CONSTANT_ID
    assert not constant_id(unique, sent("a", "a")) and not constant_id(unique, sent("a", "b", "a"))
    assert constant_id("4711.0815@localhost", sent("a", "b", "a")) == _CONSTANT_ID
    assert not constant_id(unique, sent("a", "a", "a", days=(9000, 9000, 9001))), "two versions of one mail"
    for fixed in (word, "systemmessage", "mail.one.example", "@one.example"):
        assert constant_id(fixed, sent("a", "b")) == _FIXED_ID
        assert not constant_id(fixed, sent("a", "b", days=(9000, 9000)))
    assert constant_id(word, [("a", 0, 9001), ("a", 0, 9002)]) == _FIXED_ID, "a clock that nobody set"
    assert constant_id(unique, sent(*"abc" * 7)) == _CONSTANT_ID
    assert not constant_id(unique, sent("", "", "")), "no sender is nobody"


def hop(host: str, number: int, second: int = 9) -> str:
    return f"Received: from x by {host} with ESMTP id {number:06X}Q; Mon, 4 Jan 2016 10:00:{second:02} +0000\n"


def delivered(number: int, *hops: str) -> tuple[str, bytes]:
    one = mail(f"Part {number}\n", Subject=f"Part {number}", Message_ID=f"<{number}.4711@one.example>")
    return f"{number}.eml", "".join(hops).encode() + one


def test_a_chain_of_pairs_is_two_ids_given_twice(archive: Archive) -> None:
    first, second = hop("relay.example", 1), hop("relay.example", 2)
    found = archive(
        [
            delivered(1, first, hop("one.example", 11)),
            delivered(2, second, first),
            delivered(3, second, hop("one.example", 13)),
        ]
    ).by("case.token_reuse")
    assert set(found.values()) == {"one_queue_id"}


WAY = hop("relay.example", 1), hop("one.example", 11)


@pytest.mark.parametrize("way", [WAY, (hop("relay.example", 9), *WAY)], ids=["the whole way", "two servers"])
def test_more_than_one_servers_ids_are_shared(archive: Archive, way: tuple[str, ...]) -> None:
    found = archive([delivered(1, hop("two.example", 5), *WAY), delivered(2, *way)]).by("case.token_reuse")
    assert found == dict.fromkeys(("1.eml", "2.eml"), "other_message")

"""Each kind of difference between two copies of an invented mail, lawful and not."""

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics.model.comparing import KINDS, REASONS, Cause, Comparison, Derived, Side
from forensics.model.items import Limits
from forensics.relations.comparing.mails import compare_mails
from forensics.relations.comparing.reading import read_mail

SUBMITTED = "Received: from laptop by out.home.example with ESMTPSA id AA1; Tue, 3 May 2022 10:00:01 +0200\n"
ARRIVED = "Received: from out.home.example by mx.far.example with ESMTPS id BB2; Tue, 3 May 2022 10:00:05 +0200\n"
LISTED = "Received: from mx.far.example by lists.club.example with ESMTP id CC3; Tue, 3 May 2022 10:00:09 +0200\n"
LIST_ID = "List-Id: Talk <talk.lists.club.example>\n"
FIELDS = """\
From: Anna Berg <anna@home.example>
To: Ben <ben@far.example>, Eva <eva@far.example>
Cc: Max <max@far.example>
Subject: Minutes of Monday
Date: Tue, 3 May 2022 10:00:00 +0200
Message-ID: <1@home.example>
In-Reply-To: <0@far.example>
User-Agent: Mutt/2.0
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
"""
SIGNATURE = "DKIM-Signature: v=1; d=home.example; s=a; h=from; bh=AAAA; b=BBBB\n"
BODY = """\
We agreed on Monday that the roof is mended before winter comes.
The price is 4,200 and the invoice goes to the club.
Please see https://club.example/roof for the pictures of the damage.
"""
MAIL = ARRIVED + SUBMITTED + FIELDS + "\n" + BODY
ON_LIST = LISTED + LIST_ID + MAIL
PARTS = """\
Content-Type: multipart/mixed; boundary="one"

This is a multi-part message in MIME format.
--one
Content-Type: text/plain

{text}
--one
Content-Type: application/octet-stream; name="{name}"
Content-Disposition: attachment; filename="{name}"
Content-Transfer-Encoding: base64

{file}
--one--
"""


def changed(*pairs: tuple[str, str], mail: str = MAIL) -> bytes:
    for old, new in pairs:
        assert old in mail
        mail = mail.replace(old, new)
    return mail.encode()


def with_file(name: str = "roof.bin", content: bytes = b"tiles " * 20, text: str = "See the file.") -> bytes:
    head = MAIL.partition("Content-Type")[0]
    return (head + PARTS.format(text=text, name=name, file=b64encode(content).decode())).encode()


def compared(one: bytes, other: bytes) -> Comparison:
    """Compare both ways: what differs, and what explains it, does not rest on the order."""
    found, back = compare_mails(one, other), compare_mails(other, one)
    assert len(found.unexplained) == len(back.unexplained)
    assert {difference.kind for difference in found.differences} <= set(KINDS)
    assert set(found.reasons) <= set(REASONS)
    mirrored = {Derived.ONE: Derived.OTHER, Derived.OTHER: Derived.ONE, Derived.NOT_TOLD: Derived.NOT_TOLD}
    assert back.derived is mirrored[found.derived]
    for difference in found.differences:
        for data, side in ((one, difference.one), (other, difference.other)):
            for start, end in side.locator.ranges:
                assert side.raw == data[start:end]
    return found


def kinds(found: Comparison) -> dict[str, Cause | None]:
    return {difference.kind: difference.cause for difference in found.differences}


UNLAWFUL = {
    "date": [("Tue, 3 May 2022 10:00:00 +0200", "Tue, 3 May 2022 10:30:00 +0200")],
    "date ": [("10:00:00 +0200", "08:00:00 +0000")],  # the same instant, told by another clock
    "from": [("<anna@home.example>", "<anna@home-mail.example>")],
    "from_name": [("Anna Berg", "Anna Borg")],
    "recipient_added": [("Max <max@far.example>", "Max <max@far.example>, zoe@far.example")],
    "recipient_removed": [(", Eva <eva@far.example>", "")],
    "recipient_name": [("Max <", "Maximilian <")],
    "recipient_added ": [("Subject:", "Bcc: zoe@far.example\nSubject:")],
    "reply_to": [("Subject:", "Reply-To: anna@other.example\nSubject:")],
    "subject": [("Minutes of Monday", "Minutes of Friday")],
    "subject ": [("Minutes of Monday", "[talk] Minutes of Monday")],  # on the same way there was no list
    "message_id": [("<1@home.example>", "<2@home.example>")],
    "thread": [("<0@far.example>", "<9@far.example>")],
    "client": [("Mutt/2.0", "Mutt/2.1")],
    "field_removed": [("MIME-Version: 1.0\n", "")],
    "signature_added": [("From: Anna", SIGNATURE + "From: Anna")],
    "field_added": [("From: Anna", "Authentication-Results: mx.far.example; dkim=pass\nFrom: Anna")],
    "words": [("before winter", "after winter")],
    "words ": [("4,200", "4,700")],
    "text_added": [("is mended", "is not mended")],
    "text_removed": [("and the invoice ", "")],
    "links": [("https://club.example/roof", "https://c1ub.example/roof")],
    "text_added ": [("of the damage.\n", "of the damage.\n-- \nThis message is confidential.\n")],
    "charset": [("charset=utf-8", "charset=koi8-r")],
    "hop_removed": [(SUBMITTED, "")],
    "hop_changed": [("AA1; Tue, 3 May 2022 10:00:01", "AA1; Tue, 3 May 2022 11:00:01")],
    "hop_changed ": [("BB2; Tue, 3 May 2022 10:00:05", "BB2; Tue, 3 May 2022 11:00:05")],
    "hop_order": [(ARRIVED + SUBMITTED, SUBMITTED + ARRIVED)],
}


@pytest.mark.parametrize("case", UNLAWFUL)
def test_a_change_is_told(case: str) -> None:
    found = compared(MAIL.encode(), changed(*UNLAWFUL[case]))
    assert [difference.kind for difference in found.unexplained] == [case.strip()]
    assert found.derived is Derived.NOT_TOLD


SIGNED = changed(("From: Anna", SIGNATURE + "From: Anna")).decode()
LAWFUL = {
    "hops_above": (MAIL, LISTED + MAIL, Cause.ROUTE),
    "signature_added": (MAIL, LISTED + SIGNATURE.replace("home", "club") + MAIL, Cause.ROUTE),
    "signature_removed": (SIGNED, LISTED + MAIL, Cause.ROUTE),
    "field_added": (MAIL, LISTED + "Authentication-Results: lists.club.example; dkim=pass\n" + MAIL, Cause.ROUTE),
    "field_added ": (MAIL, "X-Mozilla-Status: 0001\n" + MAIL, Cause.MAILBOX),
    "field_changed": ("Status: O\n" + MAIL, "Status: RO\n" + MAIL, Cause.MAILBOX),
    "subject": (MAIL, ON_LIST.replace("Minutes of", "[talk] Minutes of"), Cause.LIST),
    "subject ": (MAIL, MAIL.replace("Minutes of", "[SPAM] Minutes of"), Cause.FILTER),
    "reply_to": (MAIL, ON_LIST.replace("Subject:", "Reply-To: talk@lists.club.example\nSubject:"), Cause.LIST),
    "from": (
        MAIL,
        ON_LIST.replace("Anna Berg <anna@home.example>", "Anna Berg via Talk <talk@lists.club.example>").replace(
            "Subject:", "Reply-To: Anna Berg <anna@home.example>\nSubject:"
        ),
        Cause.LIST,
    ),
    "text_added": (
        MAIL,
        ON_LIST + "_______________________\nTalk mailing list\nhttps://lists.club.example/talk\n",
        Cause.LIST,
    ),
    "recipient_added": (
        SUBMITTED + FIELDS + "\n" + BODY,
        FIELDS.replace("Subject:", "Bcc: zoe@far.example\nSubject:") + "\n" + BODY,
        Cause.SENT_COPY,
    ),
    "message_id": (MAIL, FIELDS.replace("Message-ID: <1@home.example>\n", "") + "\n" + BODY, Cause.SENT_COPY),
    "layout": (MAIL, MAIL.replace("mended before", "mended\nbefore"), Cause.ENCODING),
    "layout ": (MAIL + "From here on\n", MAIL + ">From here on\n", Cause.ENCODING),
    "line_ends": (MAIL, MAIL.replace("\n", "\r\n"), Cause.MAILBOX),
    "final_line": (MAIL, MAIL + "\n", Cause.MAILBOX),
    "field_form": (MAIL, MAIL.replace(", Eva", ",\n  Eva"), Cause.ENCODING),
    "field_form ": (MAIL, MAIL.replace("Subject: Minutes", "Subject: =?utf-8?q?Minutes?="), Cause.ENCODING),
    "date": (MAIL, MAIL.replace("Tue, 3 May 2022 10:00:00 +0200", "Tue, 03 May 2022 10:00:00 +0200"), Cause.ENCODING),
    "first_line": (MAIL, "From anna@home.example Tue May  3 10:00:05 2022\n" + MAIL, Cause.MAILBOX),
    "recipient_order": (
        MAIL,
        MAIL.replace("Ben <ben@far.example>, Eva <eva@far.example>", "Eva <eva@far.example>, Ben <ben@far.example>"),
        Cause.ENCODING,
    ),
}


@pytest.mark.parametrize("case", LAWFUL)
def test_what_happens_to_all_mail_is_lawful(case: str) -> None:
    one, other, cause = LAWFUL[case]
    found = compared(one.encode(), other.encode())
    assert found.unexplained == ()
    assert kinds(found)[case.strip()] is cause


def test_the_same_text_in_another_charset_and_encoding_is_lawful() -> None:
    said = "Wir haben am Montag über das Dach gesprochen, und der Preis ist bekannt."
    head = MAIL.partition("Content-Type")[0]
    one = f"{head}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{said}\n".encode()
    coded = b64encode(said.encode("latin-1"))
    other = (
        f"{head}Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: base64\n\n".encode() + coded
    )
    found = compared(one, other + b"\n")
    assert found.unexplained == ()
    assert {"charset", "encoding"} <= kinds(found).keys()


def test_a_mail_written_anew_is_lawful_and_an_edit_in_it_is_not() -> None:
    one = with_file()
    preamble = b"This is a multi-part message in MIME format."
    anew = one.replace(b'"one"', b'"two"').replace(b"--one", b"--two").replace(preamble, b"")
    assert kinds(compared(one, anew)) == {"boundary": Cause.REWRITTEN, "outside_parts": Cause.REWRITTEN}
    edited = anew.replace(b"See the file.", b"See no file.")
    assert [difference.kind for difference in compared(one, edited).unexplained] == ["words"]


def test_text_before_the_parts_is_told() -> None:
    one = with_file()
    other = one.replace(b"This is a multi-part message in MIME format.", b"Pay to the second account.")
    assert [difference.kind for difference in compared(one, other).unexplained] == ["outside_parts"]


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (with_file(content=b"slate " * 20), "attachment_changed"),
        (with_file(name="other.bin"), "attachment_renamed"),
        (with_file(name="other.bin", content=b"slate " * 20), "attachment_removed"),
    ],
)
def test_files_are_compared(other: bytes, kind: str) -> None:
    found = compared(with_file(), other)
    assert kind in [difference.kind for difference in found.unexplained]


def test_a_file_that_came_as_text_has_the_line_ends_of_its_mailbox() -> None:
    file = "-----BEGIN PGP SIGNATURE-----\n\nabcd\n-----END PGP SIGNATURE-----"
    one = with_file(name="signature.asc").replace(b"base64", b"7bit")
    one = one.replace(b64encode(b"tiles " * 20), file.encode())
    found = compared(one, one.replace(b"\n", b"\r\n"))
    assert found.unexplained == ()
    assert kinds(found)["line_ends"] is Cause.MAILBOX


def test_a_footer_that_names_another_host_is_not_the_lists() -> None:
    other = ON_LIST + "_______________________\nTalk mailing list\nhttps://pay.example/talk\n"
    assert [difference.kind for difference in compared(MAIL.encode(), other.encode()).unexplained] == ["text_around"]


def test_a_sentence_above_a_footer_does_not_pass_with_it() -> None:
    footer = "_______________________\nTalk mailing list\nhttps://lists.club.example/talk\n"
    other = ON_LIST + "\nPlease pay the invoice to the second account.\n" + footer
    assert [difference.kind for difference in compared(MAIL.encode(), other.encode()).unexplained] == ["text_around"]


def test_a_footer_without_a_list_is_not_lawful() -> None:
    other = MAIL + "_______________________\nTalk mailing list\nhttps://lists.club.example/talk\n"
    assert len(compared(MAIL.encode(), other.encode()).unexplained) == 1


def test_from_is_not_munged_where_the_author_is_gone() -> None:
    other = ON_LIST.replace("Anna Berg <anna@home.example>", "Anna Berg via Talk <talk@lists.club.example>")
    assert [difference.kind for difference in compared(MAIL.encode(), other.encode()).unexplained] == ["from"]


def test_an_edit_on_the_way_of_a_list_is_told_beside_what_the_list_did() -> None:
    other = ON_LIST.replace("4,200", "4,700").replace("Minutes of", "[talk] Minutes of")
    found = compared(MAIL.encode(), other.encode())
    assert [difference.kind for difference in found.unexplained] == ["words"]
    assert found.derived is Derived.NOT_TOLD


def test_words_are_shown_side_by_side_and_located() -> None:
    (found,) = compared(MAIL.encode(), changed(("before winter", "after winter"))).unexplained
    assert (found.one.value, found.other.value) == ("before", "after")
    start, end = found.other.locator.ranges[0]
    assert changed(("before winter", "after winter"))[start:end] == b"after"
    assert [run.side for run in found.runs] == [Side.BOTH, Side.ONE, Side.OTHER, Side.BOTH]
    assert found.runs[0].text.endswith("the roof is mended")


def test_words_of_encoded_text_are_located_in_its_encoded_bytes() -> None:
    head = MAIL.partition("Content-Type")[0] + "Content-Transfer-Encoding: quoted-printable\n\n"
    one, other = (f"{head}Der Betrag f=C3=BCr Mai ist {amount} Euro.\n".encode() for amount in ("f=C3=BCnf", "elf"))
    (found,) = compared(one, other).unexplained
    assert (found.one.value, found.one.raw, found.other.raw) == ("fünf", b"f=C3=BCnf", b"elf")


def test_what_was_made_from_what_is_told_by_more_hops_and_a_lists_marks() -> None:
    found = compared(MAIL.encode(), ON_LIST.encode())
    assert (found.derived, found.reasons) == (Derived.OTHER, ("more_hops", "list_fields"))
    apart = compared((LISTED.replace("lists", "mx2") + MAIL).encode(), (LISTED + MAIL).encode())
    assert apart.derived is Derived.NOT_TOLD


def test_the_copy_whose_body_its_signature_covers_is_the_earlier_one() -> None:
    stated = "4oOdBPSgl+ozLvMSmvp44mxYfM+A/3gGIkB03+IC2IE="
    signed = SIGNED.replace("bh=AAAA", f"c=simple/simple; a=rsa-sha256; bh={stated}")
    (signature,) = read_mail(signed.encode(), Limits()).message.signatures
    true = b64encode(bytes.fromhex(signature.body_hash)).decode()
    held = signed.replace(stated, true)
    found = compared(held.encode(), held.replace("4,200", "4,700").encode())
    assert (found.derived, found.reasons) == (Derived.OTHER, ("body_hash",))


@pytest.mark.parametrize("other", [b"", b"\n", b"\x00\xff", b"no header at all", MAIL.encode()[:200]])
def test_broken_mails_are_compared(other: bytes) -> None:
    assert compare_mails(MAIL.encode(), other).unexplained
    assert compare_mails(other, other).identical


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_any_two_texts_are_compared(one: bytes, other: bytes) -> None:
    found = compare_mails(MAIL.encode() + one, MAIL.encode() + other)
    assert found.identical == (one == other)
    assert found.identical or found.differences


QUOTING = MAIL + "\n> He said that the roof would\n> hold for ten years more.\n"


def test_quotes_wrapped_anew_are_lawful_and_words_that_change_their_speaker_are_not() -> None:
    wrapped = QUOTING.replace("would\n> hold", "would hold").replace("ten years", "ten\n>years")
    found = compared(QUOTING.encode(), wrapped.encode())
    assert (found.unexplained, kinds(found)["layout"]) == ((), Cause.ENCODING)
    unquoted = QUOTING.replace("> hold", "hold")
    assert [one.kind for one in compared(QUOTING.encode(), unquoted.encode()).unexplained] == ["words"]


EXCHANGE = "X-MS-Exchange-Organization-AuthSource: EX1.far.example\n"


def test_an_exchange_mailbox_tells_times_in_utc_and_gives_a_topic() -> None:
    topic = "Thread-Topic: Minutes of Monday\nThread-Index: AdhfAAAAAAAAAAAAAAAAAAAAAAAA\n"
    utc = LISTED + EXCHANGE + topic + MAIL.replace("10:00:00 +0200", "08:00:00 +0000")
    found = compared(MAIL.encode(), utc.encode())
    assert found.unexplained == ()
    assert (kinds(found)["date"], kinds(found)["thread"]) == (Cause.REWRITTEN, Cause.REWRITTEN)
    for old, new, kind in (
        ("08:00:00 +0000", "08:30:00 +0000", "date"),
        ("08:00:00 +0000", "11:00:00 +0300", "date"),
        (EXCHANGE, "", "date"),
        ("Topic: Minutes of Monday", "Topic: Minutes of Friday", "thread"),
    ):
        assert kind in [one.kind for one in compared(MAIL.encode(), utc.replace(old, new).encode()).unexplained]


def test_a_name_that_repeats_the_address_is_none() -> None:
    one = MAIL.replace("Max <max@far.example>", "max@far.example")
    other = MAIL.replace("Max <max@far.example>", '"max@far.example" <max@far.example>')
    assert compared(one.encode(), other.encode()).unexplained == ()


def test_a_text_file_in_an_mbox_has_its_marks() -> None:
    file = "From 8705 Mon Sep 17\nSubject: roof"
    one = with_file(name="a.patch").replace(b"base64", b"7bit").replace(b64encode(b"tiles " * 20), file.encode())
    assert compared(one, one.replace(b"From 8705", b">From 8705")).unexplained == ()
    assert compared(one, one.replace(b"From 8705", b">From 8706")).unexplained


def test_what_an_export_writes_of_itself_is_lawful() -> None:
    found = compared(MAIL.encode(), ("X-Export-Tool: Mailport\n" + MAIL).encode())
    assert kinds(found) == {"field_added": Cause.MAILBOX}

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samples.planting.archive import Archive
from samples.planting.mail import Mail
from samples.planting.mime import Unfit

QP = (
    b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    b"first li=\nne caf=C3=A9\nsecond =3D line\nthird\n"
)


@given(
    st.lists(st.sampled_from([b"From: a\n", b"Subject: x\r\n", b" folded\n", b"no field\n", b"\n", b"\r\n", b"tail"]))
)
def test_an_unchanged_mail_keeps_every_byte(pieces: list[bytes]) -> None:
    data = b"".join(pieces)
    assert Mail.parse(data).data() == data


@given(st.binary(max_size=200))
def test_any_bytes_come_back(data: bytes) -> None:
    assert Mail.parse(data).data() == data
    Mail.parse(data).parts()


def test_leaves_tile_their_multiparts(archive: Archive) -> None:
    mail = next(Mail.parse(stored.data) for stored in archive.mails if stored.subject == "with files")
    assert [(part.media_type, part.name) for part in mail.parts()] == [
        ("text/plain", ""),
        ("text/x-log", "run.log"),
        ("image/png", "plot.png"),
    ]
    assert mail.payload(mail.parts()[1]) == b"started early\nfinished later without errors\n"
    assert mail.payload(mail.parts()[2]) == bytes(range(256))


def test_only_changed_lines_are_encoded_again() -> None:
    mail = Mail.parse(QP)
    part = mail.parts()[0]
    assert mail.text(part) == "first line café\nsecond = line\nthird\n"
    mail.set_text(part, mail.text(part).replace("third", "fourth é"))
    assert mail.body == b"first li=\nne caf=C3=A9\nsecond =3D line\nfourth =C3=A9\n"


@pytest.mark.parametrize(
    "new", ["first line café\nthird\n", "first line café", "x\n" * 5, "first line café\nthird\nmore\n"]
)
def test_a_text_that_was_set_is_the_text_that_is_read(new: str) -> None:
    mail = Mail.parse(QP)
    mail.set_text(mail.parts()[0], new)
    assert mail.text(mail.parts()[0]) == new


def test_text_below_a_last_line_without_an_end_is_what_was_set() -> None:
    mail = Mail.parse(b"From: a@b.example\n\nlast line")
    mail.set_text(mail.parts()[0], "last line\n\nbelow it\n")
    assert mail.body == b"last line\n\nbelow it\n"


def test_a_sham_encodes_the_old_lines_again() -> None:
    mail = Mail.parse(QP, sham=True)
    mail.set_text(mail.parts()[0], "something else\nsecond = line\nthird\n")
    assert mail.text(mail.parts()[0]) == "first line café\nsecond = line\nthird\n"
    assert b"first line caf=C3=A9\n" in mail.body
    assert mail.changes == []


def test_text_that_does_not_fit_is_refused() -> None:
    mail = Mail.parse(b"From: a@b.example\nContent-Transfer-Encoding: 7bit\n\nplain\n")
    with pytest.raises(Unfit):
        mail.set_text(mail.parts()[0], "café\n")


def test_a_field_is_set_added_and_removed() -> None:
    mail = Mail.parse(b"FROM:\ta@b.example\r\nTo: c@d.example\r\n\r\nbody")
    mail.set("from", "e@f.example")
    mail.add("Cc", "g@h.example", before="To")
    mail.remove("To")
    assert mail.data() == b"FROM:\te@f.example\r\nCc: g@h.example\r\n\r\nbody"
    assert len(mail.changes) == 3


def test_an_attachment_is_added_and_taken_out_again() -> None:
    mail = Mail.parse(b"From: a@b.example\nContent-Type: text/plain\n\nwords\n")
    mail.append_part(b"content", "application/pdf", "a.pdf", "bound")
    assert [part.name for part in mail.parts()] == ["", "a.pdf"]
    assert mail.payload(mail.parts()[1]) == b"content"
    mail.append_part(b"more", "application/pdf", "b.pdf", "unused")
    assert [mail.payload(part) for part in mail.parts()] == [b"words\n", b"content", b"more"]
    mail.remove_part(mail.parts()[1])
    assert [mail.payload(part) for part in mail.parts()] == [b"words\n", b"more"]


def test_base64_keeps_its_width() -> None:
    body = b"\n".join([base64.b64encode(b"0123456789abcdef" * 3)[at : at + 32] for at in (0, 32)]) + b"\n"
    mail = Mail.parse(b"From: a@b.example\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n" + body)
    mail.set_payload(mail.parts()[0], b"0123456789abcdef" * 5)
    assert [len(line) for line in mail.body.splitlines()] == [32, 32, 32, 12]

"""Bodies are restored to what a signature states the hash of, and to nothing else."""

import base64

import pytest

from forensics.authenticity.repairs import BODY_STEPS
from forensics.authenticity.repairs.bodies import KINDS, MOST_TRIES, BodySearch, Target
from forensics.authenticity.repairs.encoding import quote
from tests.authenticity.repairs.made import mail, stated

TEXT = "Dear all,\nthe café opens at nine, and this line is longer than a line of quoted-printable may be, I fear.\n"
BODY = TEXT.encode()
FOOTER = b"_______________________________________________\nTalk mailing list\nTalk@lists.example\n"
FOOTER_PART = b"--B\nContent-Type: text/plain; charset=utf-8\nContent-Disposition: inline\n\n" + FOOTER + b"\n--B--\n"
MIXED = 'multipart/mixed; boundary="B"'
BASE64 = "base64"


def wrapped(inner: str, body: bytes) -> bytes:
    return b"--B\n" + inner.encode() + b"\n" + body + b"\n" + FOOTER_PART


def restored(here, body: bytes, known=()):
    target = Target(True, None, "sha256", stated(body))
    search = BodySearch(here, [target])
    return search.run(known), search


QUOTED = quote(BODY, 76)
PLAIN = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
ALTERNATIVE = b"--I\nContent-Type: text/plain\nContent-Transfer-Encoding: %s\n\n%s\n--I--\n"
DAMAGE = {
    "a footer": (mail(BODY + FOOTER), BODY, ["footer_cut"]),
    "8bit of quoted-printable, 76": (mail(BODY), quote(BODY, 76), ["quoted_printable_76"]),
    "8bit of quoted-printable, 75": (mail(b"e=" * 37 + b"\n"), quote(b"e=" * 37 + b"\n", 75), None),
    "8bit of base64": (mail(BODY), base64.encodebytes(BODY), ["base64_76"]),
    "base64 of 8bit": (
        mail(base64.encodebytes(BODY), Content_Transfer_Encoding=BASE64),
        BODY,
        ["text_decoded"],
    ),
    "base64 of 8bit with a footer": (
        mail(base64.encodebytes(BODY + FOOTER), Content_Transfer_Encoding=BASE64),
        BODY,
        ["text_decoded", "footer_cut"],
    ),
    "base64 with a footer of quoted-printable": (
        mail(base64.encodebytes(BODY + FOOTER), Content_Transfer_Encoding=BASE64),
        QUOTED,
        ["text_decoded", "footer_cut", "quoted_printable_76"],
    ),
    "a multipart around it": (mail(wrapped(PLAIN, BODY), Content_Type=MIXED), BODY, ["unwrapped"]),
    "a multipart around a multipart in 8bit": (
        mail(
            wrapped('Content-Type: multipart/alternative; boundary="I"\n', ALTERNATIVE % (b"quoted-printable", QUOTED)),
            Content_Type=MIXED,
        ),
        ALTERNATIVE % (b"8bit", BODY),
        ["unwrapped", "parts_decoded"],
    ),
    "a part at the end": (
        mail(b"--B\n" + PLAIN.encode() + b"\n" + BODY + b"\n" + FOOTER_PART, Content_Type=MIXED),
        b"--B\n" + PLAIN.encode() + b"\n" + BODY + b"\n--B--\n",
        ["last_part_dropped"],
    ),
    "a mark of a mailbox, and a footer": (
        mail(b">From here on\n" + FOOTER),
        b"From here on\n",
        ["from_unmarked", "footer_cut"],
    ),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_undone(name: str) -> None:
    here, body, steps = DAMAGE[name]
    found, _ = restored(here, body)
    assert found is not None
    assert steps is None or list(found[0].steps) == steps


@pytest.mark.parametrize(
    "here",
    [
        mail(BODY.replace(b"nine", b"ten")),
        mail(BODY.replace(b"nine", b"ten") + FOOTER),
        mail(wrapped(PLAIN, BODY.replace(b"nine", b"ten")), Content_Type=MIXED),
    ],
)
def test_an_edit_is_not_undone(here) -> None:
    assert restored(here, BODY)[0] is None


def test_what_is_known_of_the_route_is_tried_first() -> None:
    here, body, steps = DAMAGE["base64 with a footer of quoted-printable"]
    assert restored(here, body)[1].tries > 3
    assert restored(here, body, [tuple(steps)])[1].tries == 1


def test_tries_are_limited() -> None:
    many = b"\n".join(b"-- a%d" % number for number in range(400))
    found, search = restored(mail(many), BODY)
    assert found is None
    assert search.tries <= MOST_TRIES + 1


def test_a_body_without_end_is_given_up() -> None:
    found, search = restored(mail(b"a\n-- \n" * 5_000_000), BODY)
    assert found is None
    assert search.exhausted


def test_a_length_that_was_signed_must_be_all_that_is_left() -> None:
    target = Target(True, len(BODY.replace(b"\n", b"\r\n")), "sha256", stated(BODY))
    assert BodySearch(mail(BODY + FOOTER), [target]).run(()) is not None
    assert BodySearch(mail(BODY + b"more\n" + FOOTER), [target]).run(()) is None, "nobody signed the text beyond it"


def test_what_was_removed_has_its_place() -> None:
    here = mail(BODY + FOOTER)
    found, _ = restored(here, BODY)
    (piece,) = found[0].removed
    assert here.data[piece.start : piece.end] == FOOTER
    assert piece.shown


def test_a_file_is_no_text_that_is_shown() -> None:
    part = b'--B\nContent-Type: text/plain; name="n.txt"\nContent-Disposition: attachment\n\nmoney\n--B--\n'
    here = mail(b"--B\n" + PLAIN.encode() + b"\n" + BODY + b"\n" + part, Content_Type=MIXED)
    found, _ = restored(here, BODY)
    assert [piece.shown for piece in found[0].removed] == [False]


def test_text_outside_the_parts_is_told() -> None:
    here = mail(b"hidden\n" + wrapped(PLAIN, BODY) + b"more\n", Content_Type=MIXED)
    found, _ = restored(here, BODY)
    assert [(piece.text, piece.shown) for piece in found[0].removed if not piece.shown] == [
        (b"hidden", False),
        (b"more", False),
    ]


def test_places_count_both_bytes_of_a_line_end() -> None:
    data = b"Subject: a\r\n\r\nb\r\nc\r\n"
    from forensics.authenticity.repairs.mails import read_mail
    from forensics.model.items import Limits

    here = read_mail(data, Limits())
    assert [data[here.place(here.data.index(letter))] for letter in (b"b", b"c")] == [ord("b"), ord("c")]
    assert here.place(len(here.data)) == len(data)


def test_steps_are_those_of_the_list() -> None:
    assert tuple(undo.__name__ for kinds in KINDS for undo in kinds) == BODY_STEPS

"""Header fields are restored to what a signature signed."""

import pytest

from forensics.authenticity.repairs import HEADER_STEPS
from forensics.authenticity.repairs.headers import Hints
from forensics.authenticity.repairs.mending import Mender
from tests.authenticity.repairs.made import mail, signature, signed

BODY = b"Hello\n"
TOP = signature(BODY)
SERVER = "List-Id: <talk.lists.example>\n"
SENT = mail(BODY, top=TOP)
BO, CY, DI = "Bo Gren <bo@one.example>", "cy@two.example", "Di Holm <di@three.example>"


def changes(here, sent=SENT, **hints: tuple[bytes, ...]):
    (row,) = [signed(BODY, sent, here)]
    mended = Mender().mend(here, [row], "talk.lists.example", Hints(**hints))
    return {one.key: (one.step, one.signed) for _, found in mended.headers for one in found}


@pytest.mark.parametrize(
    ("fields", "key", "step", "was"),
    [
        ({"Subject": "[Talk] Minutes of Monday"}, "subject", "subject_restored", b"Minutes of Monday"),
        ({"Subject": "***SPAM*** Minutes of Monday"}, "subject", "subject_restored", b"Minutes of Monday"),
        (
            {"From": "Ada Ek via Talk <talk@lists.example>", "Reply-To": "Ada Ek <ada@sender.example>"},
            "from",
            "from_restored",
            b"Ada Ek <ada@sender.example>",
        ),
        (
            {"From": "'Ada Ek' via Talk <talk@lists.example>", "X-Original-Sender": "ada@sender.example"},
            "from",
            "from_restored",
            b"Ada Ek <ada@sender.example>",
        ),
        ({"Sender": "talk-bounces@lists.example"}, "sender", "sender_restored", None),
        (
            {"Content-Type": 'text/plain; charset="utf-8"'},
            "content-type",
            "type_restored",
            b"text/plain; charset=utf-8",
        ),
        ({"Cc": f"{DI}, {CY}, {BO}"}, "cc", "recipients_ordered", f"{BO}, {CY}, {DI}".encode()),
    ],
)
def test_a_field_is_restored(fields: dict[str, str], key: str, step: str, was: bytes | None) -> None:
    written = {name.replace("-", "_"): value for name, value in fields.items()}
    assert changes(mail(BODY, top=TOP, **written)) == {key: (step, was)}
    assert step in HEADER_STEPS


@pytest.mark.parametrize("subject", ["[Talk] Re: Minutes", "Re: [Talk] Minutes", "Re: [Talk] Re: Minutes"])
def test_re_on_either_side_of_the_tag(subject: str) -> None:
    sent = mail(BODY, top=TOP, Subject="Re: Minutes")
    assert changes(mail(BODY, top=TOP, Subject=subject), sent) == {"subject": ("subject_restored", b"Re: Minutes")}


def test_sender_of_the_authors_other_mails() -> None:
    sent = mail(BODY, top=TOP, Sender="Ada Ek <ada.ek@post.example>")
    here = mail(BODY, top=TOP, Sender="talk-bounces@lists.example")
    assert changes(here, sent, accounts=(b"ada.ek@post.example",)) == {
        "sender": ("sender_restored", b"Ada Ek <ada.ek@post.example>")
    }
    assert changes(here, sent) == {}


def test_a_name_that_a_list_dropped_below_its_own_fields() -> None:
    here = mail(BODY, top=TOP, Cc=None, bottom=f"{SERVER}Cc: {DI}, {BO}\n")
    found = changes(here, boxes=(b"cy@two.example",))
    assert found == {"cc": ("recipients_restored", f"{BO}, {CY}, {DI}".encode())}


def test_a_name_that_was_left_out_by_hand() -> None:
    here = mail(BODY, top=TOP, Cc=f"{BO}, {DI}")
    assert changes(here, boxes=(b"cy@two.example",)) == {"cc": ("recipients_restored", f"{BO}, {CY}, {DI}".encode())}


def test_a_name_that_was_added() -> None:
    here = mail(BODY, top=TOP, Cc=f"{BO}, eve@four.example, {CY}, {DI}")
    assert changes(here) == {"cc": ("recipients_removed", f"{BO}, {CY}, {DI}".encode())}


def test_a_subject_that_the_thread_still_has() -> None:
    here = mail(BODY, top=TOP, Subject="Minutes of Friday")
    assert changes(here, subjects=(b"Re: Minutes of Monday",)) == {
        "subject": ("subject_restored", b"Minutes of Monday")
    }


def test_fields_are_changed_together() -> None:
    here = mail(BODY, top=TOP, Subject="[Talk] Minutes of Monday", Sender="talk-bounces@lists.example")
    assert changes(here) == {
        "subject": ("subject_restored", b"Minutes of Monday"),
        "sender": ("sender_restored", None),
    }


def test_an_edited_date_is_not_restored() -> None:
    assert changes(mail(BODY, top=TOP, Date="Mon, 6 May 2018 10:00:00 +0000")) == {}


def test_names_that_were_dropped_before_are_known() -> None:
    mender = Mender()
    here = mail(BODY, top=TOP, Cc=None, bottom=f"{SERVER}Cc: {DI}, {BO}\n")
    row = signed(BODY, SENT, here)
    assert not mender.mend(here, [row], "talk", Hints()).headers
    assert mender.mend(here, [row], "talk", Hints(boxes=(CY.encode(),))).headers
    assert mender.mend(here, [row], "talk", Hints()).headers
    assert not mender.mend(here, [row], "other", Hints()).headers

"""What shows that a mail comes from the organization of its Sender."""

import pytest

from forensics.checks._on_behalf import on_behalf
from forensics.examples import mails
from forensics.examples.mails import attachment, message
from forensics.model.mail import Message

AT = "2017-03-06T10:00:00+00:00"
RESULTS = (("Authentication-Results", "x"),)
SIGNED = {"header_d": "mail.example.net"}


@pytest.mark.parametrize(
    ("mail", "note"),
    [
        (message(attached=(attachment(9, 9, "text/calendar"),)), "calendar_entry"),
        (
            message(fields=RESULTS, results=(mails.tested("dkim", server="", **SIGNED),)),
            "sender_signed",
        ),
        (message(hops=(("out.example.net", AT), ("mx.example.org", AT))), "sender_in_trace"),
        (message(message_id="calendar-7@example.net"), "id_of_sender"),
        (message(hops=(("mx.example.net", AT),)), ""),
        (message(hops=(("example.net.evil.test", AT), ("mx.example.org", AT))), ""),
        (message(fields=RESULTS, results=(mails.tested("dkim", "fail", server="", header_d="example.net"),)), ""),
        (message(fields=RESULTS, results=(mails.tested("dkim", server="mx.evil.test", header_d="example.net"),)), ""),
        (message(), ""),
    ],
)
def test_where_a_mail_comes_from(mail: Message, note: str) -> None:
    said = on_behalf(mail, "Mail.Example.net")
    assert (said.key if said else "") == (f"note.{note}" if note else "")

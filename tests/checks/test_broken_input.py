"""Rules on mails that are read in part: none may stop, none may accuse what was not read."""

from forensics.checks import RULES, load
from forensics.examples.cases import context
from forensics.examples.files import location
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.mail import Message
from forensics.model.presence.message import presence
from forensics.model.rules import Subject
from forensics.parsers.mail import rfc5322

TRACE = b"by mx.two.example (Postfix) with ESMTP id %s; Mon, 6 Mar 2017 10:00:05 +0000 (UTC)\r\n"
MAIL = (
    b"Received: from ("
    + b"x" * 400
    + b")\r\n "
    + TRACE % b"FFFFF12345"
    + b"Received: from a.example "
    + TRACE % b"FFFFF54321"
    + b"Date: Mon, 6 Mar 2017 10:00:00 +0000\r\nFrom: Anna <anna@one.example>\r\nLines: 400\r\n"
    + b"Content-Length: 9000\r\nMessage-ID: <1@one.example>\r\n\r\nText.\r\n"
)


def observed(limits: Limits) -> dict[str, int]:
    yielded = rfc5322.parse(MemoryBytes(MAIL), location(), ParseContext(limits=limits))
    (message,) = [one for one in yielded if isinstance(one, Message)]
    found = {}
    for rule in map(load, [name for name in RULES if not name.startswith("case.")]):
        power = presence(message) & rule.RULE.needs == rule.RULE.needs
        if rule.RULE.subject is Subject.MESSAGE and power:
            found[rule.RULE.id] = len(list(rule.check(message, context())))
    return {name: count for name, count in found.items() if count}


def test_a_field_that_is_not_interpreted_stops_no_rule() -> None:
    assert observed(Limits(field_bytes=300)) == {"mail.queue_id_form": 1, "mail.stated_length": 1}


def test_a_message_that_is_read_in_part_has_no_length_of_its_own() -> None:
    assert observed(Limits(memory_bytes=len(MAIL) - 3)) == {"mail.queue_id_form": 1}

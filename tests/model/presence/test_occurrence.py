"""Each presence bit of a place: the least fact that sets it, and that nothing else sets it."""

from typing import Any

import msgspec
import pytest

from forensics.examples.files import occurrence
from forensics.examples.times import time
from forensics.model.facts import ClockKind
from forensics.model.presence.message import MessageHas
from forensics.model.presence.occurrence import OccurrenceHas, presence
from forensics.parsers.mail.mailbox_times import facts_of_name

BARE = msgspec.structs.replace(occurrence(), unrecognized=False)
AT = "2017-03-06T10:00:00+00:00"


@pytest.mark.parametrize(
    ("bits", "facts"),
    [
        (OccurrenceHas.NOTHING, {}),
        (OccurrenceHas.NAME, {"name": "a.txt"}),
        (OccurrenceHas.DECLARED_TYPE, {"declared_type": "text/plain"}),
        (OccurrenceHas.EXTENSION_TYPE, {"extension_type": "text/plain"}),
        (OccurrenceHas.FOUND_TYPE, {"media_type": "text/plain"}),
        (OccurrenceHas.FOUND_TYPE | OccurrenceHas.UNKNOWN_TYPE, {"unrecognized": True}),
        (OccurrenceHas.IN_MESSAGE, {"in_message": True}),
        (OccurrenceHas.CONTAINER_TIME, {"times": (time(AT, clock=ClockKind.FILE_SYSTEM),)}),
        (
            OccurrenceHas.CONTAINER_TIME | OccurrenceHas.MAILBOX_TIME,
            {"times": (time(AT, clock=ClockKind.MAILBOX),)},
        ),
        (OccurrenceHas.MAILBOX_TIME, {"mail": int(MessageHas.MAILBOX_TIME)}),
        (OccurrenceHas.TRACE_TIME_1, {"mail": int(MessageHas.TRACE_TIME_1)}),
        (OccurrenceHas.UID, {"mail": int(MessageHas.UID)}),
        (OccurrenceHas.UID, {"named": facts_of_name(b"7.")}),
        (OccurrenceHas.NOTHING, {"named": facts_of_name(b"1453456800.M1P19V01I02.mail.example,S=9:2,S")}),
        (OccurrenceHas.NAMED_SIZE, {"lengths": (8, 9)}),
        (
            OccurrenceHas.NOTHING,
            {"mail": int(~(MessageHas.MAILBOX_TIME | MessageHas.TRACE_TIME_1 | MessageHas.UID))},
        ),
    ],
)
def test_a_fact_sets_its_bits_alone(bits: OccurrenceHas, facts: dict[str, Any]) -> None:
    assert OccurrenceHas(presence(msgspec.structs.replace(BARE, **facts))) == bits

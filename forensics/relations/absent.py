"""What the id of a message that is not in the archive says of it."""

from forensics.model.instants import FIRST, LAST, calendar
from forensics.parsers.mail.tokens.message_ids import message_id


def time_of_id(text: str) -> tuple[str, str]:
    """Return the time in a Message-ID, and the program or family that makes such ids.

    Args:
        text: the id without angle brackets.

    Returns:
        RFC 3339 UTC, or ISO 8601 without a zone where the id gives a local time; both texts are empty where the id is
        of no known form, or several times can be read from it.
    """
    readings = message_id(text.encode("utf-8", "replace"))
    if len(readings) != 1 or not FIRST <= readings[0].time < LAST:
        return "", ""
    (reading,) = readings
    written = (calendar(reading.time, reading.scheme.precision) or "").replace(" ", "T")
    local = reading.scheme.local or reading.scheme.zone
    return written if local else f"{written}Z", reading.scheme.name

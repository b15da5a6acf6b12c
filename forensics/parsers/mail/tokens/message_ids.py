"""Message-ID schemes that carry the time (T-01 to T-46, and webmailers that no row of the knowledge base names)."""

import re

from forensics.model.facts import ClockKind, Precision
from forensics.parsers.mail.tokens.queue_ids import NOT_OLD, SENDMAIL_LETTERS, postfix_long, sendmail
from forensics.parsers.mail.tokens.scheme import (
    B62,
    REVERSED36,
    Decoded,
    Read,
    Scheme,
    any_of,
    decode,
    digits,
    filetime,
    milliseconds,
    positional,
    short_digits,
    unix,
)

_CLIENT, _SERVER = ClockKind.SENDER, ClockKind.SERVER
_MINUTE, _MS, _TICK = Precision.MINUTE, Precision.MILLISECOND, Precision.TICK


def message_id(token: bytes) -> tuple[Decoded, ...]:
    """Decode a Message-ID without its angle brackets."""
    run = 0
    for run, letter in enumerate(token):  # noqa: B007
        if not 48 <= letter <= 57:
            break
    leading = _LEADING.get(run, ())
    return decode(token, (*leading, *_ANY) if _MAY_BE_ANY.match(token) else leading)


def _first(*, base: int = 10) -> Read:
    return lambda found: unix(int(found[1], base))


def _digits(found: re.Match[bytes]) -> int:
    return digits(found[1])


def _short(found: re.Match[bytes]) -> int:
    return short_digits(found[1])


def _ms(found: re.Match[bytes]) -> int:
    return milliseconds(int(found[1]))


def _hex_ms(found: re.Match[bytes]) -> int:
    return milliseconds(int(found[1], 16))


def _outlook(found: re.Match[bytes]) -> int:
    return filetime(int(found[1] + found[2], 16))


def _exim(found: re.Match[bytes]) -> int:
    return unix(positional(found[1], B62))


def _postfix(found: re.Match[bytes]) -> int:
    if int(found[2][:5], 16) >= 1_000_000:
        raise ValueError(found[2])
    return digits(found[1])


def _notes(found: re.Match[bytes]) -> int:
    day, hundredths = int(found[1], 16) & 0xFFFFFF, int(found[2], 16)
    if hundredths >= 8_640_000:
        raise ValueError(found[2])
    return unix((day - 2_440_588) * 86_400) + hundredths * 100_000


def _gnus(found: re.Match[bytes]) -> int:
    high, low = (positional(quad, REVERSED36) & 0xFFFF for quad in (found[1], found[2]))
    return unix(high * 65_536 + low)


def _two_numbers(found: re.Match[bytes]) -> int:
    low = int(found[2])
    if low >= 65_536:
        raise ValueError(found[2])
    return unix(int(found[1]) * 65_536 + low)


def _centiseconds(found: re.Match[bytes]) -> int:
    return int(found[1]) * 100_000


def _pine(found: re.Match[bytes]) -> int:
    """Before 4.2 the year counts from 1900: 99, then 100."""
    return digits(b"%d" % (1900 + int(found[1])) + found[2])


def _php(found: re.Match[bytes]) -> int:
    """PHP's ``uniqid`` repeats the seconds before it in hexadecimal digits."""
    seconds = int(found[1])
    if not 0 <= int(found[2], 16) - seconds <= 1:
        raise ValueError(found[2])
    return unix(seconds)


def _joined(found: re.Match[bytes]) -> int:
    return digits(found[1] + found[2])


def _row(
    name: str,
    rule: str,
    pattern: bytes,
    read: Read,
    clock: ClockKind = _CLIENT,
    precision: Precision = Precision.SECOND,
    *,
    local: bool = False,
    zone: str = "",
) -> Scheme:
    return Scheme(
        name=name,
        rule=rule,
        pattern=re.compile(pattern),
        read=read,
        clock=clock,
        precision=precision,
        local=local,
        zone=zone,
    )


_LEADING = {
    14: (
        _row("Postfix", "T-03", rb"(\d{14})\.([0-9A-F]{6,})@", _postfix, _SERVER),
        _row("qmail", "T-07", rb"(\d{14})\.\d+\.qmail@", _digits, _SERVER),
        _row("Mutt", "T-08", rb"(\d{14})\.G[A-Z]\d+@", _digits),
        _row("Mutt before 1.3", "T-09", rb"(\d{14})\.[A-FH-Z]\d+@", _digits, local=True),
        _row("NeoMutt", "T-10", rb"(\d{14})\.[a-z0-9]{16}@", _digits),
        _row("Horde", "", rb"(\d{14})\.(?:[a-z0-9]{16}|Horde\.[\w-]{16,32})@", _digits, _SERVER, local=True),
        _row("OpenWebMail", "", rb"(\d{14})\.M\d{1,6}@", _digits, _SERVER),
        _row("Mailgun", "T-26", rb"(\d{14})\.(?:[0-9a-f]{16}|\d+\.\d+)@", _digits, _SERVER),
        _row("git send-email", "T-28", rb"(\d{14})\.\d+-\d+-", _digits),
        _row("Sylpheed", "T-30", rb"(\d{14})\.[0-9a-f]{8}(?:[0-9a-f]{16})?[.@]", _digits, local=True),
        _row("Python", "T-40", rb"(\d{14})\.\d+\.\d+@", _digits),
        _row("SwiftMailer", "T-46", rb"(\d{14})\.[^@]*swift", _digits),
    ),
    12: (
        _row(
            "sendmail",
            "T-05",
            rb"(\d{12})\.(" + NOT_OLD + rb"[" + SENDMAIL_LETTERS + rb"]{8}\d{5,})@",
            lambda found: sendmail(found[2]),
            _SERVER,
        ),
        _row("sendmail before 8.10", "T-06", rb"(\d{12})\.[A-X]AA\d{3,12}@", _digits, _SERVER, _MINUTE),
        _row("JavaMail", "T-20", rb"\d+\.(\d{12,13})\.JavaMail\.", _ms, precision=_MS),
        _row("KMail", "T-29", rb"(\d{12})\.(\d{2})\d{3}\.", _joined, local=True),
        _row("Python", "T-40", rb"(\d{12})\.\d+\.\d{15,}@", _centiseconds),
    ),
    10: (
        _row("Evolution", "T-15", rb"(\d{9,10})\.\d+\.\d+\.camel@", _first()),
        _row("git send-email", "T-28", rb"(\d{10})-\d+-\d+-", _first()),
        _row("PHP", "", rb"(\d{10})\.([0-9a-f]{8})[0-9a-f]{5}@", _php, _SERVER),
        _row("Z-Mail", "T-34", rb"(\d{10})\.ZM\d+@", _short, precision=_MINUTE, local=True),
    ),
    9: (_row("Evolution", "T-15", rb"(\d{9,10})\.\d+\.\d+\.camel@", _first()),),
    8: (_row("Mew", "T-31", rb"(\d{8})\.(\d{6})\.\d+\.", _joined, local=True),),
    5: (_row("VM", "T-39", rb"(\d{5})\.(\d{1,5})\.\d+\.\d+@", _two_numbers),),
}
"""By the number of digits that a token begins with."""

_ANY = (
    _row("Exim", "T-01", rb"E?([0-9A-Za-z]{6})-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}@", _exim, _SERVER),
    _row("Exim from 4.97", "T-02", rb"E?([0-9A-Za-z]{6})-[0-9A-Za-z]{11}-[0-9A-Za-z]{4}@", _exim, _SERVER),
    _row(
        "Postfix long", "T-04", rb"([0-9A-Za-z]{10}z[0-9A-Za-z]{4,12})@", lambda found: postfix_long(found[1]), _SERVER
    ),
    _row(
        "Pine",
        "T-11",
        rb"Pine\.[A-Z0-9]+\.(?:3|4\.[01])[0-9A-Za-z.]{0,16}\.(1\d\d|9\d)(\d{10})\d?\.\d",
        _pine,
        local=True,
    ),
    _row("Pine", "T-11", rb"Pine\.[A-Z0-9]+\.(?!3|4\.[01])[0-9A-Za-z.]{0,16}\.(\d{12})\d\.\d", _short, local=True),
    _row("Alpine", "T-12", rb"alpine\.[A-Z0-9]+\.[0-9.]+\.(\d{12})\d\.\d+", _short, local=True),
    _row("Mozilla before 45", "T-13", rb"([0-9A-F]{8})\.\d{1,8}@", _first(base=16)),
    _row("Netscape 4", "T-14", rb"([0-9A-F]{8})\.[0-9A-F]{8}@", _first(base=16)),
    _row("MH", "T-16", rb"\d{1,7}\.(\d{9,10})@", _first()),
    _row("SquirrelMail", "T-17", rb"[0-9a-f.]*\.(\d{10})\.squirrel@", _first(), _SERVER),
    _row(
        "Outlook before 2007",
        "T-18",
        rb"[0-9a-f]{4}([0-9a-f]{8})\$([0-9a-f]{8})\$[0-9a-f]{8}@",
        _outlook,
        _CLIENT,
        _TICK,
    ),
    _row("Outlook", "T-19", rb"[0-9a-f]{4}([0-9a-f]{8})\$([0-9a-f]{8})\$[0-9a-f]{8}\$@", _outlook, _CLIENT, _TICK),
    _row("JavaMail", "T-20", rb"\d+\.(\d{12,13})\.JavaMail\.", _ms, precision=_MS),
    _row("JavaMail", "T-21", rb"-?\d+\.\d+\.(\d{13})\.JavaMail\.", _ms, precision=_MS),
    _row("Yahoo", "T-22", rb"\d+\.\d+\.(\d{13})@", _ms, _SERVER, _MS),
    _row("Coremail", "T-23", rb"[0-9a-f]+\.[0-9a-f]+\.([0-9a-f]{11})\.Coremail\.", _hex_ms, _SERVER, _MS),
    _row("Notes", "T-24", rb"OF.*-(?:ON)?([0-9A-F]{8})\.([0-9A-F]{8})@", _notes, _CLIENT, _MS),
    _row(
        "Amazon SES",
        "T-25",
        rb"01[0-9a-f]{2}([0-9a-f]{12})-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}-0{6}@",
        _hex_ms,
        _SERVER,
        _MS,
    ),
    _row("Mailchimp", "T-27", rb"[0-9a-f]+\.[0-9a-f]+\.(\d{14})\.[0-9a-f]+\.[0-9a-f]+@", _digits, _SERVER),
    _row("The Bat!", "T-32", rb"\d{6,}\.(\d{14})@", _digits, local=True),
    _row("Eudora", "T-33", rb"\d+(?:\.\d+)+\.(\d{14})\.[0-9a-f]{8}@", _digits, local=True),
    _row("XFMail", "T-34", rb"XFMail\.(\d{12})\.", _short, local=True),
    _row("Pegasus", "T-35", rb"([0-9A-F]{8})\.\d+\.[0-9A-F]+@", _first(base=16), local=True),
    _row("GroupWise", "T-36", rb"([0-9A-F]{8})0200[0-9A-F]{12}@", _first(base=16), _SERVER, local=True),
    _row("Gnus", "T-37", rb"[0-9a-z]*?([0-9a-z]{4})([0-9a-z]{4})\.fsf(?:_-_)?[^@]*@", _gnus),
    _row("Wanderlust", "T-38", rb"[0-9a-z]*?([0-9a-z]{4})([0-9a-z]{4})\.wl[^@]*@", _gnus),
    _row("Ruby", "T-41", rb"([0-9a-f]{8})[0-9a-f]{5}_[0-9a-f]+[^@]*@", _first(base=16)),
    _row(
        "Gmail relay",
        "T-42",
        rb"([0-9a-f]{8})\.[0-9a-f]{8}\.[0-9a-f]+\.[0-9a-f]+@mx\.google\.com",
        _first(base=16),
        _SERVER,
    ),
    _row(
        "Gmail before 2010",
        "T-43",
        rb"[0-9a-f]{8}(\d{10})[a-z][0-9a-f]+[a-z][0-9a-f]+@mail\.gmail\.com",
        _short,
        _SERVER,
        _MINUTE,
        local=True,
        zone="pacific",
    ),
    _row("Yandex", "T-44", rb"\d{4,8}(\d{10})@\S*yandex", _first(), _SERVER),
    _row("Mailman", "T-45", rb"mailman\.\d+\.(\d{10})\.\d+\.", _first(), _SERVER),
)

_MAY_BE_ANY = any_of(_ANY)

SCHEMES = (*[scheme for rows in _LEADING.values() for scheme in rows], *_ANY)
"""All rows."""

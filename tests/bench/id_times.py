"""Ids made from a time, made again for a later one in the same spelling: the rows that matter in mail of lists.

Patterns are matched at the start of an id. The groups of a pattern, joined, are the digits of the time; what moves them
gives as many back, or raises ``ValueError`` where they are no time.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from forensics.parsers.mail.tokens.scheme import B52, B62, REVERSED36, ZMAILER

Move = Callable[[str, int], str]
"""Digits and seconds in, as many digits out."""

_B36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def moved(token: str, seconds: int) -> list[tuple[int, int, str]]:
    """Return start, end and new text of the pieces of an id that are its time; none where no row fits."""
    for pattern, move in _ROWS:
        found = pattern.match(token)
        if found is None:
            continue
        spans = [found.span(group) for group in range(1, pattern.groups + 1)]
        try:
            new = move("".join([token[start:end] for start, end in spans]), seconds)
        except (ValueError, OverflowError, IndexError):
            continue
        return list(_pieces(new, spans))
    return []


def _pieces(new: str, spans: Iterable[tuple[int, int]]) -> Iterable[tuple[int, int, str]]:
    at = 0
    for start, end in spans:
        yield start, end, new[at : at + end - start]
        at += end - start


def positional(value: int, alphabet: str, width: int) -> str:
    """Write a number in an alphabet."""
    text = ""
    while len(text) < width:
        value, rest = divmod(value, len(alphabet))
        text = alphabet[rest] + text
    if value:
        raise OverflowError(value)
    return text


def _number(text: str, alphabet: str) -> int:
    value = 0
    for letter in text:
        value = value * len(alphabet) + alphabet.index(letter)
    return value


def _counted(alphabet: str, per_second: float = 1, taken: int | None = None) -> Move:
    """Count in a unit; only the first digits where *taken* says how many."""

    def move(text: str, seconds: int) -> str:
        digits = text[:taken]
        letters = alphabet.upper() if digits.isupper() and alphabet.islower() else alphabet
        value = _number(digits, letters) + int(seconds * per_second)
        return positional(value, letters, len(digits)) + text[len(digits) :]

    return move


def _calendar(form: str) -> Move:
    def move(text: str, seconds: int) -> str:
        return (datetime.strptime(text, form) + timedelta(seconds=seconds)).strftime(form)  # noqa: DTZ007

    return move


def _old_pine(text: str, seconds: int) -> str:
    """The year counts from 1900: 99, then 100."""
    year, rest = int(text[:-10]), text[-10:]
    new = datetime.strptime(f"{1900 + year}{rest}", "%Y%m%d%H%M%S") + timedelta(seconds=seconds)  # noqa: DTZ007
    return f"{new.year - 1900:0{len(text) - 10}}{new:%m%d%H%M%S}"


def _letters(alphabet: str, first_year: int, year_digits: int, first_day: int) -> Move:
    """A letter each for month, day, hour, minute and second; a year of several letters has six bits in each."""

    def move(text: str, seconds: int) -> str:
        year = first_year
        for place, letter in enumerate(reversed(text[:year_digits])):
            year += alphabet.index(letter) << 6 * place
        month, day, hour, minute, second = [alphabet.index(letter) for letter in text[year_digits:]]
        new = datetime(year, month + 1, day + first_day, hour, minute, second) + timedelta(seconds=seconds)  # noqa: DTZ001
        years = [new.year - first_year >> 6 * place & 63 for place in reversed(range(year_digits))]
        rest = [new.month - 1, new.day - first_day, new.hour, new.minute, new.second]
        return "".join([alphabet[field] for field in years + rest])

    return move


def _sendmail_id(text: str, seconds: int) -> str:
    """Minutes in digits, then the queue id's own letters."""
    return _MINUTES(text[:12], seconds) + _SENDMAIL(text[12:], seconds)


def _two_numbers(text: str, seconds: int) -> str:
    """Five digits of the upper bits, the others of the lower sixteen."""
    high, low = divmod((int(text[:5]) << 16) + int(text[5:]) + seconds, 1 << 16)
    return positional(high, _B36[:10], 5) + positional(low, _B36[:10], len(text) - 5)


def _pacific(text: str, seconds: int) -> str:
    """The wall clock of Google's servers."""
    form = "%Y.%m.%d.%H.%M.%S"
    old = datetime.strptime(text, form).replace(tzinfo=_CALIFORNIA)
    return (old.astimezone(UTC) + timedelta(seconds=seconds)).astimezone(_CALIFORNIA).strftime(form)


def _gnus(text: str, seconds: int) -> str:
    """Two numbers of four digits; the lower 16 bits of each are the time."""
    alphabet = REVERSED36.decode()
    high, low = _number(text[:4], alphabet), _number(text[4:], alphabet)
    time = ((high & 0xFFFF) << 16) + (low & 0xFFFF) + seconds
    new = (high & ~0xFFFF | time >> 16 & 0xFFFF, low & ~0xFFFF | time & 0xFFFF)
    return "".join([positional(value, alphabet, 4) for value in new])


def _gmail_boundary(text: str, seconds: int) -> str:
    """Microseconds, their last six digits first."""
    new = _HEX_MICRO(text[6:] + text[:6], seconds)
    return new[8:] + new[:8]


def _apple(text: str, seconds: int) -> str:
    """Milliseconds modulo 2**31 in as many digits as fit."""
    value = (int(text) + seconds * 1000) % 2**31
    return str(value).zfill(len(text))[: len(text)]


def _nothing(text: str, seconds: int) -> str:
    return text


_CALIFORNIA = ZoneInfo("America/Los_Angeles")
_B52, _B62 = B52.decode(), B62.decode()
_TICKS = 10_000_000
_UNIX, _UNIX_MS = _counted(_B36[:10]), _counted(_B36[:10], 1000)
_HEX, _HEX_TICKS, _HEX_MICRO = _counted(_B36[:16]), _counted(_B36[:16], _TICKS), _counted(_B36[:16], 1_000_000)
_SECONDS, _MINUTES = _calendar("%Y%m%d%H%M%S"), _calendar("%Y%m%d%H%M")
_SENDMAIL = _letters(_B62[:60], 1960, 1, 0)

_TABLE: Sequence[tuple[str, Move]] = (
    (r"[0-9A-F]{6,}\Z", _nothing),
    (r"((?:19|20)\d{12})(?!\d)", _SECONDS),
    (r"(\d{12})\.\d+\.\d{15,}@", _counted(_B36[:10], 100)),
    (r"((?:19|20)\d{10})\.(?![A-X]AA\d)([0-9A-Za-x]{6})[0-9A-Za-x]{2}\d{5,}@", _sendmail_id),
    (r"((?:19|20)\d{10})\.(\d\d)\d{3}\.", _SECONDS),
    (r"((?:19|20)\d{10})(?!\d)", _MINUTES),
    (r"((?:19|20)\d{6})\.(\d{6})\.\d", _SECONDS),
    (r"(?:-?\d+\.)?-?\d+\.([89]\d{11}|1\d{12})(?:\.JavaMail\.|@)", _UNIX_MS),
    (r"[0-9a-f]+\.[0-9a-f]+\.([0-9a-f]{11})\.Coremail\.", _counted(_B36[:16], 1000)),
    (r"\d{4,8}(1\d{9})@\S*yandex", _UNIX),
    (r"[0-9a-f.]*\.(1\d{9})\.squirrel@", _UNIX),
    (r"([3-6][0-9a-f]{7})\.[0-9a-f]{8}\.[0-9a-f]+\.[0-9a-f]+@mx\.google\.com", _HEX),
    (r"(\d{5})\.(\d{1,5})\.\d+\.\d+@", _two_numbers),
    (r"-?\d+-\d+-(\d{9,10})=:\d+\Z", _UNIX),
    (r"(1\d{9}|[89]\d{8})[.-]\d+[.-]", _UNIX),
    (r"\d{1,7}\.(1\d{9}|[89]\d{8})@", _UNIX),
    (r"Pine\.[A-Z0-9]+\.(?:3|4\.[01])[0-9A-Za-z.]{0,16}\.(1\d\d|9\d)(\d{10})", _old_pine),
    (r"[Pp]ine\.[A-Z0-9]+\.[0-9A-Za-z.]{0,16}\.(\d{12})\d\.\d", _calendar("%y%m%d%H%M%S")),
    (r"alpine\.[A-Z0-9]+\.[0-9.]+\.(\d{12})\d\.\d", _calendar("%y%m%d%H%M%S")),
    (r"([3-6][0-9A-F]{7})\.[0-9A-F]+@", _HEX),
    (r"[0-9a-f]{4}([0-9a-f]{8})\$([0-9a-f]{8})\$", _HEX_TICKS),
    (r"[0-9a-z]*?([0-9a-z]{4})([0-9a-z]{4})\.(?:fsf|wl)", _gnus),
    (rf"([{_B52}]{{10}})z[{_B52}]{{4,12}}(?:@|\Z)", _counted(_B52, taken=6)),
    (r"E?([0-9A-Za-z]{6})-(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{2}|[0-9A-Za-z]{11}-[0-9A-Za-z]{4})(?:@|\Z)", _counted(_B62)),
    (r"(?![A-X]AA\d)([0-9A-Za-x]{6})[0-9A-Za-x]{2}\d{5,6}(?:[-+]|\Z)", _SENDMAIL),
    (r"S\d+([A-Za-z0-7]{8})\Z", _letters(ZMAILER.decode(), 0, 3, 1)),
    (r"\S+\.(20\d\d(?:\.\d\d){5})\Z", _pacific),
    (r"\S+\.(1\d{12})\Z", _UNIX_MS),
    (r"----=_NextPart_\w{3}_\w{4}_([0-9A-F]{8})\.([0-9A-F]{8})\Z", _HEX_TICKS),
    (r"----_=_NextPart_\w{3}_([0-9A-F]{8})\.([0-9A-F]{8})\Z", _HEX_TICKS),
    (r"----=_Part_\d+_-?\d+\.(\d{12,13})\Z", _UNIX_MS),
    (r"----=_NextPart_([0-9A-F]{8})_[0-9A-F]{8}_[0-9A-F]{8}\Z", _HEX),
    (r"[0-9a-f]{12}([0-9a-f]{6})([0-9a-f]{8})[0-9a-f]{2}\Z", _gmail_boundary),
    (r"Apple-Mail-\d+-+(\d{8,10})\Z", _apple),
    (r"image\d{3}\.\w+@([0-9A-F]{8})\.([0-9A-F]{8})\Z", _HEX_TICKS),
    (r"(?:ii|f)_([0-9a-z]{8})\d+(?:@|\Z)", _counted(_B36, 1000)),
)
_ROWS = tuple([(re.compile(pattern), move) for pattern, move in _TABLE])

"""Ids that mail software makes from the time: written here so that they decode to the right instant."""

import base64
import uuid
from datetime import datetime
from random import Random

from forensics._demo.leak.clock import filetime, later, microseconds, wall

B62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
B52 = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz"
_TICKS_EPOCH = 621_355_968_000_000_000
_MODULUS = 1 << 54


def _digits(value: int, alphabet: str, width: int) -> str:
    text = ""
    while value or len(text) < width:
        value, rest = divmod(value, len(alphabet))
        text = alphabet[rest] + text
    return text


def hexadecimal(rng: Random, count: int) -> str:
    """Return *count* random lower-case hex digits."""
    return f"{rng.getrandbits(4 * count):0{count}x}"


def exim_id(instant: datetime, rng: Random) -> str:
    """Queue id of Exim up to 4.96: seconds, process, 1/2000 s."""
    seconds, fraction = divmod(microseconds(instant), 1_000_000)
    pid = _digits(rng.randrange(900, 31_000), B62, 6)
    return f"{_digits(seconds, B62, 6)}-{pid}-{_digits(fraction // 500, B62, 2)}"


def postfix_long(instant: datetime, rng: Random) -> str:
    """Long queue id of Postfix: seconds, microseconds, ``z``, inode."""
    seconds, fraction = divmod(microseconds(instant), 1_000_000)
    inode = _digits(rng.randrange(200_000, 90_000_000), B52[:51], 1)
    return f"{_digits(seconds, B52, 6)}{_digits(fraction, B52, 4)}z{inode}"


def postfix_short(instant: datetime, rng: Random) -> str:
    """Short queue id of Postfix: microseconds in five hex digits, inode."""
    return f"{instant.microsecond:05X}{rng.randrange(0x20000, 0xFFFFF):X}"


def dovecot_id(instant: datetime, rng: Random) -> str:
    """Session id of Dovecot: nanoseconds, seconds, process, host hash, little endian, base64 without padding."""
    seconds, fraction = divmod(microseconds(instant), 1_000_000)
    fields = (fraction * 1000 + rng.randrange(1000), seconds, rng.randrange(600, 32_000), 0x3F8A51C7)
    raw = b"".join([value.to_bytes(4, "little") for value in fields])
    return base64.b64encode(raw).decode("ascii").rstrip("=")


def uuid4(rng: Random) -> str:
    """Random UUID, lower case."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def mozilla_old(instant: datetime, rng: Random) -> str:
    """Local part of Thunderbird before 45: hex seconds, random."""
    return f"{microseconds(instant) // 1_000_000:08X}.{rng.randrange(1_000_000, 9_999_999)}"


def mutt(instant: datetime, rng: Random) -> str:
    """Local part of Mutt: UTC time, letter, process."""
    return f"{instant:%Y%m%d%H%M%S}.G{rng.choice('ABC')}{rng.randrange(900, 31_000)}"


def outlook(instant: datetime, rng: Random) -> str:
    """Local part of Outlook 2007 and later over SMTP: counter, FILETIME, random."""
    value = filetime(instant)
    head = f"{rng.randrange(1, 2000):04x}{value >> 32:08x}"
    return f"{head}${value & 0xFFFFFFFF:08x}${rng.getrandbits(32):08x}$"


def webpost(account: str, rng: Random) -> str:
    """Local part of the large web mail service: 51 characters, the first seven constant per account."""
    return account + "".join([rng.choice(B62 + "-_") for _ in range(51 - len(account))])


def exchange(host: str, rng: Random) -> str:
    """Local part of the hosted Exchange: host and 25 hex digits."""
    return f"{host}{rng.getrandbits(96):024X}0"


def javamail(instant: datetime, rng: Random) -> str:
    """Local part of JavaMail: two numbers, milliseconds, user."""
    return f"{rng.randrange(10**8, 2**31)}.{rng.randrange(10**4, 10**6)}.{microseconds(instant) // 1000}.JavaMail.envoi"


def webpost_boundary(instant: datetime, rng: Random, node: str) -> str:
    """28 hex digits: node, low and high part of the microseconds, one byte."""
    value = f"{microseconds(instant):014x}"
    return f"{node}{value[8:]}{value[:8]}{rng.randrange(256):02x}"


def outlook_boundary(instant: datetime, offset: int, part: int, counter: int) -> str:
    """``----=_NextPart_``, part, counter, FILETIME of the computer's wall clock."""
    value = filetime(wall(instant, offset))
    return f"----=_NextPart_{part:03d}_{counter:04X}_{value >> 32:08X}.{value & 0xFFFFFFFF:08X}"


def exchange_boundary(message_id: str, part: int) -> str:
    """``_NNN_`` and the first 55 characters of the Message-ID without punctuation."""
    plain = "".join([letter for letter in message_id if letter.isalnum()])
    return f"_{part:03d}_{plain[:55]}_"


def javamail_boundary(instant: datetime, rng: Random) -> str:
    """``----=_Part_``, counter, number, milliseconds."""
    part = f"{rng.randrange(100, 9000)}_{rng.randrange(10**8, 2**31)}"
    return f"----=_Part_{part}.{microseconds(instant) // 1000}"


def network_id(instant: datetime, rng: Random) -> str:
    """Exchange's network message id: a GUID whose last twelve digits are the upper 48 bits of .NET ticks."""
    ticks = microseconds(instant) * 10 + _TICKS_EPOCH
    head = hexadecimal(rng, 20)
    return f"{head[:8]}-{head[8:12]}-{head[12:16]}-{head[16:20]}-{ticks >> 16:012x}"


def thread_root(instant: datetime, rng: Random, *, modern: bool) -> bytes:
    """Thread-Index of a first mail: *modern* as Exchange writes it (01, 40 bits of FILETIME), else 48 bits; GUID."""
    value = filetime(instant)
    stamp = b"\x01" + (value >> 24).to_bytes(5, "big") if modern else (value >> 16).to_bytes(6, "big")
    return stamp + rng.getrandbits(128).to_bytes(16, "big")


def thread_child(parent: bytes, instant: datetime, rng: Random) -> bytes:
    """Append the five bytes of a reply: each block counts from the sum of those before it."""
    total = _thread_sum(parent)
    delta = (filetime(instant) - total) % _MODULUS
    coarse = delta >> 49 != 0
    word = (delta >> 23) | 1 << 31 if coarse else delta >> 18
    return parent + word.to_bytes(4, "big") + bytes((rng.randrange(256),))


def _thread_sum(index: bytes) -> int:
    total = int.from_bytes(index[:6], "big") << 16
    for start in range(22, len(index), 5):
        word = int.from_bytes(index[start : start + 4], "big")
        total += (word & 0x7FFFFFFF) << (23 if word >> 31 else 18)
    return total


def jitter(instant: datetime, rng: Random, low: float, high: float) -> datetime:
    """Return an instant between *low* and *high* seconds later, to the microsecond."""
    return later(instant, rng.randrange(int(low * 1e6), int(high * 1e6)) / 1e6)

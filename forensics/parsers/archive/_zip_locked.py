"""Encrypted members of a zip: which cipher, whether a password opens it, and what it decodes to.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.4.4 and 7 (strong encryption); WinZip's specification of AE-1 and AE-2.
"""

from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.decoding import Encoded
from forensics.model.items import Budget
from forensics.parsers._bounded import Unread, over_budget
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive.zip import FORMAT
from forensics.replay import ciphers, zipaes
from forensics.replay.decoders import stream_of
from forensics.replay.zipcrypto import HEADER_BYTES, decrypt_matching, fits

CIPHER_BYTES = 8_000_000
"""Members under PKWARE's old cipher beyond this stay unread: it is in Python, and takes about a microsecond a byte."""


class Aes(NamedTuple):
    """A member under WinZip's encryption that a password opens."""

    unlocked: zipaes.Unlocked
    name: str
    """Of the decoder that gives its content."""
    end: int
    """First byte after what the decoder is given."""
    crc32: bool
    """Whether the CRC-32 of the content is stated."""


def check(member: Member, passwords: tuple[bytes, ...]) -> None:
    """Make sure that a member can be decrypted at all.

    Raises:
        Unread: its cipher is not read, or there is no password.
    """
    headers = [header for header in (member.central, member.local) if header]
    strong = any(extra.id == records.STRONG_EXTRA for header in headers for extra in header.extras)
    aes = member.aes
    if member.flags & records.STRONG or strong:
        raise Unread("zip.encryption", "encrypted by PKWARE's strong encryption, which is not read")
    if member.method == records.AES_METHOD and (aes is None or aes.strength not in zipaes.BITS):
        raise Unread("zip.encryption", "encrypted by AES without a whole extra field that says how")
    if not member.decoder:
        method = aes.method if aes else member.method
        raise Unread("zip.method", f"encrypted, and its compression method {method} is not read")
    if not passwords:
        raise Unread("zip.encrypted", "encrypted, and no password was given")


def unlock_aes(source: ByteSource, member: Member, aes: records.Aes, passwords: tuple[bytes, ...]) -> Aes:
    """Return a member under WinZip's encryption, opened by one of the passwords.

    Raises:
        Unread: none opens it.
    """
    whole = member.data_end - member.data_start >= member.stored_size
    parameter = f"{zipaes.BITS[aes.strength]}{'' if whole else zipaes.CUT}"
    end = member.data_end
    if not whole:
        # What is there of an HMAC that lacks some of its bytes is no data.
        end = max(member.data_start, min(end, member.data_start + member.stored_size - zipaes.MAC_BYTES))
    unlocked = zipaes.unlock(Encoded(source, member.data_start, end, parameter, passwords))
    if unlocked is None:
        raise _wrong(len(passwords))
    name = ciphers.named(ciphers.ZIPAES, member.decoder, parameter)
    return Aes(unlocked, name, end, aes.version == 1 or bool(member.crc32))


def zipcrypto(source: ByteSource, member: Member, passwords: tuple[bytes, ...], budget: Budget) -> tuple[bytes, str]:
    """Return what a member under PKWARE's old cipher decodes to, and the name of the decoder that gives it.

    Raises:
        Unread: no password opens it, or it is too large.
    """
    if max(member.stored_size, member.size) > CIPHER_BYTES:
        raise Unread("zip.encrypted", f"encrypted by PKWARE's old cipher, and larger than {CIPHER_BYTES} bytes")
    if max(member.stored_size, member.size) > budget.left:
        raise over_budget(FORMAT.id, budget, member.size)
    data = source.read(member.data_start, member.data_end)
    checks = (member.crc32 >> 24, (member.local.time if member.local else 0) >> 8)
    fitting = [word for word in passwords if fits(data[:HEADER_BYTES], word, checks)]
    found = decrypt_matching(data, fitting, member.crc32, stream_of(member.decoder), CIPHER_BYTES)
    if found is None:
        raise _wrong(len(passwords))
    return found, ciphers.named(ciphers.ZIPCRYPTO, member.decoder, f"{member.crc32:08x}")


def _wrong(count: int) -> Unread:
    given = "the password that was given does not open it" if count == 1 else f"none of {count} passwords opens it"
    return Unread("zip.wrong_password", f"encrypted, and {given}")

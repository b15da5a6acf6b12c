"""Mails with ARC sets that are signed with a key made here; all invented."""

import hashlib
from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ParseContext
from forensics.model.locations import Location
from forensics.model.mail import Message
from forensics.parsers.mail import rfc5322


def message_of(raw: bytes) -> Message:
    found = rfc5322.parse(MemoryBytes(raw), Location(()), ParseContext())
    return next(one for one in found if isinstance(one, Message))


def put_on(private: RSAPrivateKey, raw: bytes, field: bytes) -> bytes:
    """Put a field on top of a mail whose ``b=`` is empty, and sign what the reader says that it signs."""
    read = message_of(field + b"\r\n" + raw).signatures[0]
    written = private.sign(bytes.fromhex(read.header_digest), PKCS1v15(), Prehashed(SHA256()))
    return field + b64encode(written) + b"\r\n" + raw


def sealed(private: RSAPrivateKey, raw: bytes, number: int, chain: bytes, extra: bytes = b"") -> bytes:
    hashed = b64encode(hashlib.sha256(raw.partition(b"\r\n\r\n")[2]).digest())
    head = b" i=%d; a=rsa-sha256; d=a.example; s=s; " % number
    raw = b"ARC-Authentication-Results: i=%d; a.example; none\r\n" % number + raw
    raw = put_on(private, raw, b"ARC-Message-Signature:" + head + b"c=relaxed/relaxed; h=from; bh=" + hashed + b"; b=")
    return put_on(private, raw, b"ARC-Seal:" + head + extra + b"cv=" + chain + b"; b=")

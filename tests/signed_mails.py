"""Mails that are signed with keys made here; all invented."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from forensics.authenticity.recovery import PublicKey

START = 1_600_000_000
DAY = 86_400


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Return a key; its small exponent keeps the tests short."""
    return rsa.generate_private_key(3, 1024)


def record_of(name: str) -> bytes:
    """Return the record of a key as it would be recovered."""
    numbers = private_key(name).public_key().public_numbers()
    return PublicKey(numbers.n, numbers.e).record


def mail(
    number: int, sender: str, to: str, *, key: str = "", name: str = "", changed: str = "", copies: int = 0
) -> bytes:
    """Return a mail of the day of that number.

    Args:
        number: days since `START`.
        sender: address in From.
        to: address in To.
        key: that signs it; empty: none does.
        name: ``domain/selector`` of the signature.
        changed: name of the field that is changed after it was signed, or ``body``.
        copies: names in Cc, which is signed too where there are any.
    """
    at = START + number * DAY
    date = format_datetime(datetime.fromtimestamp(at, UTC))
    body = f"Text {number}.\r\n".encode()
    fields = {
        "From": sender,
        "To": to,
        "Date": date,
        "Subject": f"Matter {number}",
        "Message-ID": f"<{number}.{sender}>",
    }
    if copies:
        fields["Cc"] = ", ".join([f"c{one}@two.example" for one in range(copies)])
    header = {"Received": f"from a.example by mx.example; {date}"}
    if key:
        header["DKIM-Signature"] = _signature(key, name, at, fields, body)
    header |= fields
    if changed == "body":
        body += b"Footer\r\n"
    elif changed:
        header[changed] += " Fwd"
    return "".join([f"{field}: {value}\r\n" for field, value in header.items()]).encode() + b"\r\n" + body


def _signature(key: str, name: str, at: int, fields: dict[str, str], body: bytes) -> str:
    domain, selector = name.split("/")
    stated = b64encode(hashlib.sha256(body).digest()).decode()
    own = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector}; t={at}; "
    names = [field for field in ("From", "Date", "Subject", "Cc") if field in fields]
    own += f"h={':'.join(names).lower()}; bh={stated}; b="
    signed = [f"{field.lower()}:{fields[field]}\r\n" for field in names]
    block = "".join(signed) + f"dkim-signature:{own}"
    return own + b64encode(private_key(key).sign(block.encode(), padding.PKCS1v15(), hashes.SHA256())).decode()


def write_mails(folder: Path, key: str, name: str, days: range, changed: str = "") -> None:
    """Write mails of four senders into a folder, one a day, signed with one key under ``domain/selector``."""
    folder.mkdir(exist_ok=True)
    domain, selector = name.split("/")
    for number in days:
        written = mail(number, f"p{number % 4}@{domain}", "all@lists.example", key=key, name=name, changed=changed)
        (folder / f"{domain}-{selector}-{key}-{number}.eml").write_bytes(written)

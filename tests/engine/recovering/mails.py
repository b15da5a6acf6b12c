"""Mails that are signed with keys made here; all invented."""

import hashlib
from base64 import b64encode
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

START = 1_600_000_000
DAY = 86_400


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """Return a key; its small exponent keeps the tests short."""
    return rsa.generate_private_key(3, 1024)


def signed_mail(key: str, domain: str, selector: str, number: int, changed: str) -> bytes:
    """Return a mail of the day of that number, one of its fields changed since it was signed."""
    at = START + number * DAY
    date = format_datetime(datetime.fromtimestamp(at, UTC))
    fields = {"From": f"p{number % 4}@{domain}", "Date": date, "Subject": f"Matter {number}"}
    body = f"Text {number}.\r\n".encode()
    stated = b64encode(hashlib.sha256(body).digest()).decode()
    own = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={domain}; s={selector}; t={at}; h=from:date:subject; bh={stated}; b="
    )
    block = "".join([f"{name.lower()}:{value}\r\n" for name, value in fields.items()]) + f"dkim-signature:{own}"
    signature = private_key(key).sign(block.encode(), padding.PKCS1v15(), hashes.SHA256())
    header = {"DKIM-Signature": own + b64encode(signature).decode(), **fields}
    if changed:
        header[changed] += " Fwd"
    return "".join([f"{name}: {value}\r\n" for name, value in header.items()]).encode() + b"\r\n" + body


def write_mails(folder: Path, key: str, name: str, days: range, changed: str = "") -> None:
    """Write mails of some days into a folder, signed with one key under ``domain/selector``."""
    folder.mkdir(exist_ok=True)
    domain, selector = name.split("/")
    for number in days:
        mail = signed_mail(key, domain, selector, number, changed)
        (folder / f"{domain}-{selector}-{key}-{number}.eml").write_bytes(mail)

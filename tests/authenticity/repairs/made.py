"""An invented list: mails, their signatures, and what servers do to them."""

import base64
import hashlib

from forensics.authenticity.repairs.mails import Mail, read_mail
from forensics.authenticity.repairs.mending import Signed
from forensics.authenticity.repairs.signed_header import SignedHeader
from forensics.model.items import Limits
from forensics.parsers.mail.canonical import canonical_body

HEADER = {
    "From": "Ada Ek <ada@sender.example>",
    "To": "talk@lists.example",
    "Cc": "Bo Gren <bo@one.example>, cy@two.example, Di Holm <di@three.example>",
    "Subject": "Minutes of Monday",
    "Date": "Mon, 6 May 2019 10:00:00 +0000",
    "Message-ID": "<1@sender.example>",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
}
SIGNED = ("from", "to", "cc", "subject", "date", "message-id", "mime-version", "content-type", "sender")


def mail(body: bytes, *, top: str = "", bottom: str = "", **fields: str | None) -> Mail:
    """Return a mail; a field that is ``None`` is left out, ``_`` stands for ``-``."""
    named = {name.replace("_", "-"): value for name, value in fields.items()}
    written = {**HEADER, **named}
    lines = [f"{name}: {value}\n" for name, value in written.items() if value is not None]
    return read_mail((top + "".join(lines) + bottom).encode() + b"\n" + body, Limits())


def stated(body: bytes) -> str:
    return hashlib.sha256(canonical_body(body, True)).hexdigest()


def signature(body: bytes) -> str:
    """Return a signature field whose ``b=`` signs nothing."""
    written = base64.b64encode(bytes.fromhex(stated(body))).decode()
    return (
        "DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=s1;\n"
        f" h={':'.join(SIGNED)}; bh={written}; b=AAAA\n"
    )


def signed(body: bytes, sent: Mail, here: Mail) -> Signed:
    """Return the row of the signature that a mail had when it was sent, as it stands in another."""
    found: list[bytes] = []
    field = next(one for one in sent.fields if one.key == "dkim-signature")
    SignedHeader(
        sent, field, SIGNED, relaxed=True, hash_name="sha256", signed=lambda digest: bool(found.append(digest))
    ).holds({})
    return Signed(
        kind="dkim",
        index=0,
        canonicalization="relaxed/relaxed",
        signed_fields=list(SIGNED),
        body_length=None,
        algorithm="rsa-sha256",
        body_hash_stated=stated(body),
        body_hash=stated(here.data[here.body_start :]),
        header="altered",
        signed_digest=found[0].hex(),
        digest_name="sha256",
        signature=b"",
        record=b"",
    )

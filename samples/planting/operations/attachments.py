"""O-26 to O-29: attachments swapped, edited, added, removed."""

import io
import re
import zipfile
from hashlib import sha256
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.mail import Mail
from samples.planting.mime import Part, Unfit
from samples.planting.operation import Operation, Plant, edited
from samples.planting.prose import WORD

_NOTE = "Transfer of {amount} to the second account, as agreed on the phone.\nPlease keep this between us.\n"
_PAGE = """%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 63>>stream
BT /F 12 Tf 72 770 Td (Transfer of {amount} to the second account) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""
_TEXTUAL = (".patch", ".diff", ".txt", ".c", ".h", ".log", ".dts", ".sh", ".py", ".csv", ".conf", ".config")
_ZIPPED = {".docx": "word/document.xml", ".xlsx": "xl/sharedStrings.xml", ".pptx": "ppt/slides/slide1.xml"}


def attached(mail: Mail) -> list[Part]:
    """Return the leaves that have a file name and stand in a multipart, but no signature or certificate."""
    kinds = ("application/pgp-signature", "application/pkcs7-signature")
    return [part for part in mail.parts() if part.name and part.boundary and part.media_type not in kinds]


def page(rng: Random) -> bytes:
    """Return a small PDF with an amount in it."""
    return _PAGE.replace("{amount}", f"{rng.randrange(20, 900)},000").encode()


def swapped(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-26: other content under the same name."""
    mail = Mail.parse(stored.data, sham=sham)
    found = attached(mail)
    if not found:
        return None
    part = rng.choice(found)
    new = page(rng) if part.name.lower().endswith(".pdf") else _NOTE.format(amount=rng.randrange(9000)).encode()
    mail.set_payload(part, new)
    return edited(mail, "D" if archive.witnessed(stored) else "P", f"content of {part.name!r} swapped", (new,))


def content_edited(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-27: one word or number inside an attached document or text."""
    mail = Mail.parse(stored.data, sham=sham)
    for part in attached(mail):
        old = mail.payload(part)
        new = _edited(part.name.lower(), old, rng)
        if new is not None and new != old:
            mail.set_payload(part, new)
            return edited(mail, "D" if archive.witnessed(stored) else "P", f"inside {part.name!r}", (new,))
    return None


def _edited(name: str, data: bytes, rng: Random) -> bytes | None:
    member = next((held for ending, held in _ZIPPED.items() if name.endswith(ending)), "")
    if member:
        return _zip_edited(data, member, rng)
    if not name.endswith(_TEXTUAL):
        return None
    found = list(WORD.finditer(data.decode("latin-1")))
    if len(found) < 2:
        return None
    at, other = rng.sample(found, 2)
    return data[: at.start()] + other[0].encode() + data[at.end() :]


def _zip_edited(data: bytes, member: str, rng: Random) -> bytes | None:
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
            for info in old.infolist():
                content = old.read(info)
                if info.filename == member:
                    content = re.sub(rb"(?<=>)([^<>]*[a-z])(?=<)", rb"\1, as agreed", content, count=1)
                new.writestr(info, content)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return None
    return out.getvalue()


def added(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-28: an attachment on a mail that had none."""
    mail = Mail.parse(stored.data, sham=sham)
    if attached(mail) or mail.value("Content-Type").lower().startswith("multipart/signed"):
        return None
    new = page(rng)
    # Of the mail's own, also where the same page is added to many.
    boundary = f"------------{sha256(stored.data).hexdigest()[:24].upper()}"
    try:
        mail.append_part(new, "application/pdf", "transfer.pdf", boundary)
    except Unfit:
        return None
    return edited(mail, "D/P", "transfer.pdf attached", (new,))


def removed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-29: an attachment is gone; its multipart stays."""
    mail = Mail.parse(stored.data, sham=sham)
    found = attached(mail)
    if not found:
        return None
    part = rng.choice(found)
    try:
        mail.remove_part(part)
    except (Unfit, IndexError):
        return None
    return edited(mail, "P", f"attachment {part.name!r} removed")


OPERATIONS = (
    Operation("O-26", "attachment swapped, name kept", swapped),
    Operation("O-27", "attachment content edited", content_edited),
    Operation("O-28", "attachment added", added),
    Operation("O-29", "attachment removed", removed),
)

"""Rows of what was repaired of one mail."""

import hashlib
from collections.abc import Iterator, Sequence

from forensics.authenticity.repairs.headers import Change
from forensics.authenticity.repairs.mails import Body, Mail, Removed, mime_fields
from forensics.authenticity.repairs.mending import Mended, Signed
from forensics.authenticity.repairs.originators import is_of_list
from forensics.authenticity.repairs.own_text import text_of
from forensics.authenticity.repairs.recipients import address_of, boxes_in, is_rewritten
from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.located import row_of as located_row
from forensics.model.rows.repairs import RepairRow
from forensics.parsers.mail.entity import COPIED

QUOTED_BYTES = 1_000
"""Of what was added, that a row carries."""
FIELD_BYTES = 20_000
"""Of a field: all that is ever restored, since lists of names may differ at their end."""


def body_rows(sha256: str, mail: Mail, mended: Mended) -> Iterator[RepairRow]:
    """Yield the row of the body for each signature that states its hash; whether a text is the route's own is open."""
    body = mended.body
    if body is None:
        return
    text = text_of(body.removed)
    for signed in mended.body_of:
        yield RepairRow(
            sha256=sha256,
            kind=signed.kind,
            index=signed.index,
            part="body",
            steps=list(body.steps),
            clears=not text,
            removed=_removed(mail, body.removed) if text else None,
            removed_sha256=hashlib.sha256(text).hexdigest() if text else "",
        )


def field_rows(sha256: str, mail: Mail, mended: Mended) -> Iterator[RepairRow]:
    """Yield a row for each field of the headers that hold again."""
    for signed, changes in mended.headers:
        for change in changes:
            here = [field.body for field in mail.fields if field.key == change.key]
            yield RepairRow(
                sha256=sha256,
                kind=signed.kind,
                index=signed.index,
                part="header",
                steps=[change.step],
                clears=_clears(mail, mended.body, change),
                field=change.key,
                signed=_shown(change.signed or b""),
                shown=_shown(here[-1] if here else b""),
            )


def untestable_rows(
    sha256: str, mail: Mail, signatures: Sequence[Signed], mended: Mended, route: str
) -> Iterator[RepairRow]:
    """Yield a row for each header that does not hold, and covers what a list is seen to have written itself.

    Args:
        sha256: of the mail.
        mail: it.
        signatures: of the mail.
        mended: what was repaired.
        route: id of its list, or organization of the newest server.
    """
    held = {(signed.kind, signed.index) for signed, _ in mended.headers}
    for signed in signatures:
        if signed.header != "altered" or (signed.kind, signed.index) in held:
            continue
        if "cc" in signed.signed_fields and is_rewritten(mail.fields):
            field = "cc"
        elif "sender" in signed.signed_fields and is_of_list(mail.fields, route):
            field = "sender"
        else:
            continue
        here = next(one.body for one in mail.fields if one.key == field)
        yield RepairRow(
            sha256=sha256,
            kind=signed.kind,
            index=signed.index,
            part="untestable",
            steps=[],
            clears=False,
            field=field,
            shown=_shown(here),
        )


def _removed(mail: Mail, removed: Sequence[Removed]) -> LocatedRow:
    pieces = [piece for piece in removed if piece.text]
    ranges = tuple([(mail.place(piece.start), mail.place(piece.end)) for piece in pieces])
    raw = b"".join([mail.stored[start:end] for start, end in ranges])
    value = text_of(pieces)[:QUOTED_BYTES].decode("utf-8", "replace")
    return located_row(Located(value, raw, Locator(ranges=ranges, path="body")), QUOTED_BYTES)


def _unquoted(value: bytes) -> bytes:
    """Return a MIME field as its parameters mean it: servers write quotes and white space anew (RFC 2045 5.1)."""
    return b"".join(value.replace(b'"', b"").split()).lower()


def _shown(value: bytes) -> str:
    return b" ".join(value[:FIELD_BYTES].split()).decode("utf-8", "replace")


def _clears(mail: Mail, body: Body | None, change: Change) -> bool:
    """Whether a field was changed as servers do: see `RepairRow`."""
    if change.step in ("recipients_ordered", "recipients_respelled"):
        return True
    if change.step == "recipients_removed":
        return not any(
            address_of(box) for field in mail.fields if field.key == change.key for box in boxes_in(field.body)
        )
    if change.step == "recipients_restored":
        return change.key == "cc" and is_rewritten(mail.fields)
    if not change.key.startswith("content-"):
        return False
    if body is not None and change.key in body.mime:
        return change.signed == body.mime[change.key].partition(b":")[2].strip()
    here = mime_fields(mail.fields).get(change.key, b"").partition(b":")[2]
    if _unquoted(here) == _unquoted(change.signed or b""):
        return True
    both = {_shown(here).lower(), _shown(change.signed or b"").lower()}
    return change.key == "content-transfer-encoding" and both <= COPIED

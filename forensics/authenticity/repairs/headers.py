"""Tries what may have been done to a header, until it is what a signature signed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, product

import msgspec

from forensics.authenticity.repairs.dates import originals_of_date
from forensics.authenticity.repairs.mails import Mail, body_of
from forensics.authenticity.repairs.mime_fields import originals_of_encoding, originals_of_type
from forensics.authenticity.repairs.originators import originals_of_from, originals_of_sender
from forensics.authenticity.repairs.recipients import address_of, boxes_in, edited, is_rewritten, orders, respelled
from forensics.authenticity.repairs.signed_header import SignedHeader
from forensics.authenticity.repairs.subjects import originals_of_subject

MOST_TRIES = 3_000
"""Of combinations of fields."""
MOST_FIELDS = 3
"""Fields that are changed at once."""
SHARE = 8
"""One in so many lists is tried of names that no server rewrote, and with other fields changed."""
MOST_BASES = 3
"""Combinations of other fields with which names are put in order."""


class Hints(msgspec.Struct, frozen=True):
    """What other mails of the archive say."""

    accounts: Sequence[bytes] = ()
    """Addresses that stand in Return-Path and Sender of the author's other mails."""
    boxes: Sequence[bytes] = ()
    """Mailboxes in the thread, the most frequent first."""
    subjects: Sequence[bytes] = ()
    """Subjects of the thread."""


class Change(msgspec.Struct, frozen=True):
    """One field as it may have been."""

    step: str
    key: str
    signed: bytes | None
    """Its body, white space at the ends left out; ``None``: it was not there."""

    @property
    def fields(self) -> tuple[bytes, ...]:
        """The fields of its name that stood in the header."""
        return () if self.signed is None else (self.key.encode() + b": " + self.signed + b"\n",)


Changes = tuple[Change, ...]
LISTS = ("cc", "to")
"""Fields that are lists of names."""


class HeaderSearch:
    """What a header may have been.

    Args:
        mail: it stands in.
        mime: the MIME fields of the body that was signed.
        hints: what other mails say.
    """

    def __init__(self, mail: Mail, mime: Mapping[str, bytes], hints: Hints) -> None:
        self._fields: dict[str, list[bytes]] = {}
        for field in mail.fields:
            self._fields.setdefault(field.key, []).append(field.body)
        self._mime = mime
        self._hints = hints
        self._rewritten = is_rewritten(mail.fields)
        self._changes: dict[str, tuple[Change, ...]] = {}

    def run(self, header: SignedHeader, known: Sequence[Changes], tries: int) -> Changes | None:
        """Return the changes with which a signature holds.

        Args:
            header: what it signs.
            known: what restored headers of the same route, the likeliest first.
            tries: lists of names that may be tried.
        """
        for changes in islice(self._combined(header, known), MOST_TRIES):
            if header.holds({change.key: change.fields for change in changes}):
                return changes
        # Where a list wrote the recipients anew, no Date alone restores the header.
        if "date" in header.names and header.relaxed and not self._rewritten:
            dates = originals_of_date(self._fields)
            if (signed := header.first_that_holds("date", dates, {})) is not None:
                return (Change("date_restored", "date", signed),)
        return self._listed(header, known, tries)

    def _combined(self, header: SignedHeader, known: Iterable[Changes]) -> Iterator[Changes]:
        """Yield changes of all fields but To and Cc."""
        keys = [key for key in _ORIGINALS if key in header.names and self._of(key)]
        tried: set[tuple[str, ...]] = set()
        for changes in known:
            if all(change.key in keys for change in changes):
                yield changes
                changed = tuple([change.key for change in changes])
                if changed not in tried:
                    tried.add(changed)
                    yield from product(*[self._of(key) for key in changed])
        most = 1 if self._rewritten else MOST_FIELDS
        for count in range(1, most + 1):
            for chosen in combinations(keys, count):
                if chosen not in tried:
                    yield from product(*[self._of(key) for key in chosen])

    def _listed(self, header: SignedHeader, known: Iterable[Changes], tries: int) -> Changes | None:
        """Try lists of names, those that a server rewrote together with what else is likely to have been changed."""
        bases = [(), *[changes for changes in known if all(one.key in header.names for one in changes)]]
        missing = self._missing()
        for key in LISTS:
            here = boxes_in(self._fields[key][0]) if len(self._fields.get(key, ())) == 1 else []
            if key not in header.names or not header.relaxed or not here:
                continue
            rewritten = key == "cc" and self._rewritten
            for base in bases[: MOST_BASES + 1 if rewritten else 1]:
                lists = chain(
                    respelled(here), edited(here, missing), orders(here, missing if rewritten and not base else ())
                )
                most = tries if rewritten and not base else tries // SHARE
                bodies = map(b", ".join, islice(lists, most))
                fields = {change.key: change.fields for change in base}
                before = header.tries
                if (signed := header.first_that_holds(key, bodies, fields)) is not None:
                    return (*base, Change(step_of(here, boxes_in(signed)), key, signed))
                tries -= header.tries - before
        return None

    def _missing(self) -> list[bytes]:
        """Return mailboxes of the thread that neither To nor Cc names."""
        there = {
            address_of(box) for key in ("to", "cc") for body in self._fields.get(key, ()) for box in boxes_in(body)
        }
        return [box for box in self._hints.boxes if address_of(box) not in there]

    def _of(self, key: str) -> tuple[Change, ...]:
        """Return what one field may have been."""
        if key not in self._changes:
            step, originals = _ORIGINALS[key]
            here = self._fields.get(key, [])
            found = dict.fromkeys(originals(self._fields, self._mime, self._hints))
            found.pop(b" ".join(here[-1].split()) if here else None, None)
            self._changes[key] = tuple([Change(step, key, signed) for signed in found])
        return self._changes[key]


def step_of(here: Sequence[bytes], signed: Sequence[bytes]) -> str:
    """Return what makes the signed names of the names here."""
    if len(signed) > len(here):
        return "recipients_restored"
    if len(signed) < len(here):
        return "recipients_removed"
    return "recipients_ordered" if sorted(signed) == sorted(here) else "recipients_respelled"


_Originals = Callable[[Mapping[str, Sequence[bytes]], Mapping[str, bytes], Hints], Iterable[bytes | None]]


def _as_in_part(key: str) -> _Originals:
    """Return what gives a MIME field as the body that was signed has it."""
    return lambda fields, mime, hints: [body_of(mime[key]).strip() if key in mime else None]


_ORIGINALS: Mapping[str, tuple[str, _Originals]] = {
    "sender": ("sender_restored", lambda fields, mime, hints: originals_of_sender(fields, hints.accounts)),
    "content-transfer-encoding": ("encoding_restored", lambda fields, mime, hints: originals_of_encoding(mime)),
    "content-type": ("type_restored", lambda fields, mime, hints: originals_of_type(mime)),
    "content-disposition": ("part_field_restored", _as_in_part("content-disposition")),
    "content-id": ("part_field_restored", _as_in_part("content-id")),
    "content-description": ("part_field_restored", _as_in_part("content-description")),
    "subject": ("subject_restored", lambda fields, mime, hints: originals_of_subject(fields, hints.subjects)),
    "from": ("from_restored", lambda fields, mime, hints: originals_of_from(fields, hints.boxes)),
    "reply-to": ("reply_to_removed", lambda fields, mime, hints: (None,)),
    "mime-version": ("mime_version_restored", lambda fields, mime, hints: (None, b"1.0")),
}
"""Field to its step and to what it may have been, the likeliest first."""

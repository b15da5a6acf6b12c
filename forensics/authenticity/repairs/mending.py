"""Repairs one mail after the other: its body, then the headers of the signatures whose signed digest is known."""

from collections.abc import Callable, Sequence

import msgspec

from forensics.authenticity.key_records import read_record
from forensics.authenticity.repairs.bodies import BodySearch, Target
from forensics.authenticity.repairs.headers import LISTS, Changes, HeaderSearch, Hints
from forensics.authenticity.repairs.mails import Body, Mail, body_of_mail
from forensics.authenticity.repairs.memory import Memory
from forensics.authenticity.repairs.recipients import boxes_in
from forensics.authenticity.repairs.signed_header import SignedHeader
from forensics.parsers.mail.signatures import KINDS

MOST_BYTES = 4_000_000
"""Of a mail that is repaired at all."""
MOST_SIGNATURES = 20
"""Of one mail."""
LIST_TRIES = 300_000
"""Lists of names that are tried for one signature: 0.4 s."""
SLOW_TRIES = 3_000
"""The same where each is verified by a key that does not give the digest away."""
EARNED_TRIES, LEAST_TRIES = 8_000, 3_000
"""How many each mail that is restored earns its route, and how many are tried where none are left: most names that a
server dropped are found with fewer, and a route on which none helps costs little."""
_KEYS = {kind: key for key, kind in KINDS.items()}


class Signed(msgspec.Struct, frozen=True, kw_only=True):
    """A signature of the mail, as `signatures` and `verdicts` have it."""

    kind: str
    index: int
    canonicalization: str
    signed_fields: list[str]
    body_length: int | None
    algorithm: str
    body_hash_stated: str
    body_hash: str
    header: str
    """Empty where no key is at hand."""
    signed_digest: str
    digest_name: str
    signature: bytes
    record: bytes
    """Of its key."""

    @property
    def hash_name(self) -> str:
        """Name of its hash as it says."""
        return "sha1" if self.algorithm.endswith("-sha1") else "sha256"


class Mended(msgspec.Struct, frozen=True):
    """What was repaired of one mail."""

    body: Body | None = None
    body_of: Sequence[Signed] = ()
    """The signatures that state its hash."""
    headers: Sequence[tuple[Signed, Changes]] = ()
    unfinished: bool = False
    """Whether a limit ended a search that had found nothing."""


class Mender:
    """Repairs mails, and remembers what worked for each route."""

    def __init__(self) -> None:
        self._bodies: Memory[tuple[str, ...]] = Memory(6)
        self._headers: Memory[Changes] = Memory(12)
        self._dropped: Memory[bytes] = Memory(12)
        self._left: dict[str, int] = {}

    def mend(self, mail: Mail, signatures: Sequence[Signed], route: str, hints: Hints) -> Mended:
        """Repair a mail.

        Args:
            mail: it.
            signatures: those that sign a body, in the order of their rows.
            route: id of its list, or organization of the newest server.
            hints: what other mails say.
        """
        if len(mail.data) > MOST_BYTES or len(signatures) > MOST_SIGNATURES:
            return Mended(unfinished=True)
        judged = [one for one in signatures if one.body_hash and one.body_hash_stated]
        body, holding, unfinished = None, list[Signed](), False
        if judged and all(one.body_hash != one.body_hash_stated for one in judged):
            body, holding, unfinished = self._body(mail, judged, route)
        search = HeaderSearch(mail, (body or body_of_mail(mail)).mime, self._with_dropped(route, hints))
        headers: list[tuple[Signed, Changes]] = []
        for one in signatures:
            if one.header == "altered" and (changes := self._header(mail, search, one, route)):
                headers.append((one, changes))
        return Mended(body, holding, headers, unfinished)

    def _body(self, mail: Mail, judged: Sequence[Signed], route: str) -> tuple[Body | None, list[Signed], bool]:
        targets = {target: one for one in judged if (target := _target(one)) is not None}
        search = BodySearch(mail, list(targets))
        found = search.run(self._bodies.likely(route))
        if found is None:
            return None, [], search.exhausted
        body, held = found
        self._bodies.worked(route, body.steps)
        return body, [one for one in judged if _target(one) in held], False

    def _header(self, mail: Mail, search: HeaderSearch, signed: Signed, route: str) -> Changes | None:
        header = _signed_header(mail, signed)
        if header is None:
            return None
        left = self._left.get(route, LIST_TRIES)
        most = LIST_TRIES if signed.signed_digest else SLOW_TRIES
        changes = search.run(header, self._headers.likely(route), min(max(left, LEAST_TRIES), most))
        self._left[route] = max(left - header.tries, 0) + (EARNED_TRIES if changes else 0)
        if changes:
            self._learn(mail, changes, route)
        return changes

    def _learn(self, mail: Mail, changes: Changes, route: str) -> None:
        if others := tuple([one for one in changes if one.key not in LISTS]):
            self._headers.worked(route, others)
        for one in changes:
            if one.step == "recipients_restored" and one.signed is not None:
                here = {box for field in mail.fields if field.key == one.key for box in boxes_in(field.body)}
                for box in boxes_in(one.signed):
                    if box not in here:
                        self._dropped.worked(route, box)

    def _with_dropped(self, route: str, hints: Hints) -> Hints:
        """Return hints whose mailboxes begin with those that were dropped from other mails of the route."""
        boxes = dict.fromkeys((*self._dropped.likely(route), *hints.boxes))
        return msgspec.structs.replace(hints, boxes=tuple(boxes))


def _target(signed: Signed) -> Target | None:
    return Target.of(signed.canonicalization, signed.body_length, signed.hash_name, signed.body_hash_stated)


def _signed_header(mail: Mail, signed: Signed) -> SignedHeader | None:
    """Return what a signature covers; ``None`` where its field is not there, or nothing tells what was signed."""
    fields = [field for field in mail.fields if field.key == _KEYS.get(signed.kind)]
    signs = _signs(signed)
    if signed.index >= len(fields) or signs is None:
        return None
    relaxed = signed.canonicalization.partition("/")[0] == "relaxed"
    return SignedHeader(
        mail,
        fields[signed.index],
        signed.signed_fields,
        relaxed=relaxed,
        hash_name=signed.digest_name or signed.hash_name,
        signed=signs,
    )


def _signs(signed: Signed) -> Callable[[bytes], bool] | None:
    """Return what says of a digest whether it is the one that was signed."""
    if signed.signed_digest:
        return bytes.fromhex(signed.signed_digest).__eq__
    key = read_record(signed.record).ed25519
    if key is None:
        return None
    from cryptography.exceptions import InvalidSignature  # loaded with the first key

    def verifies(digest: bytes) -> bool:
        try:
            key.verify(signed.signature, digest)
        except InvalidSignature:
            return False
        return True

    return verifies

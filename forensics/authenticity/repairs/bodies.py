"""Tries what may have been done to a body, until its stated hash is that of what was signed."""

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec

from forensics.authenticity.repairs.decoding import parts_decoded, text_decoded
from forensics.authenticity.repairs.encoding import base64_76, quoted_printable_75, quoted_printable_76
from forensics.authenticity.repairs.footers import footer_cut
from forensics.authenticity.repairs.mails import Body, Mail, body_of_mail
from forensics.authenticity.repairs.quoting import from_unmarked
from forensics.authenticity.repairs.wrapping import last_part_dropped, unwrapped
from forensics.parsers.mail.canonical import canonical_body

KINDS: tuple[tuple[Callable[[Mail, Body], Iterator[Body]], ...], ...] = (
    (from_unmarked,),
    (unwrapped, last_part_dropped),
    (text_decoded, parts_decoded),
    (footer_cut,),
    (quoted_printable_76, quoted_printable_75, base64_76),
)
"""What undoes a change, in the order in which changes are undone; of one line at most one."""
MOST_STEPS = 4
MOST_TRIES = 200
MOST_BYTES = 40_000_000
"""Canonicalised for one mail: 0.2 s."""


class Target(msgspec.Struct, frozen=True):
    """What one signature says of the body."""

    relaxed: bool
    length: int | None
    hash_name: str
    stated: str
    """``bh=``, hex."""

    @classmethod
    def of(cls, canonicalization: str, length: int | None, hash_name: str, stated: str) -> "Target | None":
        """Take what a signature says; ``None``: its form is unknown."""
        form = canonicalization.partition("/")[2] or "simple"
        return cls(form == "relaxed", length, hash_name, stated) if form in ("relaxed", "simple") else None


class BodySearch:
    """What may have been signed, in the order in which it is tried; what was not tried is counted."""

    def __init__(self, mail: Mail, targets: Sequence[Target]) -> None:
        self._mail = mail
        self._targets = targets
        self.hashed = 0
        """Bytes, before they were canonicalised."""
        self.tries = 0
        self.exhausted = False
        """Whether a limit ended it."""

    def run(self, known: Sequence[tuple[str, ...]]) -> tuple[Body, list[Target]] | None:
        """Return the first body that a signature states the hash of, and what states it.

        Args:
            known: steps that restored bodies of the same route, the likeliest first.
        """
        if (found := self.run_known(known)) is not None:
            return found
        tried = set(known)
        for body in self._all(body_of_mail(self._mail)):
            if body.steps not in tried and (held := self._holding(body)):
                return body, held
            if self.exhausted:
                break
        return None

    def run_known(self, known: Iterable[tuple[str, ...]]) -> tuple[Body, list[Target]] | None:
        """Return the same of what these steps alone make; no step at all is the body as it is."""
        here = body_of_mail(self._mail)
        for steps in known:
            for body in self._walk(here, steps, 0):
                if held := self._holding(body):
                    return body, held
        return None

    def _holding(self, body: Body) -> list[Target]:
        self.tries += 1
        self.hashed += len(body.content)
        if self.tries > MOST_TRIES or self.hashed > MOST_BYTES:
            self.exhausted = True
            return []
        forms: dict[bool, bytes] = {}
        held: list[Target] = []
        for target in self._targets:
            if target.relaxed not in forms:
                forms[target.relaxed] = canonical_body(body.content, target.relaxed)
            form = forms[target.relaxed]
            if target.length not in (None, len(form)):
                continue  # what stands beyond ``l=`` would be said to hold, and nobody signed it
            if hashlib.new(target.hash_name, form).hexdigest() == target.stated:
                held.append(target)
        return held

    def _walk(self, body: Body, steps: tuple[str, ...], first: int) -> Iterator[Body]:
        if not steps:
            yield body
            return
        for place in range(first, len(KINDS)):
            for undo in KINDS[place]:
                if undo.__name__ == steps[0]:
                    for found in undo(self._mail, body):
                        yield from self._walk(found, steps[1:], place + 1)

    def _all(self, here: Body) -> Iterator[Body]:
        """Yield all that can be made of a body, by the number of steps."""
        left = deque([(here, 0)])
        while left:
            body, first = left.popleft()
            if len(body.steps) == MOST_STEPS:
                return
            for place in range(first, len(KINDS)):
                for undo in KINDS[place]:
                    for found in undo(self._mail, body):
                        yield found
                        left.append((found, place + 1))

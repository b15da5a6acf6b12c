"""Which of two copies was made from the other, where they show it; where signs speak both ways, nothing is told."""

from collections.abc import Iterable, Iterator

from forensics.model.comparing import Cause, Derived, Difference
from forensics.relations.comparing import writers
from forensics.relations.comparing.grounds import Grounds
from forensics.relations.comparing.reading import ComparedMail


def origin(
    one: ComparedMail, other: ComparedMail, grounds: Grounds, found: Iterable[Difference]
) -> tuple[Derived, tuple[str, ...]]:
    """Return which of two copies was made from the other, with the reasons; none where that is not told."""
    signs = list(_signs(one, other, grounds, list(found)))
    sides = {side for side, _ in signs}
    if len(sides) != 1:
        return Derived.NOT_TOLD, ()
    return sides.pop(), tuple(dict.fromkeys(reason for _, reason in signs))


def _signs(
    one: ComparedMail, other: ComparedMail, grounds: Grounds, found: list[Difference]
) -> Iterator[tuple[Derived, str]]:
    for side, here, there in ((Derived.ONE, one, other), (Derived.OTHER, other, one)):
        if _breaks(here, there):
            yield side, "body_hash"
    if not all(difference.lawful for difference in found):
        return  # what servers do says nothing of who changed the rest
    above, lists = grounds.way.above, grounds.lists
    if grounds.way.both and min(above) == 0 < max(above):
        yield (Derived.ONE if above[0] else Derived.OTHER), "more_hops"
    for difference in found:
        if difference.cause is Cause.LIST and difference.kind in ("text_added", "text_removed"):
            yield (Derived.OTHER if difference.kind == "text_added" else Derived.ONE), "list_text"
    if grounds.list_ and bool(lists[0]) != bool(lists[1]):
        yield (Derived.ONE if lists[0] else Derived.OTHER), "list_fields"
    mine, yours = (_kept(mail) for mail in (one, other))
    if not any(above) and (mine < yours or yours < mine):
        yield (Derived.OTHER if mine < yours else Derived.ONE), "more_mailbox_fields"


def _breaks(here: ComparedMail, there: ComparedMail) -> bool:
    """Whether the body of one is no longer that of a signature that both have, and that of the other still is."""
    holding = {
        signature.body_hash_stated
        for signature in there.message.signatures
        if signature.body_hash and signature.body_hash == signature.body_hash_stated
    }
    return any(
        signature.body_hash_stated in holding and signature.body_hash not in ("", signature.body_hash_stated)
        for signature in here.message.signatures
    )


def _kept(mail: ComparedMail) -> frozenset[str]:
    return frozenset(name for name in mail.root.by_key if writers.by_mailbox(name))

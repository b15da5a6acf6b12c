"""What the mails of one entry share, and in what they differ."""

from collections.abc import Mapping, Sequence

from forensics.knowledge.terms import TRAITS
from forensics.model.findings import Compared, Related
from forensics.model.instants import calendar
from forensics.model.sentences import Sentence
from forensics.stages.grading.concluding.entry import QUOTE_DIFFERS, RESTORED_TEXT, Entry, relation_of
from forensics.stages.grading.concluding.facts import Facts, MailRow

MOST = 5
"""Mails that are compared."""
_OTHER_MAILS = frozenset((QUOTE_DIFFERS, RESTORED_TEXT))
"""Rules that bind a mail to one that never was the same."""
SHOWN = 200
"""Characters of a value."""


def related(entry: Entry, facts: Facts) -> tuple[Related, ...]:
    """Return the other mails of an entry with what each is to its item."""
    return tuple(
        [Related(item=ref, relation=relation_of(entry, ref.sha256, facts)) for ref, _ in entry.others.values()]
    )


def compared(entry: Entry, facts: Facts) -> tuple[Compared, ...]:
    """Return the traits of the mails of an entry that may be one mail, those that none of them has left out.

    None where it is about no two such mails: a reply shares little with what it quotes, and nothing follows from that.
    """
    others = [sha256 for sha256, (_, rule) in entry.others.items() if rule not in _OTHER_MAILS]
    return _compare([entry.item, *others[: MOST - 1]], facts)


def alike(item: str, other: str, facts: Facts) -> tuple[tuple[Sentence, ...], tuple[Sentence, ...]]:
    """Name the traits that two mails have alike, and those that both have and not alike."""
    traits = [one for one in _compare([item, other], facts) if all(one.values)]
    same = tuple([TRAITS[one.trait]() for one in traits if one.same])
    return same, tuple([TRAITS[one.trait]() for one in traits if not one.same])


def _compare(items: Sequence[str], facts: Facts) -> tuple[Compared, ...]:
    mails = [mail for sha256 in items if (mail := facts.mail(sha256)) is not None]
    if len(items) < 2 or len(mails) < len(items):
        return ()
    traits = [_traits(mail) for mail in mails]
    return tuple([_compared(name, [values[name] for values in traits]) for name in TRAITS if _any(name, traits)])


def _any(name: str, traits: Sequence[Mapping[str, str]]) -> bool:
    return any(values[name] for values in traits)


def _compared(name: str, values: Sequence[str]) -> Compared:
    """Compare whole values, of which the first characters are shown."""
    same = bool(values[0]) and len(set(values)) == 1
    return Compared(trait=name, same=same, values=tuple([value[:SHOWN] for value in values]))


def _traits(mail: MailRow) -> dict[str, str]:
    instant = mail.date.instant if mail.date is not None else None
    return {
        "sender": mail.sender or "",
        "date": (calendar(instant) or str(instant)) if instant is not None else "",
        "subject": mail.subject or "",
        "message_id": mail.message_id or "",
        "first_server": mail.first_hop or "",
        "letters": (mail.letters_sha256 or "")[:16],
    }

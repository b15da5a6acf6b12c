"""When a key that was recovered from the archive counts as its domain's own.

Anybody can sign mails with a key of their own under any domain and selector, and that key is recovered like any other.
It authenticates only where something that these mails do not say themselves binds it to the domain: the days in which
the world saw the selector, or the use that people made of it who are known from other mails. And never where another
key of the selector opens as much at that time.

This resists a key under a selector that nobody used, and one under a true selector beside mails of its true key; a key
on the mails of colleagues who are real, since they wrote others without it; a key on those of colleagues who are
invented, unless others are invented who write to them. It does not resist somebody who invents the whole archive, or
who signs under a selector and days that are known where no true mail of that selector is left; the times of arrival
are those of trace fields, which such a person writes too.

Source: kb:A-20, kb:D-27.
"""

from collections.abc import Collection, Iterable

from forensics.knowledge import births

SENDERS = 3
SPAN_DAYS = 90
SHARE = 2 / 3
"""Of its senders' mails, that a key signs at least while it is in use. On 28,000 mails of four lists 27 true keys sign
73 to 100 % and one 64 %; an own key on ten mails drawn from one domain passed in 1 of 4,000 draws, one on thirty mails
where they are most of what the domain has."""
EARLY_DAYS = {True: 3, False: 365}
"""Days outside a window that are none, as rule ``mail.signature_window`` has them: of signers whose selectors all begin
on one day, and of others, whose first sighting may be late."""
LATE_DAYS = 3
DAY_S = 86_400


class Use:
    """What one key opens in the archive, counted; of its mails nothing is kept.

    Attributes:
        opened: signatures.
        first, last: earliest and latest time of signing, unix seconds; none where no time is known.
        arrivals: first and last arrival of the mails that it opens, likewise; none where none is known.
    """

    def __init__(self, domain: str, selector: str, *, recovered: bool) -> None:
        self.domain = domain
        self.selector = selector
        self.recovered = recovered
        self.opened = 0
        self.first: int | None = None
        self.last: int | None = None
        self.arrivals: tuple[int, int] | None = None
        self._mail = ""
        self._signed: dict[str, int] = {}
        self._clean: dict[str, tuple[int, int]] = {}
        """Sender to the first and last arrival of mails that hold."""

    def add(self, mail: str, sender: str, signed: int | None, arrived: int | None, *, clean: bool) -> None:
        """Count a signature that it opens; those of one mail follow each other.

        Args:
            mail: its digest.
            sender: address in From, lower case.
            signed: time of signing, unix seconds.
            arrived: time of the newest trace field.
            clean: header and body hold, and nothing was observed of the mail.
        """
        self.opened += 1
        if signed is not None:
            self.first = signed if self.first is None else min(self.first, signed)
            self.last = signed if self.last is None else max(self.last, signed)
        if not sender or arrived is None:
            return
        first, last = self.arrivals or (arrived, arrived)
        self.arrivals = (min(first, arrived), max(last, arrived))
        if mail != self._mail:
            self._signed[sender] = self._signed.get(sender, 0) + 1
            self._mail = mail
        if clean:
            first, last = self._clean.get(sender, (arrived, arrived))
            self._clean[sender] = (min(first, arrived), max(last, arrived))

    @property
    def senders(self) -> Collection[str]:
        """Senders of mails that hold and of which nothing was observed."""
        return self._clean.keys()

    @property
    def regular(self) -> Collection[str]:
        """Those of them whose mails arrived on different days."""
        return [sender for sender, (first, last) in self._clean.items() if first // DAY_S != last // DAY_S]

    @property
    def signed(self) -> int:
        """How many mails of these senders it opens."""
        return sum([self._signed[sender] for sender in self._clean])

    def clean_days(self, senders: Collection[str]) -> int:
        """Return how many days lie between the first and the last arrival of mails of some senders that hold."""
        spans = [self._clean[sender] for sender in senders]
        return (max(last for _, last in spans) - min(first for first, _ in spans)) // DAY_S if spans else 0


def in_window(use: Use) -> bool:
    """Whether the selector's days are known, and all that the key signed lies in them."""
    window = births.selector_windows().get((use.domain, use.selector))
    if window is None or use.first is None or use.last is None:
        return False
    rotated = use.domain in births.ROTATED
    early, late = window.first - use.first // DAY_S, use.last // DAY_S - window.last
    # Of signers that change theirs at no known day the tables know sightings, no end.
    return early <= EARLY_DAYS[rotated] and (late <= LATE_DAYS or not rotated)


def in_use(use: Use, wrote: int, known: Collection[str]) -> bool:
    """Whether several people signed with the key as a matter of course.

    Args:
        use: of the key.
        wrote: mails of its senders, signed or not, that arrived between the first and the last that it opens.
        known: those of its regular senders who are known from mails of others.
    """
    return len(known) >= SENDERS and use.clean_days(known) >= SPAN_DAYS and use.signed >= SHARE * wrote


def outdone(use: Use, of_selector: Iterable[Use]) -> bool:
    """Whether another key of the selector was in use at the same time, and was given by a file or opens as much."""
    return any(
        (not other.recovered or other.opened >= use.opened) and _at_one_time(use, other)
        for other in of_selector
        if other is not use and other.opened
    )


def _at_one_time(one: Use, other: Use) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return True
    return one.first <= other.last and other.first <= one.last

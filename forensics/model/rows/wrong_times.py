"""Table ``wrong_times``, made over the whole case: times of threads that cannot all be right, the fewest that err."""

import msgspec

from forensics.model.rows.times import TimeRow


class WrongTimeRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """One time of a mail that contradicts a time of the same mail, or of one before or after it in its thread."""

    sha256: str
    kind: str
    """``date``; ``message_id``, when its id was made; ``served``, when its first server had it."""
    time: TimeRow
    component: int
    """Number of the first mail of those whose times contradict each other, directly or by way of others."""
    times: int
    """How many they are."""
    least: int
    """How many of them must be wrong, so that all that are left agree; where not ``exact``, at least so many."""
    exact: bool
    """Whether all smallest sets of wrong times are known: they are of up to 20 times, and of more where few mails
    contradict many."""
    sets: int
    """How many such sets there are; 0 where that is not known."""
    wrong: bool | None
    """True: in each of these sets. False: in none. None: in some, or not known."""
    against: int
    """Times that it contradicts."""
    agrees: int
    """Times that stand beside it and agree with each other once it is left out, those that it contradicts included."""
    earliest: int | None
    """What all times that are not wrong allow for it, 100 ns since 1970 UTC: not before this; None: no bound."""
    latest: int | None
    """Not after this."""
    supported: bool = False
    """Of a Date: whether the mail's own first server had it within a day. Then it is not the one Date that is wrong:
    either all times of the mail are, or those that contradict them."""

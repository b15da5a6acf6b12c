"""Identifiers that a program, script or device writes into every mail."""

import re
from collections.abc import Sequence

from forensics.checks._facts import DAY
from forensics.model.sentences import Saying, says

_CONSTANT_ID = says(
    "note.constant_id",
    one="{count} different mails carry this identifier: it is a program's constant, not a copy.",
)
_FIXED_ID = says(
    "note.fixed_id",
    one=(
        "The identifier is a word that nothing made separately for each mail; each of the {count} mails has its "
        "own time."
    ),
)

MOST = 20
"""Different mails with one identifier, named in one finding; more are a program's constant, whoever sent them."""
LEAST = 3
"""Different mails of one sender that tell a constant from a copy and its change."""

_WORD = re.compile(r"(?:[a-z]{1,20}(?:[._+ -][a-z]{1,20}){0,3})?", re.IGNORECASE)
"""A local part that nothing made anew: words, or nothing."""
_PRIVATE = re.compile(r"[^.]*|.*\.(?:localdomain|local|lan|home|internal|intranet|arpa)|[\[\]0-9.]+", re.IGNORECASE)
"""A host of a private network, which many devices name alike."""
_SET = 20 * 365 * DAY
"""Before 1990, in instants: a device's clock that nobody set tells no time."""


def constant_id(identifier: str, mails: Sequence[tuple[str, int | None, int | None]]) -> Saying | None:
    """Return what says why different mails have one identifier, with their ``count``; ``None`` where nothing tells.

    Versions of one mail keep its date; the mails of a program have each their own.

    Args:
        identifier: what all have.
        mails: of each its sender, the instant it was written and the instant the last server had it.
    """
    if len(mails) > MOST:
        return _CONSTANT_ID
    dates = [dated if dated is not None and dated >= _SET else None for _, dated, _ in mails]
    moments = dates if any(dates) else [arrived for _, _, arrived in mails]
    if len(set(moments)) < len(mails) and any(moments):
        return None
    local, at, host = identifier.rpartition("@")
    if not at or _WORD.fullmatch(local):
        return _FIXED_ID
    senders = {sender for sender, _, _ in mails}
    if len(mails) >= LEAST and ((len(senders) == 1 and senders != {""}) or _PRIVATE.fullmatch(host)):
        return _CONSTANT_ID
    return None

"""The first own words of mails, read again from the source."""

from collections.abc import Iterable, Iterator

from forensics.errors import ForensicsError
from forensics.reader.case import Case

MOST = 400
"""Characters."""


def first_words(case: Case, digests: Iterable[str]) -> dict[str, str]:
    """Return how mails begin, quoted lines left out, by SHA-256; none of what cannot be read again.

    Args:
        case: opened, with its sources.
        digests: of mails.
    """
    found = {}
    for digest in digests:
        try:
            shown = case.text(digest).shown
        except (ForensicsError, OSError):
            continue  # the report says without it all that the case holds
        if words := " ".join(_own(shown[: 20 * MOST])):
            found[digest] = words if len(words) <= MOST else f"{words[: MOST - 1]}…"
    return found


def _own(text: str) -> Iterator[str]:
    for line in text.splitlines():
        if not line.lstrip().startswith(">"):
            yield from line.split()

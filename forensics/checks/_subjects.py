"""Subjects without what mail programs and lists put before them."""

import re

_TAG = re.compile(r"\[[^\[\]]{1,60}\] ?")
_REPLY = re.compile(r"(?:re|fwd?|aw|wg|tr|sv|antw|r|i|rif)(?:\[\d{1,3}\])? ?: ?", re.IGNORECASE)


def bare_subject(subject: str) -> str:
    """Return a subject without leading reply marks and list tags, white space folded, lower case."""
    text = " ".join(subject[:1000].split())
    while True:
        found = _TAG.match(text) or _REPLY.match(text)
        if found is None:
            return text.lower()
        text = text[found.end() :]

"""What rules on quoted mails share: whom a line or header block names, compared with a mail's own From."""

import re
from unicodedata import combining, normalize

_WORD = re.compile(r"\w+")
LEAST_LETTERS = 3
"""Letters of a word by which two names are the same person's: shorter ones are initials and particles."""


def same_sender(name: str, address: str, sender_name: str, sender: str) -> bool:
    """Whether a quoted sender is the one of a mail.

    Args:
        name: as quoted; empty where none is.
        address: as quoted; empty where none is.
        sender_name: of From.
        sender: its address, lower case.
    """
    if address and address.lower() == sender:
        return True
    quoted, own = _words(name), _words(sender_name) | _words(sender.partition("@")[0])
    return len(quoted & own) >= min(2, len(quoted), max(1, len(_words(sender_name)))) > 0


def says_sender(name: str, address: str) -> bool:
    """Whether a quoted sender can be compared: it has an address, or a name of more than initials."""
    return bool(address or _words(name))


def _words(name: str) -> set[str]:
    plain = "".join([letter for letter in normalize("NFKD", name) if not combining(letter)])
    return {word for word in _WORD.findall(plain.lower().replace("_", " ")) if len(word) >= LEAST_LETTERS}

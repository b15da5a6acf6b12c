"""How the servers that a mail passed last write its header.

A mailbox's own server writes the same fields into every mail, in the same order, and so does a list's. Each feature is
one ``kind=value``:

- ``above``: names of the fields above the topmost trace field, as written; not those of seals, which others than the
  mailbox's server add and which have rules of their own;
- ``stamp``: how the topmost trace field is folded: blanks of each further line, and its clause where it begins one;
- ``first-block`` and ``last-block``: names of the first and the last block of fields that lists write, as written; a
  folded field with what its next line begins with;
- ``blanks``: how many stand behind the colons of From, Date, To and Cc, ``aligned`` where the text begins in the ninth
  column; some servers write these fields anew.

Source: RFC 5321 4.4, RFC 2369, RFC 2919; fields of Mailman 2.1 and 3, Ecartis, mlmmj and majordomo as seen in mail.
"""

import re
from collections.abc import Sequence

from forensics.model.mail import HeaderField, MimePart

_OF_LISTS = frozenset(
    (
        "list-archive",
        "list-help",
        "list-id",
        "list-owner",
        "list-post",
        "list-software",
        "list-subscribe",
        "list-unsubscribe",
        "mailing-list",
        "x-archive-position",
        "x-beenthere",
        "x-ecartis-version",
        "x-list",
        "x-list-id",
        "x-mailing-list",
        "x-mailman-version",
    )
)
_BESIDE = frozenset(("cc", "errors-to", "precedence", "sender", "to", "x-original-sender"))
"""Fields that lists write among theirs, and others write too."""
_ABOVE = 12
"""Fields above the topmost trace field that are read; more are no server's."""
_FOLD = re.compile(rb"\n([ \t]+)((?:from|by|with|id|for|via)\b)?")
_BEGINS = {b"\t": "tab"}
_REWRITTEN = ("from", "date", "to", "cc")
_COLUMN = 8


def server_form(root: MimePart) -> tuple[str, ...]:
    """Return the features of a mail's header that are its servers'; none of one that no server stamped."""
    by_key = root.by_key
    stamps = by_key.get("received")
    if not stamps:
        return ()
    top = stamps[0]
    names: list[str] = []
    for field in root.headers:
        if field is top or len(names) == _ABOVE:
            break
        if not field.key.startswith("arc-"):
            names.append(field.name)
    found = [f"above={' '.join(names)}", f"stamp={_stamp(top.raw)}"]
    if not _OF_LISTS.isdisjoint(by_key):
        blocks = _blocks(root.headers)
        found.append(f"last-block={_named(blocks[-1])}")
        found.append(f"first-block={_named(blocks[0])}" if len(blocks) > 1 else found[-1].replace("last", "first", 1))
    blanks = {_blanks(by_key[key][0]) for key in _REWRITTEN if key in by_key}
    found.append(f"blanks={' '.join(sorted(blanks))}")
    return tuple(found)


def _stamp(raw: bytes) -> str:
    """Return how each further line of a trace field begins: its blanks, and the clause's word where it is one."""
    return " ".join([f"{_BEGINS.get(blanks) or len(blanks)}{word.decode()}" for blanks, word in _FOLD.findall(raw)])


def _blocks(headers: Sequence[HeaderField]) -> list[list[HeaderField]]:
    """Return the blocks of neighbouring list fields, and of none but those."""
    blocks: list[list[HeaderField]] = []
    block: list[HeaderField] = []
    for field in headers:
        key = field.key
        if key in _OF_LISTS:
            block.append(field)
        elif block and key not in _BESIDE:
            blocks.append(block)
            block = []
    return [*blocks, block] if block else blocks


def _named(block: list[HeaderField]) -> str:
    return " ".join([field.name if field.raw.count(b"\n") == 1 else field.name + _fold(field.raw) for field in block])


def _fold(raw: bytes) -> str:
    """Return how a field's second line begins, or nothing where it has none."""
    fold = _FOLD.search(raw)
    return f"/{_BEGINS.get(fold[1]) or len(fold[1])}" if fold is not None else ""


def _blanks(field: HeaderField) -> str:
    """Return how many blanks stand behind a field's colon."""
    raw, begin = field.raw, len(field.name) + 1
    if raw[begin : begin + 1] == b" " and raw[begin + 1] > 32:
        return "1"
    rest = raw[begin : begin + _COLUMN]
    blanks = len(rest) - len(rest.lstrip(b" \t"))
    return "aligned" if blanks > 1 and begin + blanks == _COLUMN else str(blanks)

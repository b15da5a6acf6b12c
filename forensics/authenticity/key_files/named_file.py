"""A file with the name ``<selector>._domainkey.<domain>``, with or without ``.txt``, that holds the TXT record."""

from collections.abc import Iterator

from forensics.authenticity.key_files.entries import Entry, Read, Refused, records, split_name, txt

FORM = "named file"


def fits(name: str, text: str) -> bool:
    """Whether the name says whose key it is, and the text does not say it again, as zone text does."""
    return bool(split_name(_stem(name))[1]) and "_domainkey" not in text.lower()


def read(name: str, text: str) -> Iterator[Read]:
    """Yield the records: one for each quoted line, as ``dig +short`` writes them, else one for all."""
    selector, domain = split_name(_stem(name))
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith((";", "#"))]
    if not all(line.startswith('"') for line in lines):
        lines = [" ".join(lines)]
    try:
        found = records([txt(line) for line in lines])
    except ValueError as error:
        yield Refused("", "keys.entry", f"the record cannot be read: {error}")
        return
    if not found:
        yield Refused("", "keys.record", "the file is empty")
    for number, record in enumerate(found, 1):
        yield Entry(f"entry {number}", domain, selector, record)


def _stem(name: str) -> str:
    base = name.rpartition("/")[2]
    return base[:-4] if base.lower().endswith(".txt") else base

"""Answers of DNS in one JSON object: name to type to answers, those of TXT each a list of its strings.

Source: mailauth, ``examples/dns-cache.json``.
"""

from collections.abc import Iterator, Mapping

from forensics.authenticity.key_files.entries import Entry, Other, Read, alias, split_name

FORM = "dns cache"


def is_cache(value: Mapping[str, object]) -> bool:
    """Whether an object is of this form."""
    return any(isinstance(answers, dict) and isinstance(answers.get("TXT"), list) for answers in value.values())


def read(value: Mapping[str, object]) -> Iterator[Read]:
    """Yield what each name gives."""
    for number, (name, answers) in enumerate(value.items(), 1):
        at = f"entry {number}"
        selector, domain = split_name(name)
        if not domain or not isinstance(answers, dict):
            yield Other(at)
            continue
        for target in _listed(answers.get("CNAME")):
            yield alias(at, name, str(target))
        for strings in _listed(answers.get("TXT")):
            joined = "".join(map(str, _listed(strings)))
            yield Entry(at, domain, selector, joined.encode("utf-8", "replace"))


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

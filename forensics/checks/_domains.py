"""What rules on domains share: which names belong to one house."""

from functools import lru_cache

from forensics.knowledge.suffixes import registered


@lru_cache(maxsize=65_536)
def house(domain: str) -> str:
    """Return the part of a domain that its owner registered: ``example.org``, ``example.co.uk``, ``a.github.io``.

    The name itself where it has no such part: a public suffix, an address, a name that the list cannot read.
    """
    name = domain.lower().strip(".")
    return registered(name) or name


def within(domain: str, parent: str) -> bool:
    """Whether a domain is another one or lies below it."""
    domain, parent = domain.lower(), parent.lower()
    return domain == parent or domain.endswith(f".{parent}")

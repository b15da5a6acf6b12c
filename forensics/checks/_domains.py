"""What rules on domains share: which names belong to one house, and which lie below another."""

from forensics.knowledge.suffixes import house

__all__ = ("house", "within")


def within(domain: str, parent: str) -> bool:
    """Whether a domain is another one or lies below it."""
    domain, parent = domain.lower(), parent.lower()
    return domain == parent or domain.endswith(f".{parent}")

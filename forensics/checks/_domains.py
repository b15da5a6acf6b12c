"""What rules on domains share: which names belong to one house."""


def house(domain: str) -> str:
    """Return the part of a domain that its owner registered, by its form: ``example.org``, ``example.co.uk``.

    Only the form is looked at: a short second label below a country counts as that country's own (``co.uk``).
    """
    labels = domain.lower().rstrip(".").split(".")
    country = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if country else labels[-2:])


def within(domain: str, parent: str) -> bool:
    """Whether a domain is another one or lies below it."""
    domain, parent = domain.lower(), parent.lower()
    return domain == parent or domain.endswith(f".{parent}")

"""Who runs servers under several registered domains: clocks under two of them are one owner's."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError
from forensics.knowledge.suffixes import organization


@cache
def _operators() -> dict[str, str]:
    """Return the table: registered domain to operator."""
    raw = tomllib.loads(resources.files(__package__).joinpath("operators.toml").read_text(encoding="utf-8"))
    try:
        named = msgspec.convert(raw["operators"], dict[str, tuple[str, ...]])
    except (KeyError, msgspec.ValidationError) as error:
        raise KnowledgeError(f"operators.toml: {error}") from error
    found = {domain: operator for operator, domains in named.items() for domain in domains}
    if len(found) != sum(len(domains) for domains in named.values()):
        raise KnowledgeError("operators.toml: two operators have one domain")
    return found


def operator_of(host: str) -> str:
    """Return who runs a host, so that no one is counted twice: an operator of the table, else the registered name.

    That is the name without its ending: who has ``example.org`` and ``example.net`` is taken for one, which may count
    two owners as one, never one as two.

    Raises:
        KnowledgeError: the table is invalid.
    """
    domain = organization(host)
    return _operators().get(domain) or domain.partition(".")[0]

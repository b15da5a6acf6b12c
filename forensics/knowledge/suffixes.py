"""Public suffixes: below which names the public registers domains (Mozilla's list, private section included).

The list comes with its package and is never fetched. Suffixes of hosters count (``github.io``): two names below one are
two owners'. Below a suffix that the list does not know (``.example``, a name of one network) the last label is one.
"""

from functools import cache, lru_cache
from pathlib import Path

from publicsuffixlist import PSLFILE, PublicSuffixList


@cache
def _suffixes(*, encoded: bool) -> PublicSuffixList:
    """Return the list; *encoded*: with names that are not ASCII in both forms, which takes twice as long to make."""
    names = Path(PSLFILE).read_text("utf-8").splitlines()
    if encoded:
        foreign = [name.split(" ")[0].strip().lower() for name in names if not name.isascii()]
        names += [_encoded(name) for name in foreign if not name.startswith("//")]
    return PublicSuffixList(names, accept_encoded_idn=False)  # the package would encode all 10,000


def _encoded(name: str) -> str:
    exception = "!" if name.startswith("!") else ""
    return exception + name.lstrip("!").encode("idna").decode("ascii")


def _suffixes_for(name: str) -> PublicSuffixList:
    """Return the list for a name in lower case: without a coded label it has no suffix with one."""
    return _suffixes(encoded="xn--" in name)


@lru_cache(maxsize=65_536)
def organization(domain: str) -> str:
    """Return the part of a domain that its owner registered: ``example.org``, ``example.co.uk``, ``a.github.io``.

    The name itself where it has no such part: a public suffix, an address, a name that the list cannot read.
    """
    name = domain.lower().strip(".")
    if name.endswith("]") or name.rpartition(".")[2].isdecimal():
        return name
    return _suffixes_for(name).privatesuffix(name) or name


_RESERVED = frozenset(("example", "test"))
"""Names that stand for public ones in documents and samples (RFC 2606)."""


def is_public(domain: str) -> bool:
    """Whether a name ends as names of the public do; names of one network (``mail.lan``) and addresses do not."""
    name = domain.lower().strip(".")
    if "." not in name or ":" in name or name.endswith("]") or name.rpartition(".")[2].isdecimal():
        return False
    known = _suffixes_for(name).publicsuffix(name, accept_unknown=False) is not None
    return known or name.rpartition(".")[2] in _RESERVED


def within(domain: str, parent: str) -> bool:
    """Whether a domain is another one or lies below it."""
    domain, parent = domain.lower(), parent.lower()
    return domain == parent or domain.endswith(f".{parent}")

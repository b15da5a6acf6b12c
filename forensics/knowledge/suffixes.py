"""Public suffixes: below which names the public registers domains (Mozilla's list, private section included).

The list comes with its package and is never fetched. Suffixes of hosters count (``github.io``): two names below one are
two owners'. Below a suffix that the list does not know (``.example``, a name of one network) the last label is one.
"""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def registered(name: str) -> str:
    """Return the suffix of a host name and the one label before it.

    Args:
        name: lower case, without a dot at the end; letters of any script or their ASCII form.

    Returns:
        Empty where there is none: a public suffix itself, empty labels, an IP address.
    """
    if name.endswith("]") or name.rpartition(".")[2].isdecimal():
        return ""
    return _suffixes().privatesuffix(name) or ""

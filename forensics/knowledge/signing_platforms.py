"""Domains under which platforms sign mail of their customers: whom to ask for a key, since the author has none."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError


class Platform(msgspec.Struct, frozen=True, array_like=True):
    """Who signs."""

    operator: str
    purpose: str
    """What is signed under the domain."""


@cache
def platforms() -> dict[str, Platform]:
    """Return the table: domain to platform.

    Raises:
        KnowledgeError: it is invalid.
    """
    raw = tomllib.loads(resources.files(__package__).joinpath("signing_platforms.toml").read_text(encoding="utf-8"))
    try:
        return msgspec.convert(raw["platforms"], dict[str, Platform])
    except (KeyError, msgspec.ValidationError) as error:
        raise KnowledgeError(f"signing_platforms.toml: {error}") from error


def platform_of(domain: str) -> Platform | None:
    """Return the platform that signs under a domain, lower case; ``None`` where the domain's owner does."""
    labels = domain.split(".")
    return next((found for at in range(len(labels)) if (found := platforms().get(".".join(labels[at:])))), None)

"""What gateways write into mails that pass them; ``gateway_texts.toml`` names its sources."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError


class GatewayTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table."""

    source: str
    edition: str
    licence: str
    sentences: tuple[str, ...]
    """Of warnings, disclaimers and scanners' notes."""
    headings: tuple[str, ...]
    """What stands alone above such a sentence."""
    links: tuple[str, ...]
    """Beginnings of links in such texts."""
    wrappers: dict[str, str]
    """Host of a gateway, or what it ends with, to the parameter that holds the link as it was."""


@cache
def gateway_texts() -> GatewayTexts:
    """Return the table.

    Raises:
        KnowledgeError: it is invalid.
    """
    raw = tomllib.loads(resources.files(__package__).joinpath("gateway_texts.toml").read_text(encoding="utf-8"))
    try:
        return msgspec.convert(raw, GatewayTexts)
    except msgspec.ValidationError as wrong:
        raise KnowledgeError(f"gateway_texts.toml: {wrong}") from wrong

"""How many threads of genuine mailboxes answer a message that the mailbox does not hold, by route."""

import tomllib
from functools import cache
from importlib import resources

import msgspec

from forensics.errors import KnowledgeError
from forensics.knowledge.rates import ROUTES, same_source


class MissingThreads(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The counts of one corpus."""

    corpus: str
    route: str
    threads: int
    incomplete: int


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    edition: str
    licence: str
    source: str
    unit: str
    rows: tuple[MissingThreads, ...]


@cache
def counted() -> tuple[MissingThreads, ...]:
    """Return all rows.

    Raises:
        KnowledgeError: a row is malformed, counts more than all, or has an unknown route.
    """
    text = resources.files(__package__).joinpath("missing_threads.toml").read_text(encoding="utf-8")
    try:
        rows = msgspec.convert(tomllib.loads(text), _Table).rows
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as wrong:
        raise KnowledgeError(f"missing_threads.toml: {wrong}") from wrong
    for row in rows:
        if row.route not in ROUTES or not 0 <= row.incomplete <= row.threads or not row.threads:
            raise KnowledgeError(f"missing_threads.toml: impossible counts or unknown route of {row.corpus}")
    return rows


@cache
def share(route: str, leave_out: tuple[str, ...] = ()) -> float:
    """Return the share of threads of genuine mailboxes that are incomplete, 0 to 1.

    Args:
        route: how mail came; of one that was not counted, the largest share of those that were.
        leave_out: corpora that are not used, nor those of the same source.
    """
    gone = {name for one in leave_out for name in same_source(one)}
    routes = {row.route for row in counted() if row.corpus not in gone}
    shares = {}
    for known in routes:
        rows = [row for row in counted() if row.route == known and row.corpus not in gone]
        shares[known] = sum(row.incomplete for row in rows) / sum(row.threads for row in rows)
    return shares.get(route, max(shares.values(), default=0.0))

"""The code that reads items: whatever changes it, or a table that it reads, reads them again."""

from functools import cache
from importlib.util import find_spec

from forensics import checks, parsers
from forensics.authenticity.signed_parts import LIBRARIES
from forensics.stages.closure import own_code

WORKER = "forensics.engine.reading.worker"


def reading_roots() -> tuple[str, ...]:
    """Return the modules of which a worker imports the rest: its own, and what it loads by name."""
    rules = [f"{checks.__name__}.{name}" for name in checks.RULES if not name.startswith("case.")]
    return (WORKER, *[f"{parsers.__name__}.{name}" for name in parsers.PARSERS], *rules)


@cache
def reading_code() -> str:
    """Return the digest of the code and the tables that read items, and which packages it has beside what it needs."""
    return own_code().digest(reading_roots()) + "".join([f"+{name}" for name in LIBRARIES if find_spec(name)])

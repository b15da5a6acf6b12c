"""The id of a stage: a digest over all that its result rests on, so that it is redone when any of it changed."""

import hashlib
from collections.abc import Mapping

from forensics import parsers
from forensics.model.codec import encode
from forensics.stages.closure import Code, own_code
from forensics.stages.stage import Settings, Stage

_QUERIES = "forensics.casestore.queries"
"""What answers a stage's queries."""


def roots(stage: Stage, settings: Settings) -> tuple[str, ...]:
    """Return the modules of which a stage's code is the rest: its own, those that it loads, those that serve it."""
    reader = settings.only(stage.TAKES).contents
    decoders = [f"{parsers.__name__}.{one.name}" for one in parsers.every() if one.FORMAT.decoders]
    readers = () if reader is None else (type(reader).__module__, *decoders)
    return (stage.__name__, *stage.loads(), _QUERIES, *readers)


def stage_id(stage: Stage, settings: Settings, inputs: Mapping[str, str], code: Code | None = None) -> str:
    """Return the id of a stage.

    Args:
        stage: the stage.
        settings: of which it takes what it declares.
        inputs: path below the case to digest of every file of the tables that it reads.
        code: the files of the package; our own by default.
    """
    # What a reader of contents gives is named by the tables; that there is one, and its code, is all that it adds.
    taken = {name: getattr(settings, name) for name in stage.TAKES if name != "contents"}
    known = (code or own_code()).digest(roots(stage, settings))
    whole = encode([stage.NAME, stage.VERSION, stage.READS, stage.WRITES, known, dict(inputs), taken])
    return hashlib.sha256(whole).hexdigest()

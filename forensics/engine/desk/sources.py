"""The sources of a case as the desk reads them: an item is walked to from the file, every layer's digest compared."""

import hashlib
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from forensics.engine.desk.protocol import Opening, Wanted
from forensics.errors import IntakeError, IntegrityError
from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.locations import Location
from forensics.parsers import decoders
from forensics.replay.walk import Replayer


class Sources:
    """Reads items from where the sources lie; a source is opened when it is first asked for, and stays open.

    Attributes:
        limits: count limits.
        passwords: tried in order on what is encrypted.
    """

    def __init__(self, opening: Opening) -> None:
        self._opening = opening
        self.limits = opening.limits
        self._spool = None if opening.spool is None else Path(os.fsdecode(opening.spool))
        self.passwords = opening.passwords
        self._replayers: dict[str, Replayer] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for replayer in self._replayers.values():
            replayer.close()

    def source(self, wanted: Wanted) -> ByteSource:
        """Return an item from the first of its places that still has it, to be read until another is asked for.

        Raises:
            IntegrityError: no place has its bytes, and at the first other bytes stand.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
        """
        fault: IntakeError | IntegrityError | None = None
        for place in wanted.places:
            try:
                return self._at(wanted.sha256, place)
            except (IntakeError, IntegrityError) as error:
                fault = fault or _named(error, place.text)
        raise fault or IntakeError("this item stands nowhere")

    def _at(self, sha256: str, place: Location) -> ByteSource:
        if not sha256:
            raise IntakeError(f"{place.text}: this item was not read, so nothing says what its bytes are")
        layer = self._replayer(place).layer(place.steps)
        if place.steps[-1].sha256 != sha256:  # else the walk has compared it
            running = hashlib.sha256()
            for block in blocks(layer, 0, layer.size):
                running.update(block)
            if running.hexdigest() != sha256:
                raise IntegrityError(f"{place.text}: the bytes of the source are not those that were scanned")
        return layer

    def _replayer(self, place: Location) -> Replayer:
        known = self._replayers.get(place.source)
        if known is None:
            root = self._opening.roots.get(place.source)
            if root is None:
                raise IntakeError(f"{place.text}: the case has no source {place.source!r}")
            known = self._replayers[place.source] = Replayer(
                Path(os.fsdecode(root)),
                decoders(),
                self._opening.passwords,
                limits=self._opening.limits,
                spool=self._spool,
            )
        return known


def _named(error: IntakeError | IntegrityError, place: str) -> IntakeError | IntegrityError:
    """Return an error that names the item: of a file that cannot be opened the system says no name."""
    return error if place in str(error) else type(error)(f"{place}: {error}")

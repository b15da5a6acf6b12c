"""The bytes of an item, read again from its source."""

import hashlib
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from forensics.casestore import CaseFolder
from forensics.errors import IntakeError, IntegrityError
from forensics.intake.windows import blocks
from forensics.model.items import ByteSource
from forensics.model.locations import Location
from forensics.parsers import decoders
from forensics.replay.walk import Replayer


class ItemBytes:
    """Reads items of a case from where its sources lie; a source is opened when it is first asked for.

    Args:
        folder: the case.
        roots: label of a source to where it lies.
        passwords: tried in order on encrypted members.
    """

    def __init__(self, folder: CaseFolder, roots: Mapping[str, Path], passwords: Sequence[bytes]) -> None:
        self._limits = folder.info.options.limits
        self._spool = folder.tmp if os.access(folder.tmp, os.W_OK) else None
        self._roots = roots
        self._passwords = passwords
        self._replayers: dict[str, Replayer] = {}

    def close(self) -> None:
        """Close the sources; a second call does nothing."""
        for replayer in self._replayers.values():
            replayer.close()
        self._replayers.clear()

    def source(self, sha256: str, places: Sequence[Location]) -> ByteSource:
        """Return a content from the first of its places that still has it, to be read until another is asked for.

        Raises:
            IntegrityError: no place has them, and at the first other bytes stand.
            IntakeError: no place has them, and the first cannot be read, or the item never was.
        """
        fault: IntakeError | IntegrityError | None = None
        for place in places:
            try:
                return self._at(sha256, place)
            except (IntakeError, IntegrityError) as error:
                fault = fault or error
        raise fault or IntakeError("this item stands nowhere")

    def _at(self, sha256: str, place: Location) -> ByteSource:
        if not sha256:
            raise IntakeError(f"{place.text}: this item was not read, so nothing says what its bytes are")
        layer, running = self._replayer(place).layer(place.steps), hashlib.sha256()
        for block in blocks(layer, 0, layer.size):
            running.update(block)
        if running.hexdigest() != sha256:
            raise IntegrityError(f"{place.text}: the bytes of the source are not those that were scanned")
        return layer

    def _replayer(self, place: Location) -> Replayer:
        known = self._replayers.get(place.source)
        if known is None:
            root = self._roots.get(place.source)
            if root is None:
                raise IntakeError(f"{place.text}: the case has no source {place.source!r}")
            known = self._replayers[place.source] = Replayer(
                root, decoders(), self._passwords, limits=self._limits, spool=self._spool
            )
        return known

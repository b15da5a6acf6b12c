"""Items read again from their sources, for what works on tables: a `ContentReader` over replayers."""

from collections.abc import Mapping
from types import TracebackType

from forensics.errors import IntakeError, IntegrityError
from forensics.model.items import Limits
from forensics.model.locations import Location, Locator
from forensics.replay.walk import Replayer


class SourceContents:
    """Reads items of several sources.

    Args:
        replayers: label of a source to what replays its locations; closed with this.
        limits: of which ``memory_bytes`` is the most that is read at once.
    """

    def __init__(self, replayers: Mapping[str, Replayer], limits: Limits = Limits()) -> None:  # noqa: B008  frozen
        self._replayers = replayers
        self._most = limits.memory_bytes

    def __enter__(self) -> "SourceContents":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for replayer in self._replayers.values():
            replayer.close()

    def read(self, location: Location, locator: Locator | None = None) -> bytes:
        """Return the bytes of an item, or of a place in it, as `ContentReader` says."""
        replayer = self._replayers.get(location.source)
        if replayer is None:
            raise IntakeError(f"{location.text}: the source {location.source!r} is not at hand")
        layer = replayer.layer((*location.steps, *(locator.steps if locator else ())))
        ranges = (locator.ranges if locator else ()) or ((0, layer.size),)
        for start, end in ranges:
            if not 0 <= start <= end <= layer.size:
                raise IntegrityError(f"{location.text}: range {start}:{end} lies outside its layer of {layer.size}")
        if sum([end - start for start, end in ranges]) > self._most:
            raise IntakeError(f"{location.text}: more than the {self._most} bytes that are read at once")
        return b"".join([layer.read(start, end) for start, end in ranges])

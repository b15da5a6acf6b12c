"""Items read again from their sources, for what works on tables: a `ContentReader` over replayers."""

from collections.abc import Callable
from types import TracebackType

from forensics.errors import IntakeError, IntegrityError
from forensics.model.comparing import ComparedItem, Comparison
from forensics.model.items import Limits
from forensics.model.locations import Location, Locator
from forensics.replay.walk import Replayer


class SourceContents:
    """Reads items of several sources.

    Args:
        replayer: gives by its label what replays the locations of a source, ``None`` where it is not at hand; asked
            when the source is first read, since few scans read any, and decoders are the work of all parsers.
        limits: of which ``memory_bytes`` is the most that is read at once.
    """

    def __init__(
        self,
        replayer: Callable[[str], Replayer | None],
        limits: Limits = Limits(),  # noqa: B008  frozen
    ) -> None:
        self._replayer = replayer
        self._opened: dict[str, Replayer | None] = {}
        self._most = limits.memory_bytes

    def __enter__(self) -> "SourceContents":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for replayer in self._opened.values():
            if replayer is not None:
                replayer.close()

    def read(self, location: Location, locator: Locator | None = None) -> bytes:
        """Return the bytes of an item, or of a place in it, as `ContentReader` says."""
        if location.source not in self._opened:
            self._opened[location.source] = self._replayer(location.source)
        replayer = self._opened[location.source]
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

    def difference(self, one: ComparedItem, other: ComparedItem, sizes: tuple[int, int]) -> Comparison:
        """Refuse to compare: nothing is parsed in this process."""
        raise IntakeError(f"{one.location.text} and {other.location.text}, {sum(sizes)} bytes, are not compared here")

"""Items of a case read again, and compared by the desk: documents are parsed in no process that writes the case."""

from collections.abc import Callable
from types import TracebackType

from forensics.engine.desk.desk import Desk
from forensics.engine.desk.protocol import Wanted
from forensics.model.comparing import ComparedItem, Comparison
from forensics.model.items import Limits
from forensics.replay.contents import SourceContents
from forensics.replay.walk import Replayer


class ComparedContents(SourceContents):
    """Reads items of several sources, and has two of them compared.

    Args:
        replayer: as `SourceContents` takes it.
        limits: likewise.
        desk: compares; its process is started when it is first asked. It is closed with this.
    """

    def __init__(self, replayer: Callable[[str], Replayer | None], limits: Limits, desk: Desk) -> None:
        super().__init__(replayer, limits)
        self._desk = desk

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._desk.close()
        super().__exit__(kind, error, trace)

    def difference(self, one: ComparedItem, other: ComparedItem, sizes: tuple[int, int]) -> Comparison:
        """Return what differs between two items, as `forensics.model.contents.ContentReader` says."""
        wanted = [
            Wanted(sha256=item.sha256, size=size, places=(item.location,))
            for item, size in zip((one, other), sizes, strict=True)
        ]
        return self._desk.difference(*wanted)

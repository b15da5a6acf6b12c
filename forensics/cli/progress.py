"""Progress of a long job on a terminal's standard error: rate, items, findings, time left."""

from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

if TYPE_CHECKING:
    from forensics.model.scanning import Progress


_MEGABYTE = 1_000_000


class ProgressLine:
    """One line, rewritten in place; silent where the stream is no terminal."""

    def __init__(self, stream: TextIO, *, wanted: bool = True) -> None:
        self._stream = stream
        self._shown = wanted and stream.isatty()
        self._width = 0

    def __enter__(self) -> Self:
        return self

    def __call__(self, progress: "Progress") -> None:
        """Show how far the scan is."""
        if not self._shown:
            return
        rate = progress.size / progress.elapsed_s if progress.elapsed_s else 0.0
        left = f"{(progress.total - progress.size) / rate:,.0f} s left" if rate and progress.planned else "..."
        self.show(
            f"{progress.items:,} items  {progress.size / _MEGABYTE:,.1f} of {progress.total / _MEGABYTE:,.1f} MB  "
            f"{rate / _MEGABYTE:,.1f} MB/s  {progress.observations:,} observations  {left}"
        )

    def show(self, text: str) -> None:
        """Show a line, as much of it as fits."""
        if not self._shown:
            return
        text = text[:79]
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown and self._width:
            self._stream.write("\r" + " " * self._width + "\r")
            self._stream.flush()

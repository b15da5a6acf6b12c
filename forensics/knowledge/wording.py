"""Numbers, sizes, times and catalogue sentences in one language."""

from forensics.knowledge.sentences import DEFAULT, catalogue, render, text
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision, Timestamp
from forensics.model.findings import StoredFinding
from forensics.model.instants import calendar, is_local, offset_text
from forensics.model.rules import BenignState, State

_SIZES = ("byte", "kb", "mb", "gb", "tb")
_DAY_S = 86_400
_DATE = len("2017-04-24")


class Wording:
    """The sentences of one language, bound."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._own = catalogue(language)
        self._fallback = catalogue(DEFAULT)
        self._comma = self.text("report.number.group")
        self._point = self.text("report.number.decimal")

    def text(self, key: str, /, **values: object) -> str:
        """Return a sentence; integers among the values are grouped."""
        shown = {name: self.number(value) if type(value) is int else value for name, value in values.items()}
        return text(key, self.language, **shown)

    def has(self, key: str) -> bool:
        """Whether the catalogue holds a key."""
        return key in self._own or key in self._fallback

    def counted(self, key: str, n: int, /, **values: object) -> str:
        """Return the sentence of a key in the number that *n* asks for (``.one``, ``.many``, ``.none`` if there is)."""
        if n == 0 and self.has(f"{key}.none"):
            return self.text(f"{key}.none", **values)
        form = "one" if n == 1 else self.text("report.number.zero") if n == 0 else "many"
        return self.text(f"{key}.{form}", n=n, **values)

    def number(self, value: int) -> str:
        """Group the digits of a number."""
        return f"{value:,}".replace(",", self._comma)

    def decimal(self, value: float, digits: int = 1) -> str:
        """Write a number with decimals."""
        return f"{value:.{digits}f}".replace(".", self._point)

    def size(self, count: int) -> str:
        """Write a byte count in decimal units with at most three digits."""
        value, unit = float(count), 0
        while value >= 999.5 and unit < len(_SIZES) - 1:
            value, unit = value / 1000, unit + 1
        shown = self.number(count) if unit == 0 else self.decimal(value, 1 if value < 99.95 else 0)
        return self.text(f"report.unit.{_SIZES[unit]}", n=shown)

    def share(self, k: int, n: int) -> str:
        """Write a share as a percentage that never rounds to none or all."""
        if n == 0:
            return self.text("report.none_given")
        if 0 < k * 1000 < n:
            return self.text("report.share.below")
        if k < n and k * 1000 > n * 999:
            return self.text("report.share.above")
        return self.text("report.share", n=self.decimal(100 * k / n))

    def joined(self, parts: list[str]) -> str:
        """Join phrases with commas and a last "and"."""
        if len(parts) < 2:
            return "".join(parts)
        return self.text("report.join.last", first=self.text("report.join.comma").join(parts[:-1]), last=parts[-1])

    def instant(self, ticks: int | None) -> str:
        """Write an instant in UTC, seconds; a dash where there is none."""
        return (None if ticks is None else calendar(ticks)) or self.text("report.none_given")

    def reading(self, time: Timestamp) -> str:
        """Write a time's own calendar reading with its offset."""
        if is_local(time) and isinstance(time.wall, int):
            written = calendar(time.wall, time.precision) or ""
            return self.text("report.time.local", time=written[:_DATE] if time.precision is Precision.DAY else written)
        if not isinstance(time.instant, int):
            return self.text(f"report.absent.{time.instant.name.lower()}")
        offset = offset_text(time.offset_s) if isinstance(time.offset_s, int) else None
        shift = time.offset_s * TICKS_PER_SECOND if offset and isinstance(time.offset_s, int) else 0
        shown = calendar(time.instant + shift, time.precision)
        return f"{shown} {offset or 'UTC'}" if shown else self.text("report.time.outside")

    def difference(self, ticks: int) -> str:
        """Write a difference of two instants with its sign: ``+3 d 04:05:06``."""
        seconds = abs(ticks) // TICKS_PER_SECOND
        days, rest = divmod(seconds, _DAY_S)
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
        sign = "" if seconds == 0 else "\N{MINUS SIGN}" if ticks < 0 else "+"
        return sign + (self.text("report.unit.days", n=days, rest=clock) if days else clock)

    def clock(self, kind: ClockKind) -> str:
        """Name a kind of clock."""
        return self.text(f"report.clock.{kind.name.lower()}")

    def described(self, description: Description) -> str:
        """Name what a time means."""
        return self.text(f"report.described.{description.name.lower()}")

    def statement(self, stored: StoredFinding) -> str:
        """Return what was observed, in this language where its catalogue has the sentence."""
        if self.language == DEFAULT or stored.sentence.key not in self._own:
            return stored.finding.statement
        return render(stored.sentence, self.language)

    def sentence_or_text(self, value: str) -> str:
        """Return the sentence of a key, or the value itself if it is no key."""
        return self.text(value) if self.has(value) else value

    def cause(self, cause: str) -> str:
        """Name a benign cause; a cause without a sentence by its id."""
        for key in (f"benign.{cause}", f"benign.{cause}.wording"):
            if self.has(key):
                return self.text(key)
        return cause.replace("_", " ")

    def state(self, state: BenignState) -> tuple[str, str]:
        """Return the mark and the word of a benign state."""
        name = state.state.value
        return self.text(f"report.benign.mark.{name}"), self.text(f"report.benign.{name}")

    def open_causes(self, states: tuple[BenignState, ...]) -> list[str]:
        """Name the causes that remain: open first, then those that cannot be tested."""
        left = [state for state in states if state.state is State.OPEN]
        left += [state for state in states if state.state is State.UNTESTABLE]
        return [self.cause(state.cause) for state in left]

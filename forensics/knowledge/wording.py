"""Numbers, sizes, times and sentences in one language."""

from itertools import zip_longest

from msgspec.structs import replace

from forensics.errors import KnowledgeError
from forensics.knowledge.benign import CAUSES
from forensics.knowledge.languages import ENGLISH, translated, translation
from forensics.knowledge.sentences import DEFAULT, catalogue, text
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision, Timestamp
from forensics.model.findings import CauseState, Finding, StoredFinding
from forensics.model.instants import calendar, is_local, offset_text
from forensics.model.rules import State
from forensics.model.sentences import Saying, Sentence, Value, said

_SIZES = ("byte", "kb", "mb", "gb", "tb")
_DAY_S = 86_400
_DATE = len("2017-04-24")


class Wording:
    """The sentences of one language, bound."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = translation(language)
        self._own = catalogue(DEFAULT)
        self._fallback = catalogue(DEFAULT)
        self._comma = self.text("report.number.group")
        self._point = self.text("report.number.decimal")

    def text(self, key: str, /, **values: object) -> str:
        """Return a sentence; integers among the values are grouped."""
        shown = {name: self.number(value) if type(value) is int else value for name, value in values.items()}
        return text(key, self.language, **shown)

    def said(self, sentence: Sentence) -> str:
        """Write a sentence with its values; the module that declares it must be loaded.

        Raises:
            KnowledgeError: no such sentence is declared, or it lacks a value.
        """
        saying = said(sentence.key)
        if saying is None:
            raise KnowledgeError(f"no sentence {sentence.key!r}")
        return self.say(saying, sentence.n, **sentence.values)

    def say(self, saying: Saying, n: int | None = None, /, **values: Value) -> str:
        """Write a sentence with values; *n* chooses between its forms.

        Raises:
            KnowledgeError: it lacks a value.
        """
        if n == 0 and saying.none:
            template = translated(self._translations, f"{saying.key}.none", saying.none, "", None)
        else:
            template = translated(self._translations, saying.key, saying.one, saying.many, n)
        shown = {name: self._value(value) for name, value in values.items()}
        if n is not None:
            shown["n"] = self.number(n)
        try:
            return template.format_map(shown)
        except KeyError as missing:
            raise KnowledgeError(f"sentence {saying.key!r} lacks value {missing}") from missing

    def _value(self, value: Value) -> str:
        if isinstance(value, str):
            return value
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, Sentence):
            return self.said(value)
        return self.text("report.join.semicolon").join([self._value(one) for one in value])

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

    def finding(self, stored: StoredFinding) -> Finding:
        """Return a finding with its texts in this language; what cannot be written so stays in English."""
        if self.language == ENGLISH:
            return stored.finding
        found = stored.finding
        observed = [self._or_english(part, "") for part in (stored.sentence, *stored.coverage)]
        notes = [
            replace(state, note=self._or_english(note, state.note) if note else state.note)
            for state, note in zip_longest(found.benign, stored.notes[: len(found.benign)])
        ]
        return replace(
            found,
            statement=" ".join(observed) if all(observed) else found.statement,
            settle=self._or_english(Sentence(stored.settle), found.settle),
            benign=tuple(notes),
        )

    def _or_english(self, sentence: Sentence, english: str) -> str:
        try:
            return self.said(sentence)
        except KnowledgeError:  # of a version that had other sentences
            return english

    def sentence_or_text(self, value: str) -> str:
        """Return the sentence of a key, or the value itself if it is no key."""
        return self.text(value) if self.has(value) else value

    def cause(self, cause: str) -> str:
        """Name a benign cause; a cause without a sentence by its id."""
        known = CAUSES.get(cause)
        return self.say(known.title) if known is not None else cause.replace("_", " ")

    def state(self, state: CauseState) -> tuple[str, str]:
        """Return the mark and the word of a benign state."""
        name = state.state.value
        return self.text(f"report.benign.mark.{name}"), self.text(f"report.benign.{name}")

    def open_causes(self, states: tuple[CauseState, ...]) -> list[str]:
        """Name the causes that remain: open first, then those that cannot be tested."""
        left = [state for state in states if state.state is State.OPEN]
        left += [state for state in states if state.state is State.UNTESTABLE]
        return [self.cause(state.cause) for state in left]

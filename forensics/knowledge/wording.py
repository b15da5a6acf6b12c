"""Numbers, sizes, times and sentences in one language."""

from itertools import zip_longest

from msgspec.structs import replace

from forensics.errors import KnowledgeError
from forensics.knowledge.benign import CAUSES
from forensics.knowledge.languages import ENGLISH, translated, translation
from forensics.knowledge.terms import ABSENCES, CLOCKS, DESCRIPTIONS, MARKS, STATES
from forensics.knowledge.values import in_language
from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision, Timestamp
from forensics.model.findings import CauseState, Finding, Ranked, StoredFinding
from forensics.model.instants import calendar, is_local, offset_text
from forensics.model.rules import Rule, State, title_key
from forensics.model.sentences import Saying, Sentence, Value, said, says

_SIZES = (
    says("report.unit.byte", one="1 byte", many="{n} bytes"),
    says("report.unit.kb", one="{n} kB"),
    says("report.unit.mb", one="{n} MB"),
    says("report.unit.gb", one="{n} GB"),
    says("report.unit.tb", one="{n} TB"),
)
NONE = says("report.none_given", one="–")
"""What stands where there is no value."""
_DIGIT_GROUP = says("report.number.group", one=",")
_DECIMAL_POINT = says("report.number.decimal", one=".")
_COMMA = says("report.join.comma", one=", ")
_SEMICOLON = says("report.join.semicolon", one="; ")
_COLON = says("report.join.colon", one=": ")
_AND = says("report.join.last", one="{first} and {last}")
_DAYS = says("report.unit.days", one="{n} d {rest}")
_SHARE = says("report.share", one="{n} %")
_SHARE_BELOW = says("report.share.below", one="< 0.1 %")
_SHARE_ABOVE = says("report.share.above", one="> 99.9 %")
_LOCAL = says("report.time.local", one="{time} local")
_OUTSIDE = says("report.time.outside", one="outside the calendar")

_DAY_S = 86_400
_DATE = len("2017-04-24")


class Wording:
    """The sentences of one language, bound."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._translations = translation(language)
        self._digit_group = self.say(_DIGIT_GROUP)
        self._decimal_point = self.say(_DECIMAL_POINT)
        self.semicolon = self.say(_SEMICOLON)
        """Between what may hold commas itself."""
        self.colon = self.say(_COLON)
        """Between a label and its value."""

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
        shown = {name: self._value(saying.key, name, value) for name, value in values.items()}
        if n is not None:
            shown["n"] = self.number(n)
        try:
            return template.format_map(shown)
        except KeyError as missing:
            raise KnowledgeError(f"sentence {saying.key!r} lacks value {missing}") from missing

    def title(self, rule: Rule) -> str:
        """Return what a rule is called."""
        return self.say(Saying(key=title_key(rule.id), one=rule.title.replace("{", "{{").replace("}", "}}")))

    def _value(self, key: str, name: str, value: Value) -> str:
        if isinstance(value, str):
            return value if self.language == ENGLISH else in_language(key, name, value, self.say, self.number)
        if isinstance(value, int):
            return self.number(value)
        if isinstance(value, Sentence):
            return self.said(value)
        return self.clauses([self._value(key, name, one) for one in value])

    def number(self, value: int) -> str:
        """Group the digits of a number."""
        return f"{value:,}".replace(",", self._digit_group)

    def decimal(self, value: float, digits: int = 1) -> str:
        """Write a number with decimals."""
        return f"{value:.{digits}f}".replace(".", self._decimal_point)

    def size(self, count: int) -> str:
        """Write a byte count in decimal units with at most three digits."""
        value, unit = float(count), 0
        while value >= 999.5 and unit < len(_SIZES) - 1:
            value, unit = value / 1000, unit + 1
        if unit == 0:
            return self.say(_SIZES[0], count)
        return self.say(_SIZES[unit], n=self.decimal(value, 1 if value < 99.95 else 0))

    def share(self, k: int, n: int) -> str:
        """Write a share as a percentage that never rounds to none or all."""
        if n == 0:
            return self.say(NONE)
        if 0 < k * 1000 < n:
            return self.say(_SHARE_BELOW)
        if k < n and k * 1000 > n * 999:
            return self.say(_SHARE_ABOVE)
        return self.percentage(100 * k / n)

    def percentage(self, value: float, digits: int = 1) -> str:
        """Write a percentage."""
        return self.say(_SHARE, n=self.decimal(value, digits))

    def joined(self, parts: list[str]) -> str:
        """Join phrases with commas and a last "and"."""
        if len(parts) < 2:
            return "".join(parts)
        return self.say(_AND, first=self.listed(parts[:-1]), last=parts[-1])

    def listed(self, parts: list[str]) -> str:
        """Join words with commas."""
        return self.say(_COMMA).join(parts)

    def clauses(self, parts: list[str]) -> str:
        """Join what may hold commas itself with semicolons."""
        return self.semicolon.join(parts)

    def labelled(self, label: str, value: str) -> str:
        """Join a label and its value with a colon."""
        return f"{label}{self.colon}{value}"

    def instant(self, ticks: int | None) -> str:
        """Write an instant in UTC, seconds; a dash where there is none."""
        return (None if ticks is None else calendar(ticks)) or self.say(NONE)

    def reading(self, time: Timestamp) -> str:
        """Write a time's own calendar reading with its offset."""
        if is_local(time) and isinstance(time.wall, int):
            written = calendar(time.wall, time.precision) or ""
            return self.say(_LOCAL, time=written[:_DATE] if time.precision is Precision.DAY else written)
        if not isinstance(time.instant, int):
            return self.say(ABSENCES[time.instant])
        offset = offset_text(time.offset_s) if isinstance(time.offset_s, int) else None
        shift = time.offset_s * TICKS_PER_SECOND if offset and isinstance(time.offset_s, int) else 0
        shown = calendar(time.instant + shift, time.precision)
        return f"{shown} {offset or 'UTC'}" if shown else self.say(_OUTSIDE)

    def difference(self, ticks: int) -> str:
        """Write a difference of two instants with its sign: ``+3 d 04:05:06``."""
        seconds = abs(ticks) // TICKS_PER_SECOND
        days, rest = divmod(seconds, _DAY_S)
        clock = f"{rest // 3600:02d}:{rest % 3600 // 60:02d}:{rest % 60:02d}"
        sign = "" if seconds == 0 else "\N{MINUS SIGN}" if ticks < 0 else "+"
        return sign + (self.say(_DAYS, n=days, rest=clock) if days else clock)

    def clock(self, kind: ClockKind) -> str:
        """Name a kind of clock."""
        return self.say(CLOCKS[kind])

    def described(self, description: Description) -> str:
        """Name what a time means."""
        return self.say(DESCRIPTIONS[description])

    def english(self, text: str) -> str:
        """Return a text that is in English in every language, as it is shown: as it stands."""
        return text

    def finding(self, stored: StoredFinding) -> Finding:
        """Return a finding with its texts in this language; what cannot be written so stays in English."""
        if self.language == ENGLISH:
            return stored.finding
        found = stored.finding
        observed = [self._or_english(part, "") for part in (stored.sentence, *stored.coverage)]
        # an earlier version kept no keys for what the statement of a cluster says besides
        whole = all(observed) and bool(stored.settle or not stored.cluster)
        notes = [
            replace(state, note=self._or_english(note, state.note) if note else self.english(state.note))
            for state, note in zip_longest(found.benign, stored.notes[: len(found.benign)])
        ]
        return replace(
            found,
            statement=" ".join(observed) if whole else self.english(found.statement),
            settle=self._or_english(Sentence(stored.settle), found.settle),
            benign=tuple(notes),
        )

    def concluded(self, row: Ranked) -> tuple[str, str]:
        """Return the conclusion of an entry and which of two mails is likelier the changed one, as `finding` does."""
        if self.language == ENGLISH or row.concluded is None:
            return row.conclusion, row.side
        said = [self._or_english(one, "") for one in row.concluded.sentences]
        side = [self._or_english(one, "") for one in row.concluded.side]
        return (
            " ".join(said) if all(said) else row.conclusion,
            " ".join(side) if all(side) else row.side,
        )

    def _or_english(self, sentence: Sentence, english: str) -> str:
        try:
            return self.said(sentence)
        except KnowledgeError:  # of a version that had other sentences
            return self.english(english)

    def cause(self, cause: str) -> str:
        """Name a benign cause; a cause without a sentence by its id."""
        known = CAUSES.get(cause)
        return self.say(known.title) if known is not None else cause.replace("_", " ")

    def state(self, state: CauseState) -> tuple[str, str]:
        """Return the mark and the word of a benign state."""
        return self.say(MARKS[state.state]), self.say(STATES[state.state])

    def open_causes(self, states: tuple[CauseState, ...]) -> list[str]:
        """Name the causes that remain: open first, then those that cannot be tested."""
        left = [state for state in states if state.state is State.OPEN]
        left += [state for state in states if state.state is State.UNTESTABLE]
        return [self.cause(state.cause) for state in left]

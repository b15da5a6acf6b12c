"""Each regex on evidence survives a megabyte of its worst prefix.

Worst prefixes are made from the pattern itself: every character it names, repeated, alone and after its first literal.
A pattern that backtracks or rescans takes hours on these, a linear one milliseconds; the alarm only ends a hang.
"""

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator

import forensics
import pytest

SIZE = 1_000_000
HANG_S = 20


def _patterns() -> Iterator[tuple[str, re.Pattern]]:
    for info in pkgutil.walk_packages(forensics.__path__, "forensics."):
        module = importlib.import_module(info.name)
        for name, value in sorted(vars(module).items()):
            if isinstance(value, re.Pattern):
                yield f"{info.name}:{name}", value


PATTERNS = dict(_patterns())


def _prefixes(pattern: re.Pattern) -> Iterator[str | bytes]:
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    named = sorted(set(re.sub(r"\\[a-zA-Z]", " ", text)) | set(' \t\n\r0a<>()";,=?:-._'))
    for char in named:
        for unit in (char, f"{char}\n", f" {char}", f"{char} "):
            made = (unit * (SIZE // len(unit) + 1))[:SIZE]
            yield made.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else made


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_regex_is_linear(name: str) -> None:
    def hang(*_: object) -> None:
        raise AssertionError(f"{name}: {PATTERNS[name].pattern!r} hangs on {prefix[:8]!r}...")

    pattern = PATTERNS[name]
    previous = signal.signal(signal.SIGALRM, hang)
    try:
        for prefix in _prefixes(pattern):
            signal.alarm(HANG_S)
            for _ in pattern.finditer(prefix):
                pass
            pattern.fullmatch(prefix)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)

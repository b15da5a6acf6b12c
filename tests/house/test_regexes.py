"""Each regex on evidence survives a megabyte of its worst prefix.

Prefixes are made from the pattern itself: every character that it names, repeated, alone and in pairs. The ones that
cost most on a few kilobytes are its worst, and are run at full length: a pattern that backtracks or rescans takes hours
on them, a linear one milliseconds. The alarm only ends a hang.
"""

import importlib
import pkgutil
import re
import signal
import time
from collections.abc import Iterator

import forensics
import pytest

SIZE = 1_000_000
TRIAL = 6_000
WORST = 2
HANG_S = 60


def _patterns() -> Iterator[tuple[str, re.Pattern]]:
    for info in pkgutil.walk_packages(forensics.__path__, "forensics."):
        module = importlib.import_module(info.name)
        for name, value in sorted(vars(module).items()):
            if isinstance(value, re.Pattern):
                yield f"{info.name}:{name}", value


PATTERNS = dict(_patterns())


def _units(pattern: re.Pattern) -> Iterator[str]:
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    named = sorted(set(re.sub(r"\\[a-zA-Z]", " ", text)) | set(' \t\n\r0a<>()";,=?:-._'))
    for char in named:
        yield from (char, f"{char}\n", f" {char}")


def _made(pattern: re.Pattern, unit: str, size: int) -> str | bytes:
    text = (unit * (size // len(unit) + 1))[:size]
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _run(pattern: re.Pattern, text: str | bytes) -> float:
    start = time.perf_counter()
    for _ in pattern.finditer(text):
        pass
    pattern.fullmatch(text)
    return time.perf_counter() - start


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_regex_is_linear(name: str) -> None:
    pattern = PATTERNS[name]

    def hang(*_: object) -> None:
        raise AssertionError(f"{name}: {pattern.pattern!r} hangs on {unit!r} repeated")

    previous = signal.signal(signal.SIGALRM, hang)
    try:
        costs = []
        for unit in _units(pattern):
            signal.alarm(HANG_S)
            costs.append((_run(pattern, _made(pattern, unit, TRIAL)), unit))
        for _, unit in sorted(costs, reverse=True)[:WORST]:
            signal.alarm(HANG_S)
            _run(pattern, _made(pattern, unit, SIZE))
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, previous)

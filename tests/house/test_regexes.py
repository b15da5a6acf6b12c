"""Each regex on evidence survives much of its worst prefix, run the way in which the code runs it.

Prefixes are made from the pattern itself: every character that it names, repeated, alone and in pairs. The ones that
cost most on a few kilobytes are its worst, and are run at full length: a pattern that backtracks or rescans takes
minutes on them, a linear one milliseconds. The alarm only ends a hang.
"""

import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections.abc import Iterator

import pytest

import forensics

SIZE = 200_000
TRIAL = 3_000
WORST = 2
HANG_S = 20
"""Of this process: a loaded machine is no hang."""


SCANS = {"search", "finditer", "findall", "sub", "subn", "split"}


def _patterns() -> Iterator[tuple[str, tuple[re.Pattern, bool]]]:
    for info in pkgutil.walk_packages(forensics.__path__, "forensics."):
        module = importlib.import_module(info.name)
        source = inspect.getsource(module)
        for name, value in sorted(vars(module).items()):
            if isinstance(value, re.Pattern):
                used = set(re.findall(rf"\b{name}\.(\w+)", source))
                # An anchored match never looks for another place to start; everything else may.
                yield f"{info.name}:{name}", (value, not used or bool(used & SCANS))


PATTERNS = dict(_patterns())


def _units(pattern: re.Pattern) -> Iterator[str]:
    text = pattern.pattern.decode("latin-1") if isinstance(pattern.pattern, bytes) else pattern.pattern
    named = sorted(set(re.sub(r"\\[a-zA-Z]", " ", text)) | set(' \t\n\r0a<>()";,=?:-._'))
    for char in named:
        yield from (char, f"{char}\n", f" {char}")


def _made(pattern: re.Pattern, unit: str, size: int) -> str | bytes:
    text = (unit * (size // len(unit) + 1))[:size]
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _run(pattern: re.Pattern, text: str | bytes, scans: bool) -> float:
    start = time.perf_counter()
    if scans:
        for _ in pattern.finditer(text):
            pass
    pattern.match(text)
    pattern.fullmatch(text)
    return time.perf_counter() - start


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_regex_is_linear(name: str) -> None:
    pattern, scans = PATTERNS[name]

    def hang(*_: object) -> None:
        raise AssertionError(f"{name}: {pattern.pattern!r} hangs on {unit!r} repeated")

    previous = signal.signal(signal.SIGPROF, hang)
    try:
        costs = []
        for unit in _units(pattern):
            signal.setitimer(signal.ITIMER_PROF, HANG_S)
            costs.append((_run(pattern, _made(pattern, unit, TRIAL), scans), unit))
        for _, unit in sorted(costs, reverse=True)[:WORST]:
            signal.setitimer(signal.ITIMER_PROF, HANG_S)
            _run(pattern, _made(pattern, unit, SIZE), scans)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)

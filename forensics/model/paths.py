"""Paths as callers give them."""

import os
from collections.abc import Iterable
from pathlib import Path

AnyPath = str | os.PathLike[str]
"""A path as text or as any object that stands for one."""


def paths_of(given: AnyPath | Iterable[AnyPath]) -> list[Path]:
    """Return one path or several as a list."""
    return [Path(given)] if isinstance(given, str | os.PathLike) else [Path(path) for path in given]

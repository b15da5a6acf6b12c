"""Tainted-leak forensics: which items of a leaked archive do not fit, why, and how anyone can check it.

Everything that the command line does is one call here; names are imported on first use, so that
``import forensics.model`` loads neither DuckDB nor lxml.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forensics import _version

if TYPE_CHECKING:
    from forensics.engine.check import check
    from forensics.engine.demo import demo
    from forensics.engine.extent import reached
    from forensics.engine.listing import findings, items, rank, rules, set_aside, timeline
    from forensics.engine.measuring.measure import measure
    from forensics.engine.reporting import write_report
    from forensics.engine.scan import scan
    from forensics.engine.show import show
    from forensics.engine.verify import verify
    from forensics.errors import ForensicsError
    from forensics.model.measuring import Measurement, MeasureOptions
    from forensics.model.scanning import Reached, ScanOptions, ScanResult
    from forensics.model.verification import VerifyResult

_HOMES = {
    "ForensicsError": "errors",
    "MeasureOptions": "model.measuring",
    "Measurement": "model.measuring",
    "Reached": "model.scanning",
    "ScanOptions": "model.scanning",
    "ScanResult": "model.scanning",
    "VerifyResult": "model.verification",
    "check": "engine.check",
    "demo": "engine.demo",
    "findings": "engine.listing",
    "items": "engine.listing",
    "measure": "engine.measuring.measure",
    "rank": "engine.listing",
    "reached": "engine.extent",
    "rules": "engine.listing",
    "scan": "engine.scan",
    "set_aside": "engine.listing",
    "show": "engine.show",
    "timeline": "engine.listing",
    "verify": "engine.verify",
    "write_report": "engine.reporting",
}

__version__ = _version.VERSION

__all__ = [
    "ForensicsError",
    "MeasureOptions",
    "Measurement",
    "Reached",
    "ScanOptions",
    "ScanResult",
    "VerifyResult",
    "__version__",
    "check",
    "demo",
    "findings",
    "items",
    "measure",
    "rank",
    "reached",
    "rules",
    "scan",
    "set_aside",
    "show",
    "timeline",
    "verify",
    "write_report",
]


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)


def __dir__() -> list[str]:
    return __all__

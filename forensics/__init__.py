"""Tainted-leak forensics: which items of a leaked archive do not fit, why, and how anyone can check it.

Everything that the command line does is one call here; names are imported on first use, so that
``import forensics.model`` loads neither DuckDB nor lxml.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from forensics import _version

if TYPE_CHECKING:
    from forensics._demo import demo
    from forensics.engine.measuring.measure import measure
    from forensics.engine.scan import scan
    from forensics.errors import ForensicsError
    from forensics.model.measuring import Measurement, MeasureOptions
    from forensics.model.scanning import Reached, ScanOptions, ScanResult
    from forensics.model.verification import VerifyResult
    from forensics.reader.check import check
    from forensics.reader.listing import findings, items, rank, rules, set_aside
    from forensics.reader.reached import reached
    from forensics.reader.show import show
    from forensics.reader.verify import verify
    from forensics.report.timeline import timeline
    from forensics.report.write import write_report

_HOMES = {
    "ForensicsError": "errors",
    "MeasureOptions": "model.measuring",
    "Measurement": "model.measuring",
    "Reached": "model.scanning",
    "ScanOptions": "model.scanning",
    "ScanResult": "model.scanning",
    "VerifyResult": "model.verification",
    "check": "reader.check",
    "demo": "_demo",
    "findings": "reader.listing",
    "items": "reader.listing",
    "measure": "engine.measuring.measure",
    "rank": "reader.listing",
    "reached": "reader.reached",
    "rules": "reader.listing",
    "scan": "engine.scan",
    "set_aside": "reader.listing",
    "show": "reader.show",
    "timeline": "report.timeline",
    "verify": "reader.verify",
    "write_report": "report.write",
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

"""Loads what tests a CMS signature from pyHanko, and no more of it.

Its packages import on their way all that makes signatures and time stamps, a client of the web among it: twice what the
tests of one mail cost, in each worker. Their modules that test signatures do not need the packages' own contents.
"""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from threading import active_count
from types import ModuleType

from forensics.errors import NotInstalled

_TESTS = "pyhanko.sign.validation.generic_cms"
_AROUND = ("pyhanko.sign", "pyhanko.sign.validation")


def library() -> ModuleType:
    """Return the module that tests CMS signatures.

    Raises:
        NotInstalled: it is missing.
    """
    try:
        tests = sys.modules.get(_TESTS) or _loaded()
    except ImportError as error:
        raise NotInstalled(
            "verifying S/MIME signatures needs the package pyHanko: install it, or tainted-leak-forensics[smime]"
        ) from error
    for name in ("pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they write of every path that they do not find
    return tests


def _loaded() -> ModuleType:
    if active_count() > 1:  # another thread could import the packages meanwhile, and get them empty
        return import_module(_TESTS)
    try:
        with _bare(*_AROUND):
            return import_module(_TESTS)
    except (ImportError, AttributeError):  # another version may need the packages' contents
        return import_module(_TESTS)


@contextmanager
def _bare(*packages: str) -> Iterator[None]:
    """Let modules of packages be imported while these do not run; who imports the packages later gets them whole."""
    made = []
    try:
        for name in packages:
            if name not in sys.modules and (spec := find_spec(name)) is not None:
                sys.modules[name] = module_from_spec(spec)
                made.append(name)
        yield
    finally:
        for name in made:
            del sys.modules[name]

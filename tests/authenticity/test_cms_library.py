"""What tests a CMS signature is loaded alone, and the library's own packages stay whole for who imports them later."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("pyhanko")

_LOAD = """
import json, sys
from forensics.authenticity import cms_library
tests = cms_library.library()
bare = "pyhanko.sign" not in sys.modules
import pyhanko.sign
print(json.dumps([tests.__name__, bare, hasattr(pyhanko.sign, "SimpleSigner"), "pyhanko.sign.signers" in sys.modules]))
"""


def test_packages_are_whole_for_whoever_imports_them_afterwards() -> None:
    found = subprocess.run([sys.executable, "-c", _LOAD], capture_output=True, check=True, timeout=60)
    assert json.loads(found.stdout) == ["pyhanko.sign.validation.generic_cms", True, True, True]


def test_with_other_threads_everything_is_loaded() -> None:
    """Another thread could otherwise import a package while it is empty."""
    waiting = "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()\n"
    found = subprocess.run([sys.executable, "-c", waiting + _LOAD], capture_output=True, check=True, timeout=60)
    assert json.loads(found.stdout)[1:3] == [False, True]

"""What a module can import is computed: nothing that runs is left out, and what does not belong to it is."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import forensics
from forensics.engine.reading.code import reading_roots
from forensics.errors import CheckError
from forensics.stages.closure import Code, own_code

PACKAGE = Path(forensics.__file__).parent
LEAK = Path(__file__).parents[1] / "kept" / "format_1" / "leak"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    files = {
        "__init__.py": "if TYPE_CHECKING:\n    from forensics.top import x\n\ny = 1\n",
        "top.py": "import forensics.room.plain\n",
        "room/__init__.py": "",
        "room/plain.py": "def late():\n    from forensics.room.tables import read\n    return read\n",
        "room/several.py": "from forensics.room import (\n    plain,  # why\n    tables as t,\n)\n",
        "room/tables.py": 'def read():\n    return rows("days"), rows("both.csv"), folder / "en"\n',
        "room/days.csv": "1\n",
        "room/both.csv": "1\n",
        "room/both.toml": "a = 1\n",
        "room/other.csv": "1\n",
        "room/en/words.toml": "a = 1\n",
        "room/alone.py": "from forensics.room.tables_of import nothing\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


TABLES = ("room/both.csv", "room/days.csv", "room/en/words.toml")


@pytest.mark.parametrize(
    ("root", "files"),
    [
        ("room.tables", ("__init__.py", "room/__init__.py", *TABLES, "room/tables.py")),
        ("room.plain", ("__init__.py", "room/__init__.py", *TABLES, "room/plain.py", "room/tables.py")),
        ("room.alone", ("__init__.py", "room/__init__.py", "room/alone.py")),
        ("top", ("__init__.py", "room/__init__.py", *TABLES, "room/plain.py", "room/tables.py", "top.py")),
    ],
)
def test_files_of_a_module(package: Path, root: str, files: tuple[str, ...]) -> None:
    assert Code(package).files([f"forensics.{root}"]) == tuple(sorted(files))


def test_modules_imported_from_their_package(package: Path) -> None:
    assert {"room/plain.py", "room/tables.py"} < set(Code(package).files(["forensics.room.several"]))


@pytest.mark.parametrize("changed", ["room/tables.py", "room/days.csv", "room/en/words.toml", "room/__init__.py"])
def test_a_change_shows(package: Path, changed: str) -> None:
    before = {root: Code(package).digest([f"forensics.room.{root}"]) for root in ("plain", "alone")}
    (package / changed).write_text("changed = 1\n")
    after = {root: Code(package).digest([f"forensics.room.{root}"]) for root in ("plain", "alone")}
    assert before["plain"] != after["plain"]
    assert (before["alone"] == after["alone"]) == (changed != "room/__init__.py")


def test_a_module_that_is_not_there(package: Path) -> None:
    with pytest.raises(CheckError):
        Code(package).files(["forensics.room.nothing"])


def _imports(path: Path) -> Iterator[str]:
    """Yield by Python's own grammar what a module imports, at any depth; names for a type checker alone left out."""
    left: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while left:
        node = left.pop()
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        left += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            yield from [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            yield from [f"{node.module}.{alias.name}" for alias in node.names] + [str(node.module)]


def test_no_import_of_this_package_is_missed() -> None:
    for path in PACKAGE.rglob("*.py"):
        parts = ("forensics", *path.relative_to(PACKAGE).with_suffix("").parts)
        files = set(own_code().files([".".join(parts).removesuffix(".__init__")]))
        for name in _imports(path):
            file = PACKAGE.parent / (name.replace(".", "/") + ".py")
            if name.startswith("forensics.") and file.is_file():
                assert file.relative_to(PACKAGE).as_posix() in files, f"{path}: {name}"


OPENED = """
import sys
from pathlib import Path
opened = []
def hear(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, Path)):
        opened.append(str(arguments[0]))
sys.addaudithook(hear)
from forensics.engine.measuring.profile import item_times
from forensics.model.rules import Context
from forensics.checks import RULES, load
from forensics.parsers import PARSERS
from forensics.parsers import load as load_parser
[load_parser(name) for name in PARSERS]
item_times(Path(sys.argv[1]), Context(as_of=0))
print("\\n".join(path for path in opened if path.endswith((".csv", ".toml"))))
"""


def test_every_table_that_is_read_counts() -> None:
    ran = subprocess.run([sys.executable, "-c", OPENED, LEAK], capture_output=True, text=True, check=True)
    opened = {Path(line).relative_to(PACKAGE).as_posix() for line in ran.stdout.splitlines()}
    assert "knowledge/offsets.csv" in opened
    assert opened <= set(own_code().files(reading_roots()))


LOADED = """
import sys
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
print("\\n".join(m.__file__ for n, m in sys.modules.items() if n.split(".")[0] == "forensics"))
"""


def test_every_module_that_is_loaded_counts() -> None:
    ran = subprocess.run([sys.executable, "-c", LOADED, *reading_roots()], capture_output=True, text=True, check=True)
    loaded = {Path(line).relative_to(PACKAGE).as_posix() for line in ran.stdout.splitlines()}
    assert loaded <= set(own_code().files(reading_roots()))

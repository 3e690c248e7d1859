"""What the commands import: heavy libraries only where they are needed."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = {"pandas", "matplotlib", "seaborn", "nbconvert", "papermill", "typst", "distributed"}


@pytest.mark.parametrize("arguments", [["--help"], ["build", "--help"], ["check", "R5"]], ids=" ".join)
def test_a_command_imports_no_more_than_it_needs(tmp_path, arguments):
    arguments = [*arguments, *(["--out", str(tmp_path)] if "check" in arguments else [])]
    source = (
        f"import sys\nfrom nenpo.cli import main\ntry:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        "print('loaded', *sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, cwd=ROOT)
    loaded = set(done.stdout.rpartition("loaded")[2].split())
    assert done.returncode == 0 and "nenpo.cli" in loaded
    assert loaded & HEAVY == set()


def test_each_part_of_the_library_knows_only_those_before_it():
    told = (
        (ROOT / "README.md").read_text(encoding="utf-8").split("reads from the bottom up: ")[1].split("Each knows")[0]
    )
    order = [name.strip("/") for name in re.findall(r"`([a-z_]+/?)`", told)]
    library = ROOT / "lib" / "nenpo"
    parts = {path.stem for path in library.iterdir() if path.suffix == ".py" or (path / "__init__.py").is_file()}
    assert sorted(order) == sorted(parts - {"__init__"})
    upward = []
    for path in library.rglob("*.py"):
        own = path.relative_to(library).parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            known = [name.split(".")[1] for name in named if name.startswith("nenpo.")]
            upward += [
                (str(path), name) for name in known if own != "__init__" and order.index(name) > order.index(own)
            ]
    assert upward == []

"""What the commands import: heavy libraries only where they are needed."""

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

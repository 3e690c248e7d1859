"""The reports under test, built once a session from the repository's own data."""

import shutil
from pathlib import Path

import pytest

from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import Wanted, build

ROOT = Path(__file__).parent.parent
DATA = ROOT / "data"


@pytest.fixture(scope="session")
def office():
    return Office(DATA)


@pytest.fixture(scope="session")
def r5(office, tmp_path_factory):
    """The folder of the R5 report."""
    return build(office, FiscalYear("R5"), tmp_path_factory.mktemp("out"), Wanted(jobs=2), lambda *told: None)


@pytest.fixture(scope="session")
def executed(r5):
    """Puts the chapters of R5 as they have been executed into the folder of another report, as a build would that came before."""

    def executed(out):
        shutil.copytree(r5.parent / ".cache", out / ".cache")
        return out

    return executed

"""The reports under test, built once a session from the repository's own data."""

import shutil
from pathlib import Path

import pytest
import small_offices
from hypothesis import settings

from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.run.build import Wanted, build

# How long an example takes is no matter of the tests: others run beside it.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

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


@pytest.fixture(scope="session")
def years(office, tmp_path_factory):
    """The R5 of each office whose sentences are read: ``look`` is the repository's own, ``example`` that of the guide."""
    example = Office(ROOT / "docs" / "examples" / "ambulance" / "data")
    small = {
        name: small_offices.built(tmp_path_factory.mktemp(name) / "data", *small_offices.office(name))
        for name in small_offices.NAMES
    }
    return {"look": office.of(office.year("R5")), "example": example.of(example.year("R5")), **small}

import pytest

from nenpo.errors import InputError
from nenpo.japanese.years import FiscalYear, Month


@pytest.mark.parametrize("written", ["R5", "r5", "Ｒ５", "令和5年度", "令和５年度", "令和 5", "2023", "2023年度", 2023])
def test_a_fiscal_year_is_read_however_it_is_written(written):
    assert FiscalYear(written) == FiscalYear(2023)


@pytest.mark.parametrize("written", ["", "R", "R0", "5", "S63", "令和五年度", "R5.4", "../R5", None, 2023.5, "3000"])
def test_what_names_no_fiscal_year_is_refused_with_a_remedy(written):
    with pytest.raises(InputError, match="年度として読めません") as refusal:
        FiscalYear(written)
    assert "R5" in refusal.value.faults[0].remedy


def test_names_of_a_year():
    year = FiscalYear(2023)
    assert (year.code, year.short, year.label) == ("R5", "R5年度", "令和５年度")
    first = FiscalYear("令和元年度")
    assert (first.code, first.short, first.label) == ("R1", "R元年度", "令和元年度")
    assert first.previous.code == "H30"


def test_months_run_from_april_to_march_across_the_calendar_year():
    labels = [month.label for month in FiscalYear("R5").months]
    assert labels == "R5.4 R5.5 R5.6 R5.7 R5.8 R5.9 R5.10 R5.11 R5.12 R6.1 R6.2 R6.3".split()
    assert [month.label for month in FiscalYear("R元").months][:2] == ["H31.4", "R1.5"]
    assert Month(2024, 1) > Month(2023, 12)


def test_years_are_ordered():
    assert sorted(map(FiscalYear, ["R5", "R2", "H30"])) == [FiscalYear(2018), FiscalYear(2020), FiscalYear(2023)]

"""Every number that is computed, against the plainest way to compute it: tables of any columns and rows, added up, divided and ranked."""

import tempfile
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from nenpo.figures import Figures
from nenpo.japanese.years import FiscalYear
from nenpo.records import NOT_APPLICABLE, Row, YearRecords
from nenpo.tables_toml import read_dictionary

R5, R6 = FiscalYear("R5"), FiscalYear("R6")
GROUPS = {"北": ["甲", "乙", "その他"], "南": ["丙", "その他"]}
AXES = {
    "months": 'rows = "months"',
    "named": 'rows = ["甲", "乙", "丙"]\ntotal = "合計"',
    "alone": 'rows = ["甲", "乙", "丙"]',
}
AXES["grouped"] = (
    "groups = ["
    + ", ".join(f'{{ name = "{name}", rows = {rows}, subtotal = "小計" }}' for name, rows in GROUPS.items())
    + ']\ntotal = "総数"'
)
# Formulas over a column a and a column b, in and below the rows.
FORMULAS = {
    "{a} ÷ {b}": lambda at: at("a") / at("b"),
    "{a} - {b}": lambda at: at("a") - at("b"),
    "({a} + {b}) ÷ 2 × {b}": lambda at: (at("a") + at("b")) / 2 * at("b"),
    "{a} ÷ 合計の{a}": lambda at: at("a") / at("a", row=""),
    "{a} ÷ {b}の合計": lambda at: at("a") / at("b", row=""),
    "{a} - 前年の{a}": lambda at: at("a") - at("a", year=R5),
    "({a} - 前年の{b}) ÷ 前年の{b}": lambda at: (at("a") - at("b", year=R5)) / at("b", year=R5),
}
# Of per cents, as they are written where a sheet holds the number that is shown.
IN_PER_CENT = {
    "{a} ÷ {b} × 100": FORMULAS["{a} ÷ {b}"],
    "100 × ({a} ÷ 合計の{a})": FORMULAS["{a} ÷ 合計の{a}"],
    "{a} × 100 ÷ {b}の合計": FORMULAS["{a} ÷ {b}の合計"],
    "({a} - 前年の{b}) ÷ 前年の{b} × 100": FORMULAS["({a} - 前年の{b}) ÷ 前年の{b}"],
    "{a} ÷ 前年の{b} × 100 - 100": lambda at: at("a") / at("b", year=R5) - 1,
}
WRITTEN = FORMULAS | IN_PER_CENT
PARTS = {"": 1, "％": 100, "‰": 1000}


@st.composite
def made(draw):
    """The text of a table, its typed columns and sums, the formula with what it is over, and the typed figures of two years by row."""
    axis = draw(st.sampled_from(sorted(AXES)))
    ways = {
        f"列{at}": draw(st.sampled_from(["sum", "sum", "last", "max", "none"])) for at in range(draw(st.integers(2, 4)))
    }
    lines = [f'{{ name = "{name}", total = "{way}" }}' for name, way in ways.items()]
    sums = {}
    for at in range(draw(st.integers(0, 2))):
        of_sums = {name: way for name, way in ways.items() if way == "sum"} | dict.fromkeys(sums, "sum")
        if len(of_sums) > 1:
            name, parts = f"計{at}", draw(st.lists(st.sampled_from(sorted(of_sums)), min_size=2, unique=True))
            sums[name] = parts
            lines.append(f'{{ name = "{name}", sum = [{", ".join(repr(part) for part in parts)}] }}'.replace("'", '"'))
    a, b = (draw(st.sampled_from([*ways, *sums])) for _ in "ab")
    unit = draw(st.sampled_from([*PARTS]))
    formula = draw(st.sampled_from(sorted(FORMULAS if unit == "" else WRITTEN)))
    decimals = draw(st.integers(0, 3))
    lines.append(
        f'{{ name = "式", of = "{formula.format(a=a, b=b).replace("100", str(PARTS[unit]))}", unit = "{unit}", decimals = {decimals}, signed = true }}'
    )
    toml = f'[[table]]\nid = "1-1"\ntitle = "表"\nsince = "R5"\n{AXES[axis]}\ncolumns = [{", ".join(draw(st.permutations(lines)))}]\n'
    counts = {year: {} for year in (R5, R6)}
    for year in counts:
        for row in rows_of(axis, year):
            counts[year][row] = {name: draw(st.integers(0, 400)) for name in ways}
    return axis, toml, ways, sums, (formula, a, b, unit, decimals), counts


def rows_of(axis, year):
    if axis == "months":
        return [month.label for month in year.months]
    if axis == "grouped":  # a row that stands in both groups is called by its group's name and its own
        names = [name for rows in GROUPS.values() for name in rows]
        return [f"{group} {name}" if names.count(name) > 1 else name for group, rows in GROUPS.items() for name in rows]
    return ["甲", "乙", "丙"]


def plainly(axis, ways, sums, counts, name, row, year):
    """A typed or added figure, in a row, in a subtotal or of the whole; None where there is none."""
    rows = rows_of(axis, year)
    if row in rows:
        own = counts[year][row]
        return (
            own[name] if name in own else sum(plainly(axis, ways, sums, counts, part, row, year) for part in sums[name])
        )
    if row.endswith("小計"):
        rows = [one for one, group in zip(rows, "北北北南南", strict=True) if row.startswith(group)]
    values = [plainly(axis, ways, sums, counts, name, one, year) for one in rows]
    way = ways.get(name, "sum")
    return {"sum": sum(values), "last": values[-1], "max": max(values), "none": None}[way]


def half_up(amount, decimals):
    units = abs(amount) * 10**decimals
    whole = int(units) + (units - int(units) >= Fraction(1, 2))
    return (-1 if amount < 0 else 1) * (Decimal(whole).scaleb(-decimals) if decimals else whole)


@given(made())
@settings(max_examples=250, deadline=None)
def test_figures_are_those_that_anyone_would_compute(made):
    axis, toml, ways, sums, (formula, a, b, unit, decimals), counts = made
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "tables.toml").write_text(toml, encoding="utf-8")
        dictionary = read_dictionary(Path(folder) / "tables.toml")
    records = {
        year: YearRecords(year, {"1-1": tuple(Row(row, values) for row, values in rows.items())})
        for year, rows in counts.items()
    }
    own = Figures(dictionary, records).table("1-1", R6)
    labels = [label for label, _ in own.rows]
    assert [label for label in labels if not label.endswith("小計")] == rows_of(axis, R6)
    assert [label for label in labels if label.endswith("小計")] == ["北 小計", "南 小計"] * (axis == "grouped")
    for row in [*labels, ""]:
        shown = own.rows[row, ""] if row else own.year[""]
        for name in (*ways, *sums):
            assert shown[name] == plainly(axis, ways, sums, counts, name, row, R6), (row, name)

        def at(which, row=row, year=R6):
            month = rows_of(axis, R6).index(row) if axis == "months" and row else None
            there = row if month is None or year == R6 else rows_of(axis, year)[month]
            value = plainly(axis, ways, sums, counts, {"a": a, "b": b}[which], there, year)
            if value is None:
                raise LookupError
            return Fraction(value)

        try:
            expected = half_up(WRITTEN[formula](at) * PARTS[unit], decimals)
        except LookupError:
            expected = None
        except ZeroDivisionError:
            expected = NOT_APPLICABLE
        assert shown["式"] == expected, (row, formula, a, b)

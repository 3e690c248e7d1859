"""Charts: colours that can be told apart, names that do not overlap, the same bytes, real text."""

import itertools

import pytest
from lxml import etree

from nenpo.present.axes import spread
from nenpo.present.charts import Data
from nenpo.present.kinds import KINDS
from nenpo.present.kinds import drawn as drawing
from nenpo.present.svg import cleaned, svg_texts
from nenpo.present.theme import HALF, QUARTER, luminance

PARTS = {"大": 900, "小": 1, "無": 0, "微": 2}
COLOURS = {"大": "#00428c", "小": "#ffd43d", "無": "#cccccc", "微": "#115a36", "月末件数": "#333333", "新規": "#00428c"}


def drawn():
    months = {"月末件数": (200, 209, None), "新規": (20, 24, None)}
    of = {"over": "months", "stocks": frozenset(["月末件数"])}
    year = Data(
        ("R5年度",), {name: (value,) for name, value in PARTS.items()}, dict.fromkeys(PARTS, "件"), COLOURS, "years"
    )
    years = Data(
        ("R4年度", "R5年度"), {name: (value, value + 1) for name, value in PARTS.items()}, year.units, COLOURS, "years"
    )
    small = Data(("R4年度", "R5年度"), {"題": (None, 12)}, {"題": "件"}, {}, "years")
    course = Data(("R5.4", "R5.5", "R5.6"), months, dict.fromkeys(months, "件"), COLOURS, **of)
    return {
        "course": drawing("course", course, "fig-1", "題"),
        "ring": drawing("ring", year, "fig-2", "題", HALF),
        "stacked": drawing("stacked", years, "fig-3", "題", HALF),
        "portions": drawing("portions", year, "fig-4", "題"),
        "multiples": drawing("multiples", small, "fig-5", "題", QUARTER),
    }


@pytest.mark.parametrize("kind", ["course", "ring", "stacked", "portions", "multiples"])
def test_a_chart_is_drawn_to_the_same_bytes_with_real_text(kind):
    first, second = drawn()[kind], drawn()[kind]
    assert first.svg == second.svg and "<text" in first.svg and "Date" not in first.svg
    assert "BIZ UDPGothic" in first.svg and first.alt.endswith("。") and first.alt.startswith(KINDS[kind].called)


def test_months_not_yet_reported_are_no_falling_line():
    labels = tuple(f"R5.{month}" for month in range(4, 11))
    data = Data(labels, {"新規": (20, 24, *[None] * 5)}, {"新規": "件"}, COLOURS, "months")
    chart = drawing("course", data, "fig-1", "題")
    assert "新規は R5.4 の 20件から R5.5 の 24件まで" in chart.alt and "R5.6" not in chart.alt


def test_tiny_shares_are_named_and_what_is_nothing_is_said():
    chart = drawn()["ring"]
    shown = svg_texts(chart.svg)
    assert "0.1%" in shown and "0.2%" in shown and "無は 0件" in shown and "無 0件（0.0%）" in chart.alt


def test_names_are_moved_apart_and_keep_their_order():
    moved = spread([1.0, 0.99, 0.98, -1.0], 0.4, -1.4, 1.4)
    ordered = sorted(moved)
    assert all(after - before >= 0.399 for before, after in itertools.pairwise(ordered))
    assert moved[0] > moved[1] > moved[2] > moved[3] and max(moved) <= 1.41


def test_every_category_has_one_colour_and_neighbours_differ_in_greyscale(office):
    """Neighbours in a ring or bar differ in lightness by a contrast of at least 1.25, beside the white line between."""
    colours = office.dictionary.colours
    checked = 0
    for table in office.dictionary.values():
        names = [part.in_charts for part in table.parts]
        assert all(name in colours for name in names), table.id
        assert len({colours[name] for name in names}) == len(names), table.id
        for one, other in itertools.pairwise(names):
            light, dark = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 1.25, (table.id, one, other)
            checked += 1
    assert checked > 25


def test_a_drawing_is_cleaned_of_styles_scripts_and_foreign_ids():
    svg = """<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" onload="x()">
      <style>*{fill:red}</style><script>x()</script><defs><clipPath id="a"/></defs>
      <g style="font: bold 8px 'BIZ UDPGothic', sans-serif; fill: #123456" clip-path="url(#a)"><use xlink:href="#a"/></g>
      <a xlink:href="https://example.org/"><text>字</text></a></svg>"""
    text = etree.tostring(cleaned(svg, "fig-9"), encoding="unicode")
    assert "style" not in text and "script" not in text and "onload" not in text and "example.org" not in text
    assert 'id="fig-9-a"' in text and "url(#fig-9-a)" in text and '"#fig-9-a"' in text
    assert 'font-size="8px"' in text and 'font-weight="bold"' in text and 'fill="#123456"' in text

"""What the tables of a section may be called in its texts: by columns, rows and items, shortened, in classes, in runs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from nenpo.formulas import Reference
from nenpo.japanese.numerals import half_width
from nenpo.japanese.words import pattern
from nenpo.prose.parts import add_up, columns_across
from nenpo.table import REST, Column, Table
from nenpo.under_headings import Formulas, computed_under, under_headings

# Letters that a name needs to be told from ordinary words.
TELLING = 4
# Own headings of columns of so few letters tell nothing alone: 計.
_SHORT = 1
# Columns of which a row that is named alone may mean any.
_FEW = 4
# Parts of a table of which any run may be named: 「要支援１～要介護２」.
_MOST_PARTS = 16
_NUMBERED = re.compile(r"(?P<stem>.*?)(?P<number>\d+)(?P<end>\D*)")
# A name of one word, or of several that stand together.
_COMPOUND = re.compile("[一-龠々ァ-ヶー０-９]+")
# How names that end with a verb go on as what was done.
_DONE = {
    "ぐ": ("いだ",), "く": ("いた",), "す": ("した",), "む": ("んだ",), "ぶ": ("んだ",), "る": ("った", "た"), "う": ("った",), "つ": ("った",),
}  # fmt: skip
# How names end by what is counted.
COUNTS = re.compile("[件人回冊枚台戸棟本点]数|金額")
_NARROW_SIGNS = str.maketrans("／＋", "/+")
# What may be counted in so many words: 死亡数, 受診者数.
_OF_ACTS = re.compile("(?<![数率額量])[一-龠]{2}(?<![数率額量計比費金高])$")
# A class of ages: its least age; the first class has none.
_AGES = re.compile(r"(?P<least>\d+)(?:歳?代(?:以上)?|歳以上児?|歳児?|[～~〜-](?P<last>\d+)歳)|\d+(?:歳|代)未満児?")


def grouped(table: Table, formulas: Formulas) -> dict[str, dict[str, str]]:
    """What stands under a common heading, or can be computed there: by that heading without brackets, the paths by the columns' own headings."""
    groups = {
        group: {heading: f"{table.id}/{column.name}" for heading, column in under.items()}
        for group, under in under_headings(table).items()
    }
    for group, column, _ in computed_under(table, formulas):
        groups[group][half_width(column.heading)] = f"{table.id}/{group}の{column.name}"
    return groups


def labels_alone(tables: Iterable[Table]) -> dict[str, set[str]]:
    """The own headings of columns that stand under common ones: of the one of that heading, 「国際線」 of 旅客数, or of all of them together,
    「夜間」 of 内科 and of 小児科, where they add up."""
    alone: dict[str, set[str]] = {}
    for table in (table for table in tables if len(table.measures) == 1):
        for heading, columns in _by_heading(table).items():
            is_one = len(columns) == 1 and len(heading) > _SHORT
            if is_one or (len(columns) > 1 and _are_summed(columns, table)):
                alone.setdefault(heading, set()).add("+".join(f"{table.id}/{column.name}" for column in columns))
    return alone


def _by_heading(table: Table) -> dict[str, list[Column]]:
    """The columns that stand under common headings, by their own."""
    under: dict[str, list[Column]] = {}
    for column in table.columns:
        if column.group and not column.text and column.heading != column.name:
            under.setdefault(half_width(column.heading), []).append(column)
    return under


def _are_summed(columns: Sequence[Column], table: Table) -> bool:
    return any({column.name for column in columns} <= set(of.sum) for of in table.columns)


def _sums_in_row(table: Table) -> Iterator[list[Column]]:
    """The columns of one heading under several common ones that a row may be the sum of: those that the table adds up, or that count alike."""
    for columns in _by_heading(table).values():
        if len(columns) > 1 and (add_up(columns, table) or _are_summed(columns, table)):
            yield columns


def parts_of_names(tables: Iterable[Table]) -> dict[str, set[str]]:
    """What the columns of tables may be called by a part of their names: 「植栽」 of 植栽面積, which stands beside 下刈面積; 「合格者数」 of 最終合格者数;
    「金額」 of the only one that ends with 額."""
    parts: dict[str, set[str]] = {}
    for table in (table for table in tables if len(table.measures) == 1):
        names = [column.name for column in table.columns if column.typed and not column.text]
        amounts = [("金額", name) for name in names if name.endswith("額")]
        for part, name in (*_told_by_part(names, 1), *(amounts if len(amounts) == 1 else ())):
            parts.setdefault(part, set()).add(f"{table.id}/{name}")
    return {part: paths for part, paths in parts.items() if len(paths) == 1}


def parts_of_rows(table: Table) -> dict[str, str]:
    """The rows of a table by a part of their names: 「中央」 of 中央公民館, which stands beside 海浜公民館; 「養成研修」 of ゲートキーパー養成研修."""
    return dict(_told_by_part(table.rows, 2))


def _told_by_part(names: Sequence[str], least_end: int) -> Iterator[tuple[str, str]]:
    """The parts of names that stand in no other, each with its name: what stands before an end of so many letters that another has too,
    ends that no other has, and the members of what lists several."""
    often = Counter(name[at:] for name in names for at in range(1, len(name)))
    for name in names:
        for part in _ends_of(name, often, least_end) if _COMPOUND.fullmatch(name) else _members_of(name):
            if not any(part in other for other in names if other != name):
                yield part, name


def _ends_of(name: str, often: Mapping[str, int], least_end: int) -> Iterator[str]:
    """The parts of a compound that may tell it, where its ends stand so ``often`` in names."""
    for begin, end in ((name[:at], name[at:]) for at in range(1, len(name))):
        if often[end] > 1 and len(begin) > 1 and len(end) >= least_end:
            yield begin
        elif len(end) >= TELLING or (often[end] == 1 and COUNTS.fullmatch(end)):
            yield end


def _members_of(name: str) -> Iterator[str]:
    """What a name lists: 「家族関係」 of 家族関係・家族の問題; behind a bracket what it is about: 「債務」 of （多重・加重）債務."""
    bare = re.sub("（[^）]*）", "", name)
    members = bare.split("・")
    yield from (member for member in members if len(member) > 1 and (member != name) and not member.isdigit())


def called_by(row: str) -> Iterator[str]:
    """What a row may be called: by its name, with or without what stands in brackets, of either width; 「男性」 of 男."""
    yield row
    if "（" in row:
        yield row.replace("（", "(").replace("）", ")")
    if row in ("男", "女"):
        yield f"{row}性"
    if (bare := row.partition("（")[0]) and bare != row:
        yield bare


def shared(rows: Sequence[str]) -> dict[str, list[str]]:
    """The names that several rows are called by, with those: 「送水管工事」 of 送水管工事（第１工区） and （第２工区）."""
    called: dict[str, list[str]] = {}
    for row in rows:
        for name in called_by(row):
            called.setdefault(name, []).append(row)
    return {name: of for name, of in called.items() if len(of) > 1}


def written_otherwise(name: str) -> Iterator[str]:
    """Other ways of writing a name: 「１人当たり排出量」 and 「１人あたりの排出量」, 「中学校数」 and 「中学校の数」, 「つなぐ」 and 「つないだ」,
    「家族・知人」 and 「家族や知人」."""
    for ending, done in _DONE.items():
        if re.search(f"[ぁ-ん]{ending}$", name):
            yield from (name[: -len(ending)] + spelt for spelt in done)
    if "／" in name or "＋" in name:
        yield name.translate(_NARROW_SIGNS)
    if "・" in name.strip("・"):
        yield from (name.replace("・", joint) for joint in ("や", "と"))
    if len(parts := name.split(" ")) == 2:
        yield from ("の".join(parts), "".join(parts))
    if "等" in name and len(name) > TELLING:
        yield name.replace("等", "")
    if name.endswith("損益"):
        yield from (name[:-2] + said for said in ("損失", "利益"))
    if re.search("[^の\\d]{2}数$", name):
        yield f"{name[:-1]}の数"
    if _OF_ACTS.search(name):
        yield f"{name}数"
    if match := re.search("(?:当たり|あたり)の?(?=.)", name):
        for joint in ("当たり", "あたり", "当たりの", "あたりの"):
            yield name[: match.start()] + joint + name[match.end() :]


def shortened(names: Mapping[str, set[str]]) -> dict[str, set[str]]:
    """What names are called without the word for counting at their end, or what follows their first part, where that tells them from
    the others: 新規相談 for 新規相談受付件数, 関係機関等 for 関係機関等からの紹介; 予約 for 予約件数; and 予約金額 too, where there is that beside it."""
    shorter: dict[str, list[set[str]]] = {}
    endings = [pattern("names", key) for key in ("counting", "persons", "person", "total", "share")]
    joint = pattern("names", "joint")
    for name, paths in names.items():
        stems = [name[: match.start()] for ending in endings if (match := ending.search(name))] or [name]
        for short in dict.fromkeys(short for stem in stems for short in (stem, joint.split(stem)[0])):
            if short != name and len(short) > 1 and not short.endswith("の"):
                shorter.setdefault(short, []).append(paths)
    alone = {short: of[0] for short, of in shorter.items() if all(paths == of[0] for paths in of)}
    none: set[str] = set()
    return {
        short: paths.union(*(names.get(short + of, none) for of in ("額", "金額"))) for short, paths in alone.items()
    }


def rows_across(table: Table) -> Iterator[tuple[str, str]]:
    """The names of rows for the sum of their columns, which a table does not print where it is of classes by classes."""
    columns = columns_across(table)
    for row in table.rows if len(columns) > _FEW and not table.groups else ():
        path = "+".join(f"{table.id}/{column}/{row}" for column in columns)
        yield from ((name, path) for name in called_by(row))


def rows_alone(table: Table) -> Iterator[tuple[str, str]]:
    """The names of rows as they stand for a figure without a column: of the only one, of the sum, or of any where they count different
    things, which the unit tells apart, or are few."""
    typed = [column for column in table.columns if column.typed and not column.text]
    sums = [column for column in table.columns if column.sum]
    units = {table.unit_of(column) for column in typed}
    numbers = [column for column in table.columns if not column.text]
    any_of = numbers if len(units) > 1 or len(typed) <= _FEW else []
    apart = typed if len(typed) == 1 else sums if len(units) == len(sums) == 1 else any_of
    together = list(_sums_in_row(table))
    for row in table.rows if len(table.measures) == 1 else ():
        for name in called_by(row):
            for column in apart:
                yield name, f"{table.id}/{column.name}/{row}"
            for columns in together:
                yield name, "+".join(f"{table.id}/{column.name}/{row}" for column in columns)
    for name, rows_of_name in shared(table.rows).items() if len(table.measures) == 1 else ():
        for column in (column for column in apart if column.adds_up == "sum"):
            yield name, "+".join(f"{table.id}/{column.name}/{row}" for row in rows_of_name)
    for column in apart if len(table.measures) == 1 else ():
        rows = [(half_width(row), f"{table.id}/{column.name}/{row}") for row in table.rows]
        yield from _of_runs(rows)
        yield from (name for name in _of_ages(rows) if "+" in name[1] or name[0] not in table.rows)
    for group in table.groups:
        for column in (column for column in apart if column.adds_up == "sum"):
            path = "+".join(f"{table.id}/{column.name}/{row}" for row in group.rows)
            yield from ((name, path) for name in (group.name, group.subtotal) if name)


def names_of(table: Table, formulas: Formulas) -> Iterator[tuple[str, str]]:
    for column in table.columns:
        if isinstance(formulas.get((table.id, column.name)), Reference):
            continue  # it repeats a figure of another time, and is said with that
        if not column.text and len(table.measures) == 1:
            if not column.group:
                bare = column.name.partition("（")[0]
                plain = re.sub("^うち|^(?:月|期|年度?)末(?=.{4})", "", bare)
                for name in dict.fromkeys((*called_by(column.name), column.heading, bare, plain)):
                    yield name, f"{table.id}/{column.name}"
            else:
                yield column.name, f"{table.id}/{column.name}"
    for item in table.items:
        yield item.name, f"{table.id}/{item.name}"
    sums = [column.name for column in table.columns if column.sum]
    if len(table.measures) == 1 and (table.shares or len(sums) == 1):
        title = table.title.partition("（")[0]
        plain = re.sub("の?(?:推移|状況|概況|実績)$", "", title)
        for name in (title, plain, re.sub("^[^の]{1,4}別の?", "", plain)):
            if name == title or len(name) >= TELLING:
                yield name, f"{table.id}/{table.shares or sums[0]}"
    yield from _of_headings(table)
    columns = [(half_width(column.name), f"{table.id}/{column.name}") for column in table.columns]
    yield from _of_ages(columns)
    yield from _of_runs([(half_width(column.name), f"{table.id}/{column.name}") for column in table.parts])


def _of_headings(table: Table) -> Iterator[tuple[str, str]]:
    """The common headings of columns that may be added up, or that have their sum among them: 「外国貿易」 for 輸出 and 輸入."""
    numbers = [column for column in table.columns if not column.text] if len(table.measures) == 1 else []
    for heading in dict.fromkeys(column.group for column in numbers if column.group):
        under = [column for column in numbers if column.group == heading]
        sums, units = [column for column in under if column.sum], {table.unit_of(column) for column in under}
        names = {column.name for column in under}
        added = [names.intersection(_added(of, table)) for of in table.columns if of.sum and of not in under]
        is_apart = any(len(of) == 1 for of in added) and not any(
            of == names for of in added
        )  # 対象者 and 受診者 of men
        are_counts = all(column.adds_up == "sum" and not column.of for column in under)
        if len(under) > 1 and len(units) == 1 and are_counts and not is_apart:
            yield heading, "+".join(f"{table.id}/{column.name}" for column in (sums if len(sums) == 1 else under))


def _added(column: Column, table: Table) -> set[str]:
    """The columns that a sum adds up, those of its sums too."""
    return set(column.sum).union(*(_added(table.column(name), table) for name in column.sum))


def _of_runs(parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What parts, by their names and paths, that stand in a row may be called together: 「要支援１～要介護２」, 「AからCまで」; of
    those that are numbered also 「要支援１・２」, 「１～３年生」."""
    named = [part for part in parts if not part[0].startswith(REST)]
    for first, last in combinations(range(len(named)), 2) if len(named) <= _MOST_PARTS else ():
        path = "+".join(path for _, path in named[first : last + 1])
        for called in _called_together([name for name, _ in named[first : last + 1]]):
            yield called, path


def _called_together(names: Sequence[str]) -> Iterator[str]:
    """What a run of parts may be called."""
    first, *_, last = names
    for joint in "～〜~":
        yield f"{first}{joint}{last}"
    yield f"{first}から{last}まで"
    numbers = [number for number in map(_NUMBERED.fullmatch, names) if number]
    if len(numbers) < len(names) or len({(number["stem"], number["end"]) for number in numbers}) > 1:
        return
    stem, end = numbers[0]["stem"], numbers[0]["end"]
    for joint in ("・", "、", ","):
        yield stem + joint.join(number["number"] for number in numbers) + end
    for joint in "～〜~":
        yield f"{stem}{numbers[0]['number']}{joint}{numbers[-1]['number']}{end}"


def _of_ages(parts: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """What classes of ages among parts, by their names and paths, may be called, each and several together: 「６０歳代」「５０代以上」「３０歳未満」
    「４０代から６０代」."""
    read = [(age, name, path) for name, path in parts if (age := _AGES.fullmatch(name))]
    ages = [(int(age["least"] or 0), name, path) for age, name, path in read]
    last_of = {name: int(age["last"]) for age, name, _ in read if age["last"]}
    for least, name, path in ages:
        is_decade = last_of.get(name, least + 9) == least + 9 and re.fullmatch(r"\d+(?:歳?代|[～~〜-]\d+歳)", name)
        for called in (f"{least}代", f"{least}歳代") if is_decade else ():
            yield called, path
        if re.fullmatch(r"\d+(?:歳?代|歳)以上", name):
            yield from ((f"{least}{spelt}", path) for spelt in ("代以上", "歳代以上", "歳以上"))
    for (least, name, path), (middle, after, other) in pairwise(ages):
        if last_of.get(name) == middle - 1 and last_of.get(after) == least + 9:  # 40～44歳 and 45～49歳
            yield from ((called, f"{path}+{other}") for called in (f"{least}代", f"{least}歳代"))
    for at, (_, name, _) in enumerate(ages):
        if name in last_of:
            yield f"{last_of[name]}歳以下", _sum_of(ages[: at + 1])
    for at, (least, *_) in enumerate(ages if len(ages) > 2 else ()):
        until, below = ages[: at + 1], ages[:at]
        for part, spellings in (
            (ages[at:], ("代以上", "歳代以上", "歳以上", "歳以上児")),
            (until, ("代以下", "歳代以下")),
            (below, ("歳未満", "歳未満児")),
        ):
            if len(part) > 1 and least:
                yield from ((f"{least}{spelt}", _sum_of(part)) for spelt in spellings)
        for end in range(at + 1, len(ages)):
            for between in ("代から", "代～", "～", "から", "歳代から", "歳代～"):
                for last in ("代", "歳代"):
                    yield f"{least}{between}{ages[end][0]}{last}", _sum_of(ages[at : end + 1])
            for between in ("～", "から", "歳～", "歳から") if ages[end][1] in last_of else ():
                yield f"{least}{between}{last_of[ages[end][1]]}歳", _sum_of(ages[at : end + 1])


def _sum_of(classes: Iterable[tuple[int, str, str]]) -> str:
    return "+".join(path for _, _, path in classes)

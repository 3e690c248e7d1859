"""Broken workbooks: R5's own, changed at random as bytes, as an archive, as XML, and cell by cell; and what its cells hold."""

import functools
import io
import re
import struct
import warnings
import zipfile
from pathlib import Path

from lxml import etree

SOURCE = Path(__file__).parent.parent.parent / "data" / "R5" / "statistics.xlsx"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
KINDS = ["n", "s", "str", "b", "e", "d", "inlineStr", "x", "", "N"]
VALUES = [
    "1E400", "9" * 400, "-" + "9" * 400, "NaN", "inf", "-inf", "1e3", "1E+2", "0x10", "１３", "1 3", "", " 13 ", "9007199254740993",
    "9007199254740992", "13.000000000000002", "13.5", "-1", "+7", "1,234", "1.", ".5", "1e-400", "00012", "1_000", "٣", "²", "①",
    "99999999", "-5", "4294967296", "2958466", "-693594", "#REF!", "#SPILL!", "TRUE", "true", "2023-04-01", "a" * 1000, "\n13\n",
]  # fmt: skip
PLACES = [
    "B0",
    "0",
    "B",
    "5",
    "",
    "ZZZZ9",
    "XFE1",
    "A1048577",
    "B-1",
    "$B$5",
    "b5",
    "B5:C6",
    "B05",
    "R1C1",
    "Ａ５",
    "AAA99999999",
]
TOKENS = [
    "<", ">", "&", '"', "]]>", "<!--", "<![CDATA[", "&amp;", "&x;", "&#0;", "&#xD800;", "\0", "</c>", "<c>", "<v>5</v>", "<f>1+1</f>",
    "<is><t>5</t></is>", "<row/>", "<mergeCell ref='A1:XFD1048576'/>", "<mergeCell ref='B5:B7'/>", "<mergeCell ref='Z'/>",
    "<!DOCTYPE x [<!ENTITY a 'aaaa'>]>", "<?xml version='1.0' encoding='utf-16'?>", "<?xml version='1.0' encoding='nonsense'?>",
    "<strike/>", "<rPh><t>9</t></rPh>", "_x0039_", "_x000D_", "神", "\u3000", "<t>9</t>",
]  # fmt: skip


@functools.cache
def parts():
    with zipfile.ZipFile(SOURCE) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(contents):
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # two parts of one name are what is wanted
        for name, content in contents if isinstance(contents, list) else contents.items():
            archive.writestr(name, content)
    return target.getvalue()


def broken(rng):
    """One broken workbook: the name of what was done to it, and its bytes."""
    ways = [flipped, cut, zeroed, of_other_parts, with_headers_changed, with_a_part_in_pieces, with_cells_changed, with_cells_changed,
            with_cells_changed, with_tokens, with_tokens, with_attributes_changed, swollen, merged]  # fmt: skip
    way = rng.choice(ways)
    return way.__name__, way(rng)


def flipped(rng):
    data = bytearray(SOURCE.read_bytes())
    for _ in range(rng.choice([1, 1, 2, 5, 50])):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return bytes(data)


def cut(rng):
    data = SOURCE.read_bytes()
    at = rng.randrange(len(data))
    return rng.choice([data[:at], data[at:], data + data[:at], data[:at] + data, b"", data[:4], b"PK\3\4"])


def zeroed(rng):
    data = bytearray(SOURCE.read_bytes())
    at, length = rng.randrange(len(data)), rng.choice([1, 10, 100, 5000])
    data[at : at + length] = bytes(length)
    return bytes(data)


def of_other_parts(rng):
    contents = dict(parts())
    name = rng.choice(sorted(contents))
    other = rng.choice(sorted(contents))
    match rng.randrange(5):
        case 0:
            del contents[name]
        case 1:
            contents[name] = contents[other]
        case 2:
            return packed([*contents.items(), (name, contents[other])])
        case 3:
            contents = {f"/{key}" if rng.random() < 0.2 else key: value for key, value in contents.items()}
        case 4:
            contents[name.upper()] = contents[other]
    return packed(contents)


def with_headers_changed(rng):
    """Flags, methods and sizes of the central directory changed."""
    data = bytearray(SOURCE.read_bytes())
    places = [found.start() for found in re.finditer(b"PK\x01\x02", bytes(data))]
    at = rng.choice(places)
    offset, size, value = rng.choice(
        [(8, 2, 1), (8, 2, 0x41), (10, 2, 99), (10, 2, 12), (10, 2, 1), (20, 4, 5), (24, 4, 3 << 30), (24, 4, 7), (42, 4, 1 << 30), (28, 2, 9999)]
    )  # fmt: skip
    struct.pack_into("<H" if size == 2 else "<I", data, at + offset, value)
    return bytes(data)


def with_a_part_in_pieces(rng):
    contents = dict(parts())
    name = rng.choice(sorted(contents))
    content = contents[name]
    at, to = sorted(rng.randrange(len(content) + 1) for _ in range(2))
    piece = content[at:to]
    contents[name] = rng.choice(
        [content[:at], content[:at] + content[to:], content[:at] + piece + piece + content[to:], piece]
    )
    return packed(contents)


def with_tokens(rng):
    contents = dict(parts())
    name = rng.choice(sorted(name for name in contents if name.startswith("xl/")))
    text = contents[name].decode()
    for _ in range(rng.choice([1, 1, 3])):
        at = rng.choice([rng.randrange(len(text)), text.find(">", rng.randrange(len(text))) + 1])
        text = text[:at] + rng.choice(TOKENS) + text[at:]
    contents[name] = text.encode()
    return packed(contents)


def with_attributes_changed(rng):
    contents = dict(parts())
    name = rng.choice(sorted(name for name in contents if name.startswith("xl/")))
    text = contents[name].decode()
    if found := list(re.finditer(r'="([^"]*)"', text)):
        spot = rng.choice(found)
        value = rng.choice(
            [*PLACES, *KINDS, "99999999", "-1", "1e9", "../../etc/passwd", "http://x/y", "xl/styles.xml", "rId1", "あ"]
        )
        text = f'{text[: spot.start()]}="{value}"{text[spot.end() :]}'
    contents[name] = text.encode()
    return packed(contents)


def with_cells_changed(rng):
    """Cells of a table changed one by one: place, kind, value, style, formula, twins."""
    contents = dict(parts())
    name = rng.choice(sorted(name for name in contents if "worksheets/sheet" in name and "rels" not in name))
    text = contents[name].decode()
    for _ in range(rng.choice([1, 1, 2, 4])):
        cells = list(re.finditer(r'<c r="([A-Z]+\d+)"([^>]*)>(.*?)</c>', text))
        if not cells:
            break
        cell = rng.choice(cells)
        place, attributes, inner = cell.groups()
        match rng.randrange(8):
            case 0:
                place = rng.choice(PLACES)
            case 1:
                attributes = re.sub(r' t="\w*"', "", attributes) + f' t="{rng.choice(KINDS)}"'
            case 2 | 3:
                inner = f"<v>{rng.choice(VALUES)}</v>"
                attributes = re.sub(r' t="\w*"', "", attributes) + rng.choice(
                    ["", "", ' t="n"', ' t="str"', ' t="s"', ' t="e"']
                )
            case 4:
                attributes = re.sub(r' s="\d*"', "", attributes) + f' s="{rng.choice([0, 1, 2, 5, 99, 10**9, -1])}"'
            case 5:
                inner = f"<f>SUM(B5:B9)</f>{rng.choice(['', '<v></v>', '<v>5</v>', inner])}"
            case 6:
                inner += cell[0]
            case 7:
                inner = f"<is><t>{rng.choice(VALUES)}</t></is>"
                attributes = re.sub(r' t="\w*"', "", attributes) + ' t="inlineStr"'
        text = f'{text[: cell.start()]}<c r="{place}"{attributes}>{inner}</c>{text[cell.end() :]}'
    contents[name] = text.encode()
    return packed(contents)


@functools.cache
def _blanks(megabytes):
    return b" " * (megabytes << 20)


def swollen(rng):
    """Parts that are packed small and are large."""
    contents = dict(parts())
    name = rng.choice(
        ["xl/sharedStrings.xml", "xl/worksheets/sheet2.xml", "xl/styles.xml", "xl/workbook.xml", "xl/media/x.bin"]
    )
    content = contents.get(name, b"<x/>")
    match rng.randrange(3):
        case 0:
            contents[name] = content + _blanks(rng.choice([2, 60]))
        case 1:
            text = content.decode()
            contents[name] = text.replace(
                "<sheetData>",
                "<sheetData>" + "".join(f'<row r="{at}"><c r="A{at}" s="1"/></row>' for at in range(60_000, 160_000)),
            ).encode()
        case 2:
            contents |= {f"xl/extra{at}.xml": b"<x/>" for at in range(3000)}
    return packed(contents)


def merged(rng):
    contents = dict(parts())
    name = rng.choice(sorted(name for name in contents if "worksheets/sheet" in name and "rels" not in name))
    areas = rng.choice(
        [["A1:XFD1048576"], ["A:A"], ["1:1"], ["B1:B1048576"], ["B6:B7"], ["A1:Z3"], [f"AA{at}:AB{at}" for at in range(1, 20_000)],
         ["B5:B5"], ["C7:B5"], ["A200:A100"], [""], ["B5:C6:D7"]]
    )  # fmt: skip
    inserted = "<mergeCells>" + "".join(f'<mergeCell ref="{area}"/>' for area in areas) + "</mergeCells>"
    text = re.sub(r"<mergeCells.*?</mergeCells>", "", contents[name].decode())
    contents[name] = text.replace("</sheetData>", "</sheetData>" + inserted).encode()
    return packed(contents)


# What the cells hold, read in another way


def held(content):
    """(sheet, place) -> the texts that stand for the cell: what is stored, or the shared string that it names."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = {name.lstrip("/"): name for name in archive.namelist()}

        def root(name):
            return etree.fromstring(archive.read(names[name]), etree.XMLParser(huge_tree=True, recover=True))

        shared = []
        if "xl/sharedStrings.xml" in names:
            for item in root("xl/sharedStrings.xml").iter("{*}si"):
                shared.append(
                    "".join(
                        t.text or ""
                        for t in item.iter("{*}t")
                        if not any(a.tag.endswith("}rPh") for a in t.iterancestors())
                    )
                )
        targets = {
            one.get("Id"): one.get("Target") for one in root("xl/_rels/workbook.xml.rels").iter("{*}Relationship")
        }
        found = {}
        for sheet in root("xl/workbook.xml").iter("{*}sheet"):
            target = targets.get(
                next((value for key, value in sheet.attrib.items() if key.endswith("}id")), ""), ""
            ).lstrip("/")
            path = target if target.startswith("xl/") else f"xl/{target}"
            for cell in root(path).iter("{*}c") if path in names else ():
                stored = cell.findtext("{*}v")
                if (
                    cell.get("t") == "s"
                    and stored is not None
                    and stored.strip().isdigit()
                    and int(stored) < len(shared)
                ):
                    stored = shared[int(stored)]
                elif cell.get("t") == "inlineStr":
                    stored = "".join(t.text or "" for t in cell.iter("{*}t"))
                found.setdefault((sheet.get("name"), cell.get("r")), []).append(stored)
        return found

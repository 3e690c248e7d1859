"""Types into a workbook through LibreOffice, as a person would: python3 typist.py WORKBOOK PIPE < cells.json

Runs under the system's Python, which has LibreOffice's own module ``uno``. The cells are a list of [sheet, address, value]; what
each cell then shows is written as JSON, and the workbook saved where it is.
"""

import json
import sys
import time
from contextlib import suppress
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue


def property_of(name, value):
    one = PropertyValue()
    one.Name, one.Value = name, value
    return one


def connected(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(300):
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except Exception:
            time.sleep(0.2)
    sys.exit("LibreOffice does not answer")


def main(path, pipe):
    context = connected(pipe)
    desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    url = Path(path).resolve().as_uri()
    book = desktop.loadComponentFromURL(url, "_blank", 0, (property_of("Hidden", True),))
    shown = []
    for sheet, address, value in json.load(sys.stdin):
        cell = book.Sheets.getByName(sheet).getCellRangeByName(address)
        if cell.CellProtection.IsLocked:
            sys.exit(f"{sheet} {address} is locked")
        cell.setFormula("" if value is None else str(value))
        shown.append(cell.getString())
    book.calculateAll()
    book.storeToURL(url, (property_of("FilterName", "Calc MS Excel 2007 XML"),))
    book.close(True)
    print(json.dumps(shown))
    with suppress(Exception):  # it may be gone before it can answer
        desktop.terminate()


main(*sys.argv[1:])

"""Typst in a process of its own: it keeps what it has computed for as long as its process lives, some 60 MB a report.

``python -m nenpo.publish.typesetting FONTS STANDARD …`` reads Typst source and writes the PDF, set in the faces of that folder, its row
headers marked; where that cannot be done, it writes what is wrong as JSON (pairs of message and diagnostic) and ends with 1.
"""

from __future__ import annotations

import json
import signal
import sys
from importlib import import_module
from threading import Thread

import typst


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fonts, *standards = sys.argv[1:]
    # What comes after Typst is imported while it works, and needed unless it fails.
    meanwhile = Thread(target=import_module, args=["nenpo.publish.row_headers"])
    meanwhile.start()
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            sys.stdin.buffer.read(), font_paths=[fonts], ignore_system_fonts=True, format="pdf", pdf_standards=standards
        )
        wrong = [(warning.message, warning.diagnostic) for warning in warnings]
    except typst.TypstError as error:
        wrong = [(error.message, error.diagnostic)]
    if wrong:
        sys.stdout.buffer.write(json.dumps(wrong).encode())
        return 1
    meanwhile.join()
    from nenpo.publish.row_headers import with_row_headers

    sys.stdout.buffer.write(with_row_headers(pdf))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Typst in a process of its own: it keeps what it has computed for as long as its process lives, some 60 MB a report.

``python -m nenpo.publish.typesetting FONTS STANDARD …`` reads Typst source and writes the PDF, set in the faces of that folder; where
that cannot be done, it writes what is wrong as JSON (pairs of message and diagnostic) and ends with 1.
"""

from __future__ import annotations

import json
import signal
import sys

import typst


def main() -> int:
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fonts, *standards = sys.argv[1:]
    try:
        pdf, warnings = typst.compile_with_warnings(  # type: ignore[call-overload]
            sys.stdin.buffer.read(), font_paths=[fonts], ignore_system_fonts=True, format="pdf", pdf_standards=standards
        )
        wrong = [(warning.message, warning.diagnostic) for warning in warnings]
    except typst.TypstError as error:
        wrong = [(error.message, error.diagnostic)]
    sys.stdout.buffer.write(json.dumps(wrong).encode() if wrong else pdf)
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

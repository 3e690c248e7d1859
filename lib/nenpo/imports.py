"""What our own processes need not load."""

import sys


def spare_grammars() -> None:
    """On import, jsonschema (under nbformat) compiles 39 grammars for the format "iri", two seconds; no notebook has it."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

"""What our own processes need not load, nor look at."""

import atexit
import gc
import sys
import warnings


def spare_grammars() -> None:
    """On import, jsonschema (under nbformat) compiles 39 grammars for the format "iri", two seconds, and patterns for URIs and
    durations; the schema of notebooks has none of these formats."""
    for grammar in ("rfc3987_syntax", "rfc3986_validator", "isoduration"):
        sys.modules.setdefault(grammar, None)  # type: ignore[arg-type]


def spare_collector() -> None:
    """A command imports much and ends soon: its collector looks less often (by default every 700 objects), and not at the
    end, when all memory goes as a whole; that is a tenth of a second."""
    gc.set_threshold(20_000)
    atexit.register(gc.freeze)


def spare_warnings() -> None:
    """What libraries tell each other is nothing for an office."""
    if not sys.warnoptions:
        warnings.simplefilter("ignore")

"""What a process that builds one report after another imports once, before it is forked."""

from nenpo.imports import spare_grammars

spare_grammars()

import nbformat  # noqa: E402, F401
import papermill  # noqa: E402, F401

"""The faces shipped here: BIZ UDPGothic, in two weights. Beside them in the folder lies the punctuation of BIZ UDGothic, the same family in
full width, which the PDF is set in (a subset of 20 marks; the same licence)."""

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FACES = {400: FONTS / "BIZUDPGothic_400Regular.ttf", 700: FONTS / "BIZUDPGothic_700Bold.ttf"}

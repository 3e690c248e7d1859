"""The faces shipped here: BIZ UDPGothic, in two weights."""

from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
FACES = {400: FONTS / "BIZUDPGothic_400Regular.ttf", 700: FONTS / "BIZUDPGothic_700Bold.ttf"}

"""Generated inputs of each kind: read or refused in words, in bounded time, and no number read other than it is."""

import pytest
from harness import outcomes
from kinds import KINDS

NUMBERS = {"ブック": 80, "TOML": 300, "Markdown": 150, "事務所の文章": 60, "ノートブック": 200, "台帳": 80}


@pytest.mark.parametrize("name", KINDS)
def test_whatever_comes_in_is_read_or_refused(name):
    found, _ = outcomes(KINDS[name], NUMBERS[name])
    assert found["read"] > NUMBERS[name] / 20 and (found["refused"] > NUMBERS[name] / 20 or name == "事務所の文章")

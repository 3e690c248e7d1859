"""The words of direction: what says more or less, the most or the least, and what goes on to assert it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from nenpo.prose.sayings import Claim

BEFORE, AS_A_RULE, ELSEWHEN = "前年度", "例年", "他の年度"


class Says(Enum):
    """What a word says of a quantity and what it is compared with."""

    MORE, LESS, MOST, LEAST, SAME, NONE, SOME = "more", "less", "most", "least", "same", "none", "some"


# The first that a word begins with counts.
_SAYS = {
    "最高": Says.MOST, "最大": Says.MOST, "最低": Says.LEAST, "最小": Says.LEAST, "最多": Says.MOST, "最も多": Says.MOST, "最も高": Says.MOST, "ピーク": Says.MOST, "最少": Says.LEAST, "最も少": Says.LEAST, "最も低": Says.LEAST,
    "増減": Says.SAME, "変化": Says.SAME, "変動": Says.SAME, "同程度": Says.SAME, "同数": Says.SAME, "横ばい": Says.SAME, "なかった": Says.NONE, "なし": Says.NONE, "あった": Says.SOME,
    "増": Says.MORE, "多": Says.MORE, "高": Says.MORE, "上昇": Says.MORE, "上回": Says.MORE,
    "減": Says.LESS, "少な": Says.LESS, "低": Says.LESS, "下降": Says.LESS, "下回": Says.LESS,
}  # fmt: skip
WORD = re.compile(
    r"(?P<extent>微|ほぼ|やや|若干|わずか[にな]|大幅[にな]|大きく|大きな|急激?[にな]?)?(?P<record>(?:過去|これまで(?:で|に)?)(?=最))?(?P<word>最多|最少|(?<=[過去まで])最[高大低小]|最も(?:多|少な|高|低)(?:い|く|かった)|ピーク|同程度|同数|横ばい"
    r"|(?:増減|変化|変動)[がはも]?な(?:い|く|し|かった)|なかった|なし|あった|増加?|減少?|多(?:い|く|かった)|少な(?:い|く|かった)|高(?:い|く|かった|ま)|低(?:い|く|かった|下)|上昇|下降|上回|下回)"
    r"(?=(?:し(?:た|て(?:いる|いた)))?(?:の|こと)?が(?P<mark>顕著|特徴|目立)|)"
)
# What goes on to assert the word: no condition, hope, trend or denial.
ASSERTED = re.compile(
    r"(?![^、。]*(?:わけで(?:は|も)な|もので(?:は|も)な|とは(?:言え|いえ|限ら)|とまでは|か(?:どうか|否か|[はを])|場合|年度?も"
    r"|と(?:の|いう|いった)(?:声|意見|回答|感想|指摘|予測|見方)|(?:こと(?:を|が)|と)(?:想定|目標|目指|期待|予測|推計|見込)))"
    r"(?:[しえりい]ま(?:した|す)|え?る(?:一方|中|なか)|[しえっり](?:た(?!場合|とき|際|ら|いと|のち|後|あと)|て(?:い(?:る|た(?!が|ものの)|ます|ました)|お(?:り|る)|[、\d])|[、\d])"
    r"|と?な(?:り|る|っ(?:た|て(?!いな|おら)))|であ(?:る|り|っ)|で(?:した|す|[、\d])|だっ|が(?:顕著|特徴|目立)|を?[しえり]?続け(?:た(?!のち|後|あと)|て)|が続(?:き|い[たて])|の一途|を(?:更新|記録)|[にへ](?:転じ(?:た|て)|繋が|つなが|よ[りる]|伴)|[。、が]|$)"
)
# Words for how much as they stand before a noun, by those before a verb.
_EXTENTS = {"大幅な": "大幅に", "大きな": "大きく", "わずかな": "わずかに"}


@dataclass(frozen=True)
class Said:
    """A direction word with those that say how much (大幅に …, …が顕著), and in its line the ``start`` and ``end`` of the clause;
    ``claim`` is what it says, None where that cannot be told."""

    start: int
    end: int
    word: str
    extent: str
    mark: str
    claim: Claim | None

    @classmethod
    def by(cls, match: re.Match[str], start: int, end: int, claim: Claim | None) -> Said:
        """What is said from ``start`` to ``end`` by a match of WORD."""
        return cls(
            start, end, match["word"], _EXTENTS.get(match["extent"], match["extent"] or ""), match["mark"] or "", claim
        )


def says(word: str) -> Says:
    """What a direction word says."""
    return next(meaning for begin, meaning in _SAYS.items() if word.startswith(begin))

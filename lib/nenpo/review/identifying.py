"""What may tell who a person is, in cases and texts: by itself, as a warning; together with the rest, for a reader to decide. No message
repeats what stands there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nenpo.findings import NOTE, WARNING, Finding
from nenpo.japanese.numerals import half_width
from nenpo.office import OfficeYear

RULE = "個人が分かる書き方"
_HYPHEN = "[-‐－―ー（）() ]"
# What tells a person by itself.
_DIRECT = {
    "電話番号": re.compile(rf"(?<!\d)0\d{{1,4}}{_HYPHEN}\d{{1,4}}{_HYPHEN}\d{{3,4}}(?!\d)|(?<!\d)0\d{{9,10}}(?!\d)"),
    "郵便番号": re.compile(rf"〒\s*\d{{3}}{_HYPHEN}?\d{{4}}"),
    "メールアドレス": re.compile(r"[\w.+-]+[@＠][\w-]+(?:[.．][\w-]+)+"),
    "生年月日": re.compile(r"生年月日|\d{1,2}月\d{1,2}日\s*(?:生(?!活|計|産|じ)|に?(?:生まれ|誕生))"),
    "住所": re.compile(r"\d{1,3}丁目|\d{1,4}番地|\d{1,3}番\d{1,3}号|(?:町|条)\d{1,3}-\d{1,3}"),
    "個人の番号": re.compile(r"(?<!\d)\d{12}(?!\d)|(?:口座|被保険者|受給者)番号\s*[:：は]?\s*\d{4,}"),
    "氏名": re.compile(
        r"(?<![一-龠々])(?!(?:皆|相談者|利用者|申請者|入居者|参加者|対象者|患者|生徒|学生|子供|子ども|本人|職員|担当|係員|支援員|母|父|兄|姉|弟|妹|奥|嫁|娘|息子|孫|祖父|祖母|親|叔父|叔母|伯父|伯母|友人|知人|隣人|大家|客|医者|業者|店員|同)(?:さん|氏|くん|ちゃん))"
        r"[一-龠々]{1,4}(?:\s?[一-龠々]{1,4})?(?:さん|氏(?!名|族|神)|くん|ちゃん)"
    ),
}  # fmt: skip
_AGE = re.compile(r"(?<!\d)\d{1,3}歳(?!以上|以下|未満|から|代|～|〜)")
# What a case tells of a person: of this many, one who knows the place may know who it is.
_TELLS = {
    "年齢": re.compile(r"\d{2}代|\d{1,3}歳"),
    "性別": re.compile("男性|女性|男子|女子"),
    "住まいや出身": re.compile("(?:在住|出身)|[一-龠]{1,4}[市町村](?:内|に|の|で|から)(?=[^、。]{0,8}(?:住|転|引))"),
    "病名": re.compile("[一-龠ァ-ヶー]{1,8}(?:病|症|がん|障害)(?!院|気|状|者)"),
    "勤め先や団体の名": re.compile("株式会社|有限会社|合同会社|社会福祉法人|[一-龠]{2,6}(?:社|会|園|病院|高校|大学)(?=[のにで])"),
    "家族": re.compile("長男|長女|次男|次女|双子|離婚|未亡人|ひとり親|シングル"),
}  # fmt: skip
_MANY = 4


def identifying(office_year: OfficeYear) -> Iterator[Finding]:
    """Warnings on names, addresses, numbers and dates of birth in the year's texts and cases."""
    for file, lines in _lines(office_year):
        for number, line in enumerate(lines, start=1):
            yield from (
                _finding(WARNING, file, number, kind) for kind, pattern in _DIRECT.items() if pattern.search(line)
            )


def to_decide(office_year: OfficeYear) -> Iterator[Finding]:
    """What a reader must decide before cases are published: exact ages, and many traits of one person together."""
    for file, lines in _lines(office_year, "cases"):
        yield from _to_decide(file, lines)


def _lines(office_year: OfficeYear, *places: str) -> Iterator[tuple[str, list[str]]]:
    for path, source in office_year.texts(*places):
        yield office_year.name_of(path), half_width(source).split("\n")


def _to_decide(file: str, lines: list[str]) -> Iterator[Finding]:
    if exact := [number for number, line in enumerate(lines, start=1) if _AGE.search(line)]:
        more = f"（ほかに {'、'.join(map(str, exact[1:]))} 行目）" if exact[1:] else ""
        yield _finding(
            NOTE, file, exact[0], f"年齢そのもの{more}", "「７０代」のように幅で書けないか、読み直してください"
        )
    kinds = [kind for kind, pattern in _TELLS.items() if pattern.search("\n".join(lines))]
    if len(kinds) >= _MANY:
        remedy = "合わせると誰のことか分からないか、知っている人の目で読み直してください"
        yield _finding(NOTE, file, 1, f"一人の人について{'・'.join(kinds)}", remedy)


def _finding(severity: str, file: str, line: int, kind: str, remedy: str = "") -> Finding:
    what = f"{kind}と思われる書き方があります" if severity == WARNING else f"{kind}が書かれています"
    remedy = (
        remedy
        or "消すか、「Ａさん」「市内」のように置き換えてください。差し支えないものは確認済みにできます（--acknowledge）"
    )
    return Finding(severity=severity, rule=RULE, sheet=file, cell=f"{line} 行目", message=what, suggestion=remedy)

"""Figures in ordinary sentences: true ones are held, whatever form they have; slips in them are noticed. The sentences are those of
``prose_forms``, over the real report's data, and by hand below."""

import random
import re
import shutil
import time
from collections import Counter
from contextlib import suppress
from fractions import Fraction
from pathlib import Path

import ambulance
import ordinary_sentences
import pytest
import small_offices
from hypothesis import given, settings
from hypothesis import strategies as st
from prose_forms import Quantity, kanji, other_words, page, slips, true_sentences

from nenpo.errors import InputError
from nenpo.formulas import rounded
from nenpo.japanese.numerals import half_width, in_ones, read_figure
from nenpo.japanese.years import FiscalYear
from nenpo.office import Office
from nenpo.prepare.rolled import Roller
from nenpo.prose.claims import claims_in
from nenpo.prose.figures import figures_in
from nenpo.prose.written import find_figures
from nenpo.records import Row
from nenpo.review.checks import review

ROOT = Path(__file__).parent.parent
R5 = FiscalYear("R5")
TABLES = ("2-1", "2-2", "2-3", "2-4", "2-5", "2-6", "4-1", "5-1")


@pytest.fixture(scope="module")
def quantities(office):
    apart = ("うち", "その他", "不明", "合計", "計", "プラン")
    return [
        Quantity(table.section, column.name, f"{table.id}/{column.name}", table.unit)
        for table in map(office.dictionary.__getitem__, TABLES)
        for column in table.columns
        if not column.text and not any(word in column.name for word in apart)
    ]


@pytest.fixture(scope="module")
def look(office):
    """Outcomes of the statistics in a sentence of a section."""
    reads = figures_in(office.of(R5))

    def look(section, sentence):
        path = ROOT / "data" / "R5" / "commentary" / f"{section}.md"
        return [figure.outcome for figure in reads(path, sentence) if figure.kind == "statistic"]

    return look


def test_no_true_sentence_is_an_error_and_nearly_all_are_held(office, quantities, look):
    facts = office.of(R5).facts
    outcomes, wrong = Counter(), []
    for quantity, sentence, form in true_sentences(facts, R5, quantities):
        found = look(quantity.section, sentence)
        outcome = "held" if found and set(found) == {"traced"} else "error" if "contradicted" in found else "open"
        outcomes[outcome] += 1
        if outcome == "error":
            wrong.append((form, sentence))
    assert wrong == []
    assert outcomes["held"] > 0.99 * outcomes.total() and outcomes.total() > 2000


def test_slips_are_noticed_and_most_are_errors(office, quantities, look):
    facts = office.of(R5).facts
    kinds = {}
    for quantity, sentence, _ in true_sentences(facts, R5, quantities):
        for kind, wrong in slips(quantity, sentence, quantities, R5):
            found = look(quantity.section, wrong)
            outcome = "error" if "contradicted" in found else "noticed" if set(found) != {"traced"} else "missed"
            kinds.setdefault(kind, Counter())[outcome] += 1
    assert set(kinds) == {"figure", "label", "year", "unit", "direction"}
    for kind, outcomes in kinds.items():
        assert outcomes["missed"] <= 0.05 * outcomes.total(), (kind, outcomes)
        if kind != "unit":  # a right number in a wrong unit is a warning
            assert outcomes["error"] >= 0.75 * outcomes.total(), (kind, outcomes)


TRUE = [
    ("2-1", "新規相談受付件数は月１５件から２５件の間で推移した。"), ("2-5", "上位２項目で２７４件となり、全体の５３．１％を占める。"), ("2-2", "「面談」と「訪問・同行支援」の２つで全体の２７．２％である。"),
    ("2-1", "プラン新規２２件、プラン更新７件の計２９件であった。"), ("2-3", "第１位は本人（１４５件）、第２位は関係機関等からの紹介（６４件）である。"),
    ("2-1", "４～６月の新規相談受付件数は６６件で、年間の２７．７％を占める。"), ("2-1", "４年間の新規相談受付件数の合計は１，５６８件である。"), ("2-1", "新規相談受付件数は３年間で約６割減少した。"),
    ("2-1", "新規相談受付件数は２３８件で、うち１１２件（４７．１％）が男性である。"), ("2-1", "延べ対応件数は２年続けて減少していたが、令和５年度は増加した。"),
    ("2-1", "新規相談受付件数は令和２年度以降で３番目に多い。"), ("2-3", "本人以外からの相談は９３件である。"), ("2-4", "４０代・５０代は９７人である。"),
    ("5-1", "申請は当初９件、延長４件、再延長４件の計１７件だった。"), ("2-1", "新規相談１件に対する延べ対応件数は、前年度の１１．９件から１６．８件に増えた。"),
    ("2-2", "面談は６７９件で２番目に多い。"), ("2-1", "新規相談受付件数１件あたりの延べ対応件数は約１６．８件である。"), ("2-1", "延べ対応件数（４，００８件）は、新規相談受付件数（２３８件）の約１７倍である。"),
    ("2-1", "女性の割合は５２．９％で、前年度の４６．４％から６．５ポイント上昇した。"), ("2-5", "ひきこもりの相談は１０件から１８件、１９件と年々増加している。"),
    ("2-1", "新規相談受付件数（２３８件）、延べ対応件数（４，００８件）ともに前年度（２１１件、２，５１２件）を上回った。"), ("2-1", "男性１１２件、女性１２６件と、女性の方が１４件多かった。"),
    ("2-1", "延べ対応件数は１０月が３９２件で最も多かった。"), ("2-1", "令和６年１月の延べ対応件数は３３３件であった。"), ("2-1", "１０月には延べ対応件数が３９２件に達した。"),
    ("2-1", "上半期の延べ対応件数は１，８４１件、下半期は２，１６７件であった。"), ("2-1", "第１四半期の新規相談受付件数は６６件であった。"),
    ("2-2", "訪問・同行支援は２年連続で増加した。"), ("2-2", "訪問・同行支援は２年連続の増加となった。"), ("2-3", "本人からの相談が約６割を占める。"), ("2-3", "本人は６割強を占めている。"),
    ("2-2", "電話・メールが約７割を占める。"), ("2-2", "電話・メールが７割弱を占めた。"), ("2-4", "７０代以上は５人に１人であった。"), ("2-2", "電話・メールが過半数を占めた。"), ("2-3", "本人が半数以上を占めている。"),
    ("2-3", "本人からの相談が半数を超えた。"), ("2-2", "訪問・同行支援の割合は前年度から３．４ポイント上昇した。"), ("2-1", "新規相談受付件数は２３８件で、うち男性１１２件、女性１２６件であった。"),
    ("2-1", "新規相談受付件数２３８件のうち、男性は１１２件である。"), ("2-1", "新規相談受付件数は２３８件（男性１１２件、女性１２６件）である。"), ("2-2", "電話・メール、訪問・同行支援、面談を合わせて４，００８件であった。"),
    ("2-1", "延べ対応件数は４千件余りとなった。"), ("2-1", "延べ対応件数は約４，０００件で、前年度から約１，５００件増加した。"),
    ("2-1", "新規相談受付件数は令和２年度の６４３件をピークに減少していたが、令和５年度は２３８件となった。"),
    ("2-1", "新規相談受付件数は、令和２年度６４３件、令和３年度４７６件、令和４年度２１１件、令和５年度２３８件と推移している。"), ("2-1", "新規相談受付件数は令和２年度と比べて４０５件減少した。"),
    ("2-1", "新規相談受付件数は令和２年度比で６３．０％減少した。"), ("2-1", "新規相談受付件数は2023年度に238件となった。"), ("2-1", "新規相談受付件数は前々年度の４７６件から大幅に減った。"),
    ("2-1", "前年度２１１件だった新規相談受付件数は、２３８件となった。"), ("2-1", "前年度は２１１件であった新規相談受付件数が、今年度は２３８件に増えた。"), ("2-1", "新規相談受付件数は２３８件である。これは前年度より２７件多い。"),
    ("2-1", "新規相談受付件数は増加し、前年度比＋２７件の２３８件となった。"), ("2-1", "相談終結は１７８件（▲５１１件）であった。"), ("2-6", "就労による終結は７１人で、前年度より４４人多かった。"),
    ("2-6", "就労が７１人（３９．９％）と最も多く、次いで支援不要が４１人（２３．０％）であった。"), ("2-5", "相談内容では収入・生活費が１７７件と最も多く、就労の９７件、病気・障害の８２件が続いた。"),
    ("8-1", "① 金額（円）は約６０万円であった。"), ("8-1", "① 金額（円）は６０万５千円であった。"), ("2-1", "この結果、延べ対応件数は4,008件（前年度比1,496件、59.6%の増）となりました。"),
    ("2-1", "新規相談受付件数は前年度を２７件上回る２３８件であった。"), ("2-1", "新規相談受付件数は、R4年度の211件に対してR5年度は238件である。"), ("2-1", "延べ対応件数は一日平均では約１１件、年間では４，００８件である。"),
    ("2-1", "新規相談受付件数は238件(前年度:211件)。"), ("2-1", "新規相談受付件数の対前年度増加率は12.8%である。"), ("2-1", "延べ対応件数は、前年度より1,496件（+59.6%）増加しています。"),
    ("2-1", "新規相談受付件数は２００件を超えた。"), ("2-1", "新規相談受付件数は２００件台で推移した。"), ("2-1", "新規相談受付件数は２５０件を下回った。"), ("2-1", "新規相談受付件数は２４０件近くに上った。"),
    ("2-1", "新規相談受付件数は二百三十八件であった。"), ("2-1", "新規相談受付件数は２１１件から２３８件に増加した。"),
    ("2-1", "新規相談受付件数は２３８件（27件増）であった。"),
    ("2-1", "新規相談受付件数は２３８件(+27)となった。"),
    ("2-1", "新規相談受付件数は238件、前年度比27件（12.8％）の増となった。"),
    ("2-1", "新規相談受付件数　２３８件（対前年度比　１１２．８％）"),
    ("2-1", "新規相談受付件数は２３８件となり、前年度（２１１件）を２７件（１２．８％）上回った。"),
    ("2-1", "対前年度では、新規相談受付件数が２７件増えている。"),
    ("2-3", "本人からの相談は１４５件（構成比６０．９％）であった。"),
    ("2-3", "本人が全体の約６割（６０．９％）を占める。"),
    ("2-3", "相談経路別では、本人１４５件、家族・知人２９件、関係機関等からの紹介６４件の順となっている。"),
    ("2-4", "５０代以上は１４４人であった。"),
    ("2-4", "５０代以上が６０．５％を占める。"),
    ("2-4", "５０代と６０代を合わせると９３人となる。"),
    ("2-4", "年代別では７０代以上が５１人で最も多く、４０代が４９人、５０代が４８人と続く。"),
    ("2-4", "３０代以下は４５人で、全体の１８．９％であった。"),
    ("2-1", "１０月の延べ対応件数は３９２件で、年間で最も多い。"),
    ("2-1", "延べ対応件数のピークは１０月の３９２件であった。"),
    ("2-1", "延べ対応件数は、最も多い１０月で３９２件、最も少ない４月で２３５件であった。"),
    ("2-1", "新規相談受付件数が最も多かったのは７月の２５件である。"),
    ("2-5", "相談者１人あたりの相談内容項目は２．１７項目であった。"),
    ("2-5", "相談内容は延べ５１６件で、前年度の３７９件から１３７件増えた。"),
    ("2-1", "令和５年度は、新規相談受付件数２３８件、延べ対応件数４，００８件、プラン新規２２件であった。"),
    ("2-1", "新規相談受付件数は３年前の６４３件に比べ大きく減少している。"),
    ("2-1", "新規相談受付件数は令和２年度が６４３件、３年度が４７６件、４年度が２１１件、５年度が２３８件であった。"),
    ("2-1", "延べ対応件数は令和４年度に２，５１２件まで減少したが、令和５年度は４，００８件と大幅に増加した。"),
    ("2-1", "本年度の相談終結件数は１７８件である。"),
    ("2-6", "終結理由は就労が７１人で約４割を占めた。"),
    ("2-6", "就労は前年度の２．６倍の７１人となった。"),
    ("2-6", "就労による終結は２７人から７１人へと４４人増加した。"),
    ("2-1", "新規相談受付件数は238件でした。前年度は211件でした。"),
    ("2-1", "前年度と比べると、新規相談受付件数は27件、延べ対応件数は1,496件増加した。"),
    ("2-1", "新規相談受付件数は27件、延べ対応件数は1,496件、それぞれ増加した。"),
    ("2-1", "プラン新規は２２件で、前年度から２件減少した。"),
    ("2-2", "支援方法別では、電話・メールによるものが２，８６０件（６７．８％）と最も多い。"),
    ("2-2", "訪問・同行支援は前年度の２５１件に対して４６９件と、約１．９倍になった。"),
    ("2-2", "面談は６７９件で、前年度（６０９件）より１割以上増加した。"),
    ("2-2", "面談は６７９件で、前年度に比べ１１．５％の増加である。"),
    ("2-2", "面談も６７９件と、前年度より７０件多かった。"),
    ("2-1", "新規相談受付件数は、２年前のおよそ半分に減っている。"),
    ("2-1", "新規相談受付件数（２３８件）は前年度（２１１件）より増加した。"),
    ("2-1", "昨年度２１１件であった新規相談受付件数は今年度２３８件となり、２７件の増加となりました。"),
    ("2-1", "新規相談受付件数は１年間で２３８件であった。"),
    ("2-1", "新規相談受付件数は平均して月に約２０件であった。"),
    ("2-1", "新規相談受付件数は毎月約２０件で推移した。"),
    ("2-1", "１か月平均では、延べ対応件数は３３４件となる。"),
    ("2-3", "市の他部署からの相談は３０件、市役所外からは３４件であった。"),
    ("2-1", "新規相談受付件数は２桁の伸び（１２．８％増）となった。"),
    ("2-1", "令和５年度の新規相談受付件数は、令和４年度と比較し２７件の増加、令和３年度と比較すると２３８件の減少となっている。"),
    ("2-1", "相談終結は前年度から５１１件減り、１７８件となった。"),
    ("2-1", "相談終結は前年度の６８９件から１７８件に大きく減少した。"),
    ("2-1", "相談終結は前年度比７４．２％減と大幅に減少した。"),
    ("2-1", "相談終結は前年度の約４分の１であった。"),
    ("2-1", "・新規相談受付件数　238件（前年度比＋27件）"),
    ("2-1", "・延べ対応件数　　4,008件（前年度2,512件、59.6％増）"),
    ("2-1", "※新規相談受付件数は、令和４年度２１１件、令和５年度２３８件。"),
    ("2-1", "新規相談受付件数は、前年度を１割以上上回る２３８件となった。"),
    ("2-1", "新規相談受付件数の内訳は、男性が１１２件、女性が１２６件である。"),
    ("2-1", "新規相談受付件数２３８件の内訳は、男性１１２件（４７．１％）、女性１２６件（５２．９％）である。"),
    ("2-1", "性別では、女性が１２６件で男性の１１２件を上回っている。"),
    ("2-1", "女性は１２６件と、男性（１１２件）より１４件多い。"),
    ("2-1", "延べ対応件数が４，００８件と初めて４，０００件を超えた。"),
    ("2-1", "新規相談受付件数は前年度から微増の２３８件であった。"),
    ("2-1", "新規相談受付件数は依然として２００件を上回っている。"),
    ("2-1", "今年度も新規相談受付件数は２００件を超え、２３８件となった。"),
    ("2-1", "令和５年度における新規相談受付件数は２３８件であり、これは令和４年度の２１１件と比較して２７件（１２．８％）の増加である。"),
    ("2-1", "コロナ禍の令和２年度には新規相談受付件数が６４３件に上ったが、令和５年度は２３８件まで減少した。"),
    ("2-1", "令和４年度末の月末件数は１９７件、令和５年度末は２５７件である。"),
    ("2-1", "令和５年度末時点の月末件数は２５７件で、令和４年度末（１９７件）から６０件増えた。"),
    ("2-2", "支援方法は、電話・メール（２，８６０件）、面談（６７９件）、訪問・同行支援（４６９件）の順に多い。"),
    ("2-2", "面談が６７９件、訪問・同行支援が４６９件で、合わせて１，１４８件となった。"),
    ("2-2", "電話・メールの割合（６７．８％）は前年度の５０．９％を上回った。"),
    ("2-2", "電話・メールの割合は５０．９％から６７．８％に上昇した。"),
    ("2-2", "所内会議は前年度の６４１件から１６４件へと、約４分の１に減った。"),
    ("2-2", "所内会議が４７７件減少した一方、電話・メールは１，２０７件増加した。"),
    ("2-2", "訪問・同行支援の件数は、令和３年度２０４件、令和４年度２５１件、令和５年度４６９件と、年々増加している。"),
    ("2-3", "本人からの相談が１４５件と前年度より３０件多く、全体の６０．９％となった。"),
    ("2-3", "「本人」が１４５件（６０．９％）、「家族・知人」が２９件（１２．２％）であった。"),
    ("2-3", "関係機関等からの紹介６４件のうち、市の他部署は３０件、市役所外は３４件である。"),
    ("2-4", "４０代、５０代がそれぞれ４９人、４８人であった。"),
    ("2-4", "２０代は２２人で、前年度の２８人から６人減少した。"),
    ("2-4", "６０代は４５人（前年度比１６人増）であった。"),
    ("2-4", "１０代は４人にとどまった。"),
    ("2-5", "病気・障害は８２件で、前年度（４７件）の１．７倍に増加した。"),
    ("2-5", "収入・生活費が１７７件で全体の３４．３％、就労が９７件で１８．８％を占めた。"),
    ("2-5", "収入・生活費に関する相談が１７７件と最も多かった。"),
    ("2-5", "就労に関する相談は２１件増加し、９７件となっている。"),
    ("2-5", "住まいに関する相談は前年度の１３件から３２件へと倍以上に増加した。"),
    ("2-6", "支援不要は前年度の１９人から４１人に倍増した。"),
    ("2-6", "相談終結者数は１７８人で、うち就労によるものが７１人であった。"),
    ("2-1", "新規相談受付件数は前年同期と比べ２７件増加している。"),
    ("2-1", "４月の新規相談受付件数は２０件、５月は２４件であった。"),
    ("2-1", "新規相談受付件数は４月が２０件、５月が２４件、６月が２２件と推移した。"),
    ("2-1", "延べ対応件数は４月の２３５件から３月には３９０件まで増えた。"),
    ("2-1", "令和５年４月から６月までの新規相談受付件数は６６件であった。"),
    ("2-1", "新規相談受付件数が最も多い月は７月（２５件）で、最も少ない月は１０月と１２月（各１５件）であった。"),
    ("2-1", "年間の延べ対応件数は4,008件にのぼり、1日あたりでは約11件に相当する。"),
    ("3-1", "就労は２７人であった。"),
    ("4-1", "相談対応は３４回であった。"),
    ("4-1", "支援実績は延べ７６１回で、うち生活自立に関する支援が２６１回であった。"),
    ("4-1", "生活自立に関する支援と社会自立に関する支援がともに２６１回で最も多い。"),
    ("4-1-2", "登録者は９人、見学／お試し参加は５人であった。"),
    ("2-1", "１０月の延べ対応件数は前月（３４１件）から５１件増加し、３９２件となった。"),
    ("2-1", "新規相談受付件数は過去４年間で２番目に少ない２３８件であった。"),
    ("2-1", "平成２７年の事業開始以来、新規相談受付件数は令和２年度の６４３件が最も多い。"),
    ("2-1", "相談件数は増えており、新規相談受付件数は２７件増、延べ対応件数は１，４９６件増であった。"),
    ("2-1", "延べ対応件数は約６割増加した。"),
    ("2-1", "延べ対応件数は前年度に比べ約６割の増加となった。"),
    ("2-1", "延べ対応件数は前年度の約６割増となった。"),
    ("2-1", "相談終結は約７割減少した。"),
    ("2-1", "相談終結は４分の１近くまで減少した。"),
    ("2-2", "訪問・同行支援は前年度比８６．９％の大幅増となった。"),
    ("2-2", "訪問・同行支援が前年度から２１８件（８６．９％）の大幅な増加となった。"),
    ("2-2", "訪問・同行支援（４６９件）が前年度（２５１件）に比べて大幅に増加した。"),
    ("2-2", "面談は２年連続で減少していたが、令和５年度は６７９件と増加に転じた。"),
    ("2-3", "家族・知人からの相談は２９件と前年度から３件減った。"),
    ("2-3", "市の他部署からの紹介が３０件、市役所外の関係機関からの紹介が３４件となっている。"),
    ("2-4", "４０代から６０代で１４２人と、全体の約６割を占める。"),
    ("2-4", "５０代は前年度の３６人から４８人へと１．３倍に増加した。"),
    ("2-4", "最も多いのは７０代以上の５１人で、全体の２１．４％である。"),
    ("2-4", "７０代以上が全体の２割を超えている。"),
    ("2-4", "２０代及び３０代は合わせて４１人にとどまる。"),
    ("2-5", "住まいに関する相談は１９件増えて３２件となった。"),
    ("2-5", "ひきこもりに関する相談は１９件で、前年度（１８件）とほぼ同数であった。"),
    ("2-5", "相談内容の上位は、収入・生活費１７７件、就労９７件、病気・障害８２件である。"),
    ("2-6", "生活保護受給による終結は１１人で前年度の２７人から半減した。"),
    ("2-6", "その他の問題解決は５７１人から３２人に大きく減少した。"),
    ("2-6", "就労による終結が約４割を占め、最も多かった。"),
    ("8-1", "② 件数は０件であった。"),
    ("2-1", "４月は２０件、５月は２４件の新規相談受付件数があった。"),
    ("2-1", "新規相談受付件数は、４月２０件、５月２４件、６月２２件であった。"),
    ("2-1", "延べ対応件数は２，５１２件から１．６倍の４，００８件に増えた。"),
    ("2-1", "令和５年度の新規相談受付件数は、コロナ禍前の水準に近い２３８件であった。"),
    ("2-1", "新規相談受付件数のうち女性は５２．９％である。"),
    ("2-1", "新規相談受付件数に占める女性の割合は５２．９％であった。"),
    ("2-1", "令和５年度の実績：新規相談受付件数238件（前年度211件、+12.8%）、延べ対応件数4,008件（同2,512件、+59.6%）"),
    ("2-1", "新規相談受付件数は前年度並みの２３８件であった。"),
    ("2-1", "新規相談受付件数はおおむね月２０件前後で推移している。"),
    ("2-1", "令和５年度新規相談受付件数　238件"),
    ("2-1", "新規相談受付件数が前年度を上回り、２３８件となった。"),
    ("2-1", "新規相談受付件数は、３か年で最少だった前年度の２１１件を上回る２３８件となった。"),
    ("2-1", "支援の終了に至った相談終結は１７８件で、前年度の６８９件を大きく下回った。"),
    ("2-1", "なお、年度末の月末件数は２５７件である。"),
    ("2-1", "新規相談受付件数は238件（うち男性112件・女性126件）となっている。"),
    ("2-1", "新規相談受付件数２３８件に対し、相談終結は１７８件であった。"),
    ("2-1", "新規相談受付件数が２３８件であるのに対して、相談終結は１７８件にとどまっている。"),
    ("2-1", "相談終結１７８件は、新規相談受付件数２３８件を６０件下回る。"),
    ("2-2", "電話・メールは全支援の６７．８％に当たる２，８６０件であった。"),
    ("2-2", "支援方法のうち最も多いのは電話・メールで、２，８６０件、全体の６７．８％を占めている。"),
    ("2-2", "電話・メール：２，８６０件（６７．８％）、訪問・同行支援：４６９件（１１．１％）、面談：６７９件（１６．１％）"),
    ("2-3", "本人からの相談割合は５４．５％から６０．９％に上昇した。"),
    ("2-3", "本人からの相談割合が６０．９％となり、前年度の５４．５％から６．４ポイント上昇した。"),
    ("2-3", "本人の割合は前年度比６．４ポイント増の６０．９％である。"),
    ("2-4", "５０代以上の割合は６０．５％で、前年度（５１．７％）から増加した。"),
    ("2-4", "４０代以下は９４人で、３９．５％となっている。"),
    ("2-4", "相談者の年代は、７０代以上が２１．４％、４０代が２０．６％、５０代が２０．２％、６０代が１８．９％であった。"),
    ("2-5", "病気・障害の相談は、令和２年度２８件、令和３年度３７件、令和４年度４７件、令和５年度８２件と３年連続で増加している。"),
    ("2-5", "生活保護に関する相談が前年度の２７件から４１件に５割増加した。"),
    ("2-5", "住まいに関する相談は約２．５倍に増えた。"),
    ("2-6", "就労により終結した者は７１人で、終結者全体の３９．９％である。"),
    ("2-6", "「その他の問題解決」は３２人（１８．０％）と、前年度の５７１人（８２．９％）から大幅に減少した。"),
    ("2-6", "中断は９人で、前年度より１７人少なかった。"),
    ("2-1", "令和５年度の延べ対応件数は、４，００８件で令和４年度の１．６倍、令和３年度の１．３倍である。"),
    ("2-1", "延べ対応件数が令和２年度の３，６８７件を上回り、過去最多の４，００８件となった。"),
    ("2-1", "延べ対応件数は４，００８件と、これまで最も多かった令和２年度の３，６８７件を超えた。"),
    ("2-1", "新規相談受付件数は２３８件で、そのうち男性が４７．１％、女性が５２．９％である。"),
    ("2-1", "プラン新規が２２件、プラン更新が７件であった。"),
    ("2-1", "新規相談受付件数は、前年度の２１１件に２７件を加えた２３８件である。"),
    ("2-2", "支援方法の合計は４，２２０件である。"),
    ("2-2", "合計４，２２０件のうち、電話・メールは２，８６０件であった。"),
    ("2-2", "電話・メールは全体の３分の２を超える。"),
    ("2-2", "電話・メールは全体の約３分の２である。"),
    ("2-3", "本人からの相談は６割を超える。"),
    ("2-3", "本人からの相談は前年度より２６．１％多い１４５件となった。"),
    ("2-4", "７０代以上の相談者は５１人と、前年度の４４人から１５．９％増加した。"),
    ("2-4", "３０代は唯一減少し、２５人から１９人となった。"),
    ("2-5", "就労は２１件（２７．６％）の増加となった。"),
    ("2-6", "終結理由の内訳は、就労７１人、支援不要４１人、その他の問題解決３２人、他機関等につなぐ１４人、生活保護受給１１人、中断９人である。"),
    ("2-6", "就労７１人、支援不要４１人、その他の問題解決３２人で、全体の８０．９％を占める。"),
    ("2-1", "月に換算すると、新規相談受付件数は約２０件、延べ対応件数は３３４件となる。"),
    ("2-1", "新規相談受付件数は最少の月で１５件、最多の月で２５件と、１０件の開きがあった。"),
    ("2-1", "新規相談受付件数はピーク時（令和２年度６４３件）の４割に満たない。"),
    ("2-1", "新規相談受付件数１件当たりの延べ対応件数は１６．８件で、前年度より４．９件増えた。"),
    ("2-1", "延べ対応件数は上半期が１，８４１件、下半期が２，１６７件で、下半期が３２６件多い。"),
    ("2-1", "延べ対応件数は４月を除く各月で２５０件を上回った。"), ("2-1", "男女比は４７：５３であった。"),
    ("2-1", "四半期ごとの新規相談受付件数は、６６件、６６件、５２件、５４件と推移した。"),
    ("5-1", "申請と決定はいずれも１７件であった。"), ("2-5", "債務の相談は５０代の１６件が最も多い。"),
    ("2-2", "訪問・同行支援は１．９倍で、電話・メールの１．７倍を上回る伸びである。"),
    ("2-2", "面談６７９件に訪問・同行支援４６９件を加えると１，１４８件となる。"),
    ("2-2", "会議の合計は２１２件で、前年度（７３２件）から減少した。"), ("2-4", "４０代・５０代以外は１４１人である。"),
    ("2-2", "電話・メールが２／３強を占める。"), ("2-1", "新規相談受付件数が２００件台となるのは２年連続である。"),
    ("2-1", "延べ対応件数の約５４％は下半期に集中している。"), ("2-1", "下半期の延べ対応件数は２，１６７件で、上半期の１，８４１件より１７．７％多い。"),
    ("2-3", "紹介による６４件のうち半数以上（３４件、５３．１％）は市役所の外からである。"), ("2-1", "延べ対応件数を新規相談受付件数で割ると１６．８件となる。"),
    ("2-1", "新規相談受付件数が２番目に多い５月は２４件である。"), ("2-1", "新規相談受付件数は２年前の４７６件のちょうど半分にあたる２３８件であった。"),
]  # fmt: skip
FALSE = [
    ("2-1", "４～６月の新規相談受付件数は７６件であった。"), ("2-1", "４年間の新規相談受付件数の合計は１，５６６件である。"), ("2-1", "プラン更新は２５件から７件に減少した。"), ("5-1", "申請は当初８件、延長４件であった。"),
    ("2-1", "新規相談受付件数は二百三十九件であった。"), ("2-3", "本人は半数に満たない。"), ("2-1", "新規相談受付件数は２３８人であった。"), ("2-1", "延べ対応件数は前年度比１５９．６％増となった。"),
    ("2-1", "延べ対応件数は１０月が３８７件で最も多かった。"), ("2-1", "令和６年１月の延べ対応件数は３０４件であった。"), ("2-2", "訪問・同行支援は３年連続で増加した。"), ("2-2", "訪問・同行支援は２年連続で減少した。"),
    ("2-2", "電話・メールは２年ぶりに増加した。"), ("2-2", "電話・メールが半数を下回った。"), ("2-2", "電話・メールが約５割を占める。"), ("2-4", "７０代以上は３人に１人であった。"),
    ("2-1", "新規相談受付件数２３８件のうち、男性は１２６件である。"), ("2-1", "相談終結は１７８件（＋５１１件）であった。"), ("2-1", "新規相談受付件数は令和２年度と比べて４０５件増加した。"),
    ("2-2", "訪問・同行支援の割合は前年度から３．４ポイント低下した。"), ("2-1", "前年度２３８件だった新規相談受付件数は、２１１件となった。"), ("2-1", "新規相談受付件数は２５０件を超えた。"), ("2-1", "延べ対応件数は倍増した。"),
    ("8-1", "① 金額（円）は６５万円であった。"), ("2-1", "延べ対応件数は前年度の約２．６倍に増えた。"), ("2-5", "相談内容では収入・生活費が９７件と最も多く、就労の１７７件が続いた。"),
    ("2-1", "新規相談受付件数は２１１件から２３８件に減少した。"), ("2-1", "延べ対応件数は４月が２３５件で最も多かった。"), ("2-1", "延べ対応件数のピークは３月の３９０件であった。"),
    ("2-1", "新規相談受付件数が最も少なかったのは７月の２５件である。"),
]  # fmt: skip


def test_the_page_lists_the_forms_that_are_read(office):
    """docs/prose.md is made from these tests: python tests/test_readings.py writes it anew."""
    shown = (ROOT / "docs" / "prose.md").read_text(encoding="utf-8")
    assert shown == page(office.of(R5).facts, R5, TRUE)


@pytest.mark.parametrize(("section", "sentence"), TRUE)
def test_a_true_sentence_is_held(look, section, sentence):
    found = look(section, sentence)
    assert found and set(found) == {"traced"}


@pytest.mark.parametrize(("section", "sentence"), FALSE)
def test_a_false_sentence_is_noticed(look, section, sentence):
    assert set(look(section, sentence)) - {"traced"}


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 9999).filter(lambda number: number not in (100, 1000, 1100)))  # 千件 alone may be a unit
def test_kanji_numerals_are_read(number):
    assert read_figure(f"{kanji(number)}件").value == number


@pytest.mark.parametrize(
    ("unit", "one", "many"),
    [("円", "円", 1), ("千円", "円", 1000), ("万人", "人", 10**4), ("百万円", "円", 10**6), ("千万円", "円", 10**7), ("億円", "円", 10**8), ("十億円", "円", 10**9), ("千㎥", "㎥", 1000)],
)  # fmt: skip
def test_a_unit_of_so_many_others(unit, one, many):
    assert in_ones(unit) == (one, many)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_forms_put_together_are_no_error(office, look, data):
    """Two true sentences in one paragraph, and one after a word of the language: never an error."""
    facts = office.of(R5).facts
    names = [("2-1", name, "件") for name in ("新規相談受付件数", "延べ対応件数", "相談終結")]
    names += [("2-2", name, "件") for name in ("電話・メール", "訪問・同行支援", "面談")]
    section = data.draw(st.sampled_from(["2-1", "2-2"]))
    chosen = [Quantity(*one[:2], f"{section}/{one[1]}", one[2]) for one in names if one[0] == section]
    known = _sentences(facts, tuple(chosen))
    first, second = data.draw(st.sampled_from(known)), data.draw(st.sampled_from(known))
    lead = data.draw(
        st.sampled_from(["", "また、", "なお、", "一方、", "このうち、", "特に、", "その結果、", "引き続き"])
    )
    ended = first[1] if first[1].endswith("。") else f"{first[1]}。"  # a form may be a line by itself
    text = f"{ended}{lead}{second[1]}"
    assert "contradicted" not in look(section, text), text


_made: dict[tuple[Quantity, ...], list] = {}


def _sentences(facts, chosen):
    return _made.setdefault(chosen, list(true_sentences(facts, R5, list(chosen))))


WORDS = (
    "新規相談受付件数 延べ対応件数 電話・メール 訪問・同行支援 本人 は が も の を 、 。 （ ） 前年度 前々年度 令和４年度 令和９９年度 昭和５年 平成元年度 2023年 1900年 ５０年前 99年前 ３年度 ９９年度 ４月 13月 ０月 "
    "前月 前年同月 上半期 第１四半期 第９四半期 に比べ より から まで へ ２３８件 １２．８％ ３割強 2倍 半数 過半数 倍増 二百三十八件 〇件 十件 ３人に１人 ０人に１人 ４分の１ ０分の０ ２年連続 ０年連続 ３年ぶり 増加 減 上回った "
    "最も多い ピーク 約 ▲ + 63万9千人 1.5.5 1,2,3 ，，． ÷ （≒３７９÷２１１） 月平均 １日平均 合わせて 合計 うち 全体 割合 占める ポイント 50代以上 ４０代から６０代 同 並み 前年度比 \n | #"
).split(" ")


def test_whatever_is_typed_is_read(office):
    rng = random.Random(7)
    reads, claims = figures_in(office.of(R5)), claims_in(office.of(R5))
    for _ in range(4000):
        text = "".join(rng.choice(WORDS) for _ in range(rng.randint(1, 14)))
        path = ROOT / "data" / "R5" / "commentary" / f"{rng.choice(('2-1', '2-2', '2-4', '8-1'))}.md"
        for figure in reads(path, text):
            assert figure.outcome != "contradicted" or figure.why
        list(claims(path, text))


@pytest.mark.parametrize(
    "between",
    ["では" * 200, "全体の割合" * 100, "、" * 3000, "２３８件、" * 300, "（" * 2000, "件数" * 500, "前年度" * 300],
)
def test_no_text_takes_long(look, between):
    started = time.perf_counter()
    look("2-1", f"新規相談受付件数{between}ｘ２３８件である。")
    assert time.perf_counter() - started < 5


# References, and sayings that say nothing any more


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data", tmp_path / "data", ignore=shutil.ignore_patterns("控え"))
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    return tmp_path / "data"


def write(data, name, text):
    path = data / "R5" / "commentary" / f"{name}.md"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def found(data, rule="参照"):
    return [(one.severity, one.cell, one.message) for one in review(Office(data).of(R5)).findings if one.rule == rule]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("[「2－6　相談終結者数」](#sec-2-5)のとおり。", "のリンクは 2-5 を指しています"), ("2－9参照。", "「2-9」という節や図表はありません"), ("表９－１のとおり。", "「表9-1」という節や図表は"),
        ("詳しくは第2-12を参照。", "という節や図表はありません"), ("[表2－1](#tbl-2-2)に示す。", "2-2 を指しています"),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_or_elsewhere_is_an_error(data, text, what):
    write(data, "2-1", text)
    ((severity, cell, message),) = found(data)
    assert severity == "error" and what in message and cell.endswith("行目")


@pytest.mark.parametrize(
    "text",
    [
        "[「2－6　相談終結者数」](#sec-2-6)のとおり。",
        "2－5参照。",
        "表2－1のとおり。",
        "図2－2－1に示す。",
        "午前９－１２時に開く。",
        "[相談の内訳](#sec-2-5)",
    ],
)
def test_a_reference_that_is_right_is_none(data, text):
    write(data, "2-1", text)
    assert found(data) == []


@pytest.mark.parametrize(
    ("text", "severity", "what"),
    [
        ("表2－5－9のとおり。", "error", "「表2-5-9」という表はありません"), ("表２－１－２に示す。", "error", "「表2-1-2」という表は"),
        ("図２－１－９参照。", "error", "「図2-1-9」という図は"), ("図2－4－7に示すとおり。", "error", "「図2-4-7」という図は"),
        ("詳しくは７頁を参照。", "warning", "「7頁」は、年報が変わるとずれます"), ("６、７頁の表に示す。", "warning", "「6、7頁」は"),
        ("10～12ページに記載した。", "warning", "「10～12ページ」は"),
        ("表2－5－2のとおり、図2－5－2に示す。", "", ""), ("表3－1－4、図2－1－2に示す。", "", ""), ("国の白書の10頁による。", "", ""),
        ("広報紙は24ページである。", "", ""),
    ],
)  # fmt: skip
def test_a_table_or_a_figure_that_is_not_there_is_an_error_and_a_typed_page_a_warning(data, text, severity, what):
    shutil.copytree(ROOT / "notebooks", data.parent / "notebooks", dirs_exist_ok=True)
    write(data, "2-1", text)
    told = found(data)
    assert [one[0] for one in told] == [severity] * bool(severity) and all(what in one[2] for one in told)
    chapter = next((data.parent / "notebooks").glob("02_*.ipynb"))
    source = chapter.read_text(encoding="utf-8").replace('report.table(\\"2-', 'report.frame_table(own, \\"表\\") #')
    chapter.write_text(source, encoding="utf-8")
    if what.startswith("「表"):
        assert found(data) == []  # an analyst's own tables may have any number


def test_a_saying_that_matches_nothing_is_a_warning(data):
    path = data / "R5" / "commentary" / "2-1.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "延べ対応件数は前年比の約１.６倍であり、コロナ禍中と比較しても多い", "コロナ禍中に比べ、延べ対応件数は多い"
        ),
        encoding="utf-8",
    )
    sayings = data / "prose.toml"
    more = '\n[[waived]]\nsection = "2-1"\nphrase = "どこにもない言葉"\nkind = "x"\n\n[[waived]]\nfile = "9-9"\nkind = "x"\n'
    sayings.write_text(sayings.read_text(encoding="utf-8") + more, encoding="utf-8")
    messages = [message for severity, _, message in found(data) if severity == "warning"]
    assert len(messages) == 3
    for part in ("claim「延べ対応件数は…コロナ禍中と比較しても{向き}」", "waived「どこにもない言葉」", "「9-9」"):
        assert any(part in message for message in messages), part


def test_a_quantity_of_a_table_is_no_part_of_a_waived_file(data):
    write(data, "5-1-overview", "令和５年度の相談は１２件であった。支給は原則３か月である。")
    errors = review(Office(data).of(R5)).errors
    assert [(one.rule, one.expected) for one in errors] == [("本文の数値", "11")]


def test_the_month_that_has_most_is_not_taken_for_next_years(office):
    text = "延べ対応件数は１０月が３９２件で最も多く、４月の延べ対応件数は２３５件であった。"
    rolled = Roller(office, R5).roll(ROOT / "data" / "R4" / "commentary" / "2-1.md", text)
    assert "【旧】３９２件で最も多く" in rolled.text


def test_what_cannot_be_stated_anew_is_not(office):
    """A mean, a streak or a comparison with another year rests on a fact that is not what the text says: next year it is marked."""
    text = "新規相談受付件数は２１１件、月平均１７．６件で、令和２年度と比べて４３２件減少した。"
    rolled = Roller(office, R5).roll(ROOT / "data" / "R4" / "commentary" / "2-1.md", text)
    assert (
        rolled.text.startswith("新規相談受付件数は２３８件、月平均【旧】１７．６件")
        and "【旧】４３２件減少" in rolled.text
    )


@pytest.fixture(scope="module")
def carried(tmp_path_factory):
    """Outcomes of the statistics in a sentence of the ambulance report."""
    office = ambulance.ambulance(tmp_path_factory.mktemp("ambulance"))
    reads = figures_in(office.of(R5))
    path = office.folder / "R5" / "commentary" / "1-1.md"
    return lambda sentence: [figure.outcome for figure in reads(path, sentence) if figure.kind == "statistic"]


@pytest.mark.parametrize("sentence", ambulance.TRUE)
def test_a_true_sentence_of_another_office_is_held(carried, sentence):
    assert carried(sentence) and set(carried(sentence)) == {"traced"}


@pytest.mark.parametrize("sentence", ambulance.FALSE)
def test_a_false_sentence_of_another_office_is_noticed(carried, sentence):
    assert set(carried(sentence)) - {"traced"}


@pytest.fixture(scope="module")
def example():
    """Outcomes of the statistics in a sentence of a section of the ambulance report whose causes are rows."""
    office = Office(ROOT / "docs" / "examples" / "ambulance" / "data")
    reads = figures_in(office.of(office.year("R5")))

    def look(section, sentence):
        path = office.folder / "R5" / "commentary" / f"{section}.md"
        return [figure.outcome for figure in reads(path, sentence) if figure.kind == "statistic"]

    return look


# A calendar year has other days.
_OF_ROWS = [("2-1", sentence) for sentence in ambulance.TRUE if "１日平均" not in sentence]


@pytest.mark.parametrize(
    ("section", "sentence"),
    [*_OF_ROWS, *((section, one) for section, listed in ambulance.TRUE_OF_ROWS.items() for one in listed)],
)
def test_a_true_sentence_of_named_rows_is_held(example, section, sentence):
    assert example(section, sentence) and set(example(section, sentence)) == {"traced"}


@pytest.mark.parametrize(
    ("section", "sentence"),
    [
        *(("2-1", sentence) for sentence in ambulance.FALSE),
        *((section, one) for section, listed in ambulance.FALSE_OF_ROWS.items() for one in listed),
    ],
)
def test_a_false_sentence_of_named_rows_is_noticed(example, section, sentence):
    assert set(example(section, sentence)) - {"traced"}


def test_most_false_sentences_are_errors(look, carried):
    outcomes = [look(*one) for one in FALSE] + [carried(one) for one in ambulance.FALSE]
    errors = sum("contradicted" in found for found in outcomes)
    assert errors >= 0.75 * len(outcomes)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("２　人員体制", ["２"]),
        ("3 件数の推移", ["3"]),
        ("12 冊の本", ["12 冊"]),
        ("27 件増加", ["27 件"]),
        ("８　名簿", ["８"]),
        ("２１万冊", ["２１万冊"]),
    ],
)
def test_a_unit_may_stand_a_blank_away_but_not_begin_another_word(text, figures):
    assert [figure.text for figure in find_figures(text, {"人", "名", "件", "冊"})] == figures


@pytest.mark.parametrize(
    ("text", "statistics"),
    [
        ("上記２３８件のうち", ["２３８件"]),
        ("この２７件を除く", ["２７件"]),
        ("これら６４件の内訳", ["６４件"]),
        ("上位３項目で７割", ["７割"]),
        ("新規は２３８、４月は２０件", ["２３８", "２０件"]),
        ("１０、１１月に４５件", ["４５件"]),
        ("４～６月は６６件", ["６６件"]),
    ],
)
def test_what_counts_the_things_named_or_names_months_is_no_statistic_and_nothing_else_drops_out(text, statistics):
    assert [found.text for found in find_figures(text) if not found.kind] == statistics


def looks(data, name, tables, years, calendar=False):
    """Outcomes of the statistics in a sentence of a section of an office's report that has these tables and, by year, their rows."""
    return _look(small_offices.built(data, name, tables, years, calendar))


def _look(of_year):
    reads = figures_in(of_year)

    def look(section, sentence):
        path = of_year.folder / "commentary" / f"{section}.md"
        return [figure.outcome for figure in reads(path, sentence) if figure.kind == "statistic"]

    look.of_year = of_year
    return look


@pytest.fixture(scope="module")
def of_offices(look, example, years):
    """Outcomes of the statistics in a sentence of a section, by office."""
    return {"look": look, "example": example, **{name: _look(years[name]) for name in small_offices.NAMES}}


_ORDINARY = [
    (office, section, sentence)
    for office, listed in (
        ("look", ordinary_sentences.OF_TARUSAPO),
        ("look", ordinary_sentences.MORE_OF_TARUSAPO),
        ("look", ordinary_sentences.PARAGRAPHS_OF_TARUSAPO),
        ("look", ordinary_sentences.THIRD_OF_TARUSAPO),
        ("look", ordinary_sentences.FOURTH_OF_TARUSAPO),
        ("look", ordinary_sentences.FIFTH_OF_TARUSAPO),
        ("look", ordinary_sentences.SIXTH_OF_TARUSAPO),
        ("look", ordinary_sentences.SEVENTH_OF_TARUSAPO),
        ("look", ordinary_sentences.MORE_PARAGRAPHS_OF_TARUSAPO),
        ("example", ordinary_sentences.OF_AMBULANCE),
        ("example", ordinary_sentences.SECOND_OF_AMBULANCE),
        ("example", ordinary_sentences.THIRD_OF_AMBULANCE),
        ("example", ordinary_sentences.FOURTH_OF_AMBULANCE),
        ("example", ordinary_sentences.FIFTH_OF_AMBULANCE),
        ("example", ordinary_sentences.PARAGRAPHS_OF_AMBULANCE),
        *((name, getattr(ordinary_sentences, f"OF_{name.upper()}")) for name in small_offices.NAMES),
        *ordinary_sentences.MORE_OF_OFFICES.items(),
        *ordinary_sentences.MOVED_AND_RANKED_OF_OFFICES.items(),
        *ordinary_sentences.MOVED_AND_RANKED_OF_MORE_OFFICES.items(),
        *ordinary_sentences.COMPARED_OF_OFFICES.items(),
        *ordinary_sentences.LATER_OF_OFFICES.items(),
        *ordinary_sentences.NEXT_OF_OFFICES.items(),
        *ordinary_sentences.YET_MORE_OF_OFFICES.items(),
        *ordinary_sentences.ONCE_MORE_OF_OFFICES.items(),
        *ordinary_sentences.TWO_MONTHS_OF_OFFICES.items(),
        *ordinary_sentences.OF_WHOLES_AND_MONTHS.items(),
    )
    for section, sentences in listed.items()
    for sentence in sentences
]


def test_no_ordinary_sentence_is_an_error_and_nearly_all_with_figures_are_held(of_offices):
    outcomes = {sentence: set(of_offices[office](section, sentence)) for office, section, sentence in _ORDINARY}
    assert [sentence for sentence, found in outcomes.items() if "contradicted" in found] == []
    stating = [found for found in outcomes.values() if found]
    assert sum(found == {"traced"} for found in stating) >= 0.9 * len(stating) >= 200


@pytest.mark.parametrize("name", small_offices.NAMES)
def test_no_sentence_of_a_form_is_an_error_in_another_office(of_offices, name):
    look = of_offices[name]
    of_year, outcomes, wrong = look.of_year, Counter(), []
    added_up = [
        Quantity(table.section, column.name, f"{table.id}/{column.name}", table.unit_of(column))
        for table in of_year.dictionary.values()
        for column in table.columns
        if column.adds_up == "sum"
        and not column.of
        and not column.decimals
        and not column.name.startswith(("うち", "その他", "計"))
    ]
    for quantity, sentence, _ in true_sentences(of_year.facts, of_year.year, added_up[:: 1 + (len(added_up) > 8)]):
        found = look(quantity.section, sentence)
        outcomes.update(found)
        wrong += [sentence] * ("contradicted" in found)
    assert wrong == []
    assert outcomes["traced"] >= 0.95 * outcomes.total() >= 200


_POLITE = {
    "であった": "でした", "である": "です", "となった": "となりました", "となっている": "となっています", "している": "しています",
    "した。": "しました。", "占める": "占めます", "占めている": "占めています", "減った": "減りました", "増えた": "増えました",
}  # fmt: skip
_WIDE, _NARROW = "０１２３４５６７８９，．％（）", "0123456789,.%()"


def _politely(sentence):
    return re.sub("|".join(sorted(_POLITE, key=len, reverse=True)), lambda match: _POLITE[match[0]], sentence)


def _narrow(sentence):
    return sentence.translate(str.maketrans(_WIDE, _NARROW))


# The same sentence as others would type it.
_STYLES = {
    "polite": _politely,
    "wide": lambda sentence: sentence.translate(str.maketrans(_NARROW, _WIDE)),
    "narrow": _narrow,
    "without separators": lambda sentence: re.sub(r"(?<=\d),(?=\d{3})", "", _narrow(sentence)),
    "western commas": lambda sentence: sentence.replace("、", "，").replace("。", "．"),
    "blanks before units": lambda sentence: re.sub(r"(\d)(件|人(?!槽)|回|円|%|t|冊)", r"\1 \2", _narrow(sentence)),
    "after a word": "なお、{}".format,
    "in a list": lambda sentence: f"- {sentence.removesuffix('。')}",
    "bold": lambda sentence: re.sub(r"([\d０-９][\d０-９,，.．]*(?:件|人|％|%))", r"**\1**", sentence, count=1),
    "over lines": lambda sentence: sentence.replace("、", "、\n", 1),
    "before another": "{}これは、支援の広がりを示している。".format,
}


@pytest.mark.parametrize("style", _STYLES)
def test_a_sentence_is_read_alike_however_it_is_typed(of_offices, style):
    every_third = _ORDINARY[list(_STYLES).index(style) % 3 :: 3]
    sentences = [known for known in every_third if "|" not in known[2] and "\n" not in known[2]]
    outcomes = {known: of_offices[known[0]](known[1], _STYLES[style](known[2])) for known in sentences}
    assert [known for known, found in outcomes.items() if "contradicted" in found] == []
    stating = [found for found in outcomes.values() if found]
    assert sum(set(found) == {"traced"} for found in stating) >= 0.9 * len(stating) >= 200


# Words of more and less, of most and least, each with its contrary.
_CONTRARY = {
    "増加": "減少", "減少": "増加", "増えた": "減った", "減った": "増えた", "増えて": "減って", "減って": "増えて", "増え": "減り", "減り": "増え", "増の": "減の", "減の": "増の",
    "上回": "下回", "下回": "上回", "上昇": "低下", "最も多": "最も少な", "最も少な": "最も多", "最多": "最少", "最少": "最多", "最も高": "最も低", "最も長": "最も短", "最も短": "最も長",
}  # fmt: skip
_TURNED = re.compile("|".join(sorted(_CONTRARY, key=len, reverse=True)))


def test_a_word_turned_round_in_an_ordinary_sentence_is_noticed(of_offices, years):
    """In every sentence that is held, of every office."""
    outcomes, missed = Counter(), []
    for name, of_year in years.items():
        reads, claims = figures_in(of_year), claims_in(of_year)
        for section, sentence in ((section, sentence) for known, section, sentence in _ORDINARY if known == name):
            path = of_year.folder / "commentary" / f"{section}.md"
            if not of_offices[name](section, sentence) or set(of_offices[name](section, sentence)) != {"traced"}:
                continue
            for word in _TURNED.finditer(sentence):
                turned = sentence[: word.start()] + _CONTRARY[word[0]] + sentence[word.end() :]
                found = {figure.outcome for figure in reads(path, turned) if figure.kind == "statistic"}
                found |= {claim.outcome for claim in claims(path, turned)} & {"contradicted"}
                outcome = "error" if "contradicted" in found else "open" if found - {"traced"} else "missed"
                outcomes[outcome] += 1
                missed += [turned] * (outcome == "missed")
    assert outcomes["error"] >= 0.75 * outcomes.total() >= 300, outcomes
    assert outcomes["missed"] <= 0.05 * outcomes.total(), missed


def test_no_word_of_more_and_less_in_a_true_sentence_is_contradicted(office, quantities, years):
    facts = office.of(R5).facts
    reads = {name: (of_year, claims_in(of_year)) for name, of_year in years.items()}
    sentences = [
        ("look", quantity.section, sentence) for quantity, sentence, _ in true_sentences(facts, R5, quantities)
    ]
    outcomes, wrong = Counter(), []
    for name, section, sentence in (*sentences, *(("look", *one) for one in TRUE), *_ORDINARY):
        of, claims = reads[name]
        for held in claims(of.folder / "R5" / "commentary" / f"{section}.md", sentence):
            outcomes[held.outcome] += 1
            if held.outcome == "contradicted":
                wrong.append((sentence, held.text, held.why))
    assert not wrong, wrong
    assert outcomes["holds"] >= 0.6 * outcomes.total() > 400, outcomes


@pytest.mark.parametrize(
    ("of", "section", "sentence"),
    [
        ("tourism", "1-1", "道内客と道外客の割合は60対40である。"), ("tourism", "1-1", "すべての月で200千人を上回った。"),
        ("election", "1-2", "20代と30代の投票率はいずれも40％に満たない。"), ("election", "1-2", "全ての年代で投票率が50％を超えた。"),
        ("jobs", "1-1", "新規求人数は毎月700人を超えている。"), ("staff", "1-1", "すべての部門で50人を超えている。"),
    ],
)  # fmt: skip
def test_what_is_false_of_one_of_several_is_noticed(of_offices, of, section, sentence):
    assert set(of_offices[of](section, sentence)) - {"traced"}


@pytest.mark.parametrize(("of", "section", "sentence"), ordinary_sentences.FALSE_OF_OFFICES)
def test_what_is_false_in_an_ordinary_sentence_is_noticed(of_offices, of, section, sentence):
    assert set(of_offices[of](section, sentence)) - {"traced"}


def _rates_of_two_rows(years):
    """Sentences on the rate of two rows of a table together, that of their sums: office, section, sentence, as it is and with the rates added up."""
    for name in (*small_offices.NAMES, "example"):
        figures = years[name].figures
        for table in years[name].dictionary.values():
            own = (
                figures.table(table.id, years[name].year) if len(table.measures) == 1 and len(table.rows) > 2 else None
            )
            for column in table.columns if own and table.shape == "matrix" else ():
                part, _, whole = column.of.partition(" ÷ ")
                if {part, whole} <= {known.name for known in table.columns} and own.rows[table.rows[0], ""][
                    part
                ] is not None:
                    first, second = (own.rows[row, ""] for row in table.rows[:2])
                    ratio = Fraction(first[part] + second[part]) / (first[whole] + second[whole])
                    unit = column.unit or table.unit
                    rate = rounded(ratio * {"％": 100, "‰": 1000}.get(unit, 1), column.decimals)
                    form = f"{table.rows[0]}と{table.rows[1]}を合わせた{column.name}は{{}}{unit}である。"
                    yield name, table.section, form.format(rate), form.format(first[column.name] + second[column.name])


def test_a_rate_of_several_rows_is_that_of_their_sums(of_offices, years):
    outcomes = Counter()
    for name, section, true, added in _rates_of_two_rows(years):
        outcomes["held"] += set(of_offices[name](section, true)) == {"traced"}
        outcomes["false error"] += "contradicted" in of_offices[name](section, true)
        outcomes["missed"] += set(of_offices[name](section, added)) == {"traced"}
        outcomes["sentences"] += 1
    assert outcomes["held"] >= 0.95 * outcomes["sentences"] >= 15, outcomes
    assert not outcomes["false error"] and not outcomes["missed"], outcomes


@pytest.mark.parametrize(
    ("months", "outcome"), [("上半期の月末件数は201件", "traced"), ("上半期の月末件数は1,241件", "contradicted")]
)
def test_what_is_counted_at_a_moment_is_not_added_up_over_months(look, months, outcome):
    assert look("2-1", f"{months}である。") == [outcome]


def test_a_limit_far_from_the_amount_is_a_question_that_tells_it(office):
    reads = figures_in(office.of(R5))
    (figure,) = reads(ROOT / "data" / "R5" / "commentary" / "2-1.md", "延べ対応件数は２，０００件を超えた。")
    assert (figure.outcome, "4,008" in figure.why) == ("untraced", True)


# What is said of a month, or of a quarter, against the same of the year before.
_SAME_OF_YEAR_BEFORE = [
    "{m}の{q}は{v}{u}で、前年度の{w}{u}を{d}{u}{上回}った。", "{q}は{m}に{v}{u}となり、前年度の{w}{u}から{d}{u}{増え}た。", "{m}の{q}は{v}{u}（前年度{w}{u}）であった。",
    "{q}は、{m}が{v}{u}で、前年度と比べて{d}{u}{増加}した。", "{m}の{q}は前年度の{w}{u}から{v}{u}に{増え}た。", "{q}は{m}に前年度を{d}{u}{上回}る{v}{u}となった。",
    "{m}は{q}が{v}{u}と、前年度（{w}{u}）に比べ{d}{u}{増え}た。", "{m}の{q}は前年同期の{w}{u}から{v}{u}に{増え}た。", "{q}は{m}が{v}{u}で、前年度の同じ時期に比べて{d}{u}{増え}た。",
]  # fmt: skip


def _months_and_quarters(of_year):
    """Of columns that add up the section, the name, the unit, what a month or a quarter is called, and the amount of it and of the same a year before."""
    year, before = of_year.year, of_year.year.previous
    tables = [table for table in of_year.dictionary.values() if table.shape == "monthly" and len(table.measures) == 1]
    for table in (table for table in tables if table.has_months(year) and table.has_months(before)):
        for column in table.columns:
            is_count = column.adds_up == "sum" and not (column.text or column.of or column.decimals or column.group)
            if not is_count or column.name.startswith(("うち", "その他")) or re.search(r"\d", column.name):
                continue
            spans = (
                {}
                if table.is_quarterly
                else {f"{month.month}月": slice(at, at + 1) for at, month in enumerate(year.months)}
            )
            spans |= {f"第{'１２３４'[at]}四半期": slice(3 * at, 3 * at + 3) for at in range(4)}
            for called, span in list(spans.items())[::5]:
                paths = [
                    [f"{table.id}/{column.name}/{month.label}" for month in of.months[span]] for of in (year, before)
                ]
                with suppress(InputError):
                    now, then = (of_year.facts.fact("+".join(of)).amount for of in paths)
                    if now and then and now != then:
                        yield table.section, column.name, table.unit_of(column), called, int(now), int(then)


def test_what_is_said_of_a_month_against_the_same_of_the_year_before_is_held(of_offices, years):
    outcomes, altered, wrong = Counter(), Counter(), []
    for name in (name for name, of_year in years.items() if not of_year.office.calendar):
        for at, (section, quantity, unit, called, now, then) in enumerate(_months_and_quarters(years[name])):
            form, more = _SAME_OF_YEAR_BEFORE[at % len(_SAME_OF_YEAR_BEFORE)], now > then
            ways = {
                "上回": "上回" if more else "下回",
                "増え": "増え" if more else "減っ",
                "増加": "増加" if more else "減少",
            }
            said = {"q": quantity, "u": unit, "m": called, "d": f"{abs(now - then):,}", "v": f"{now:,}", **ways}
            found = of_offices[name](section, sentence := form.format(**said, w=f"{then:,}"))
            outcomes[frozenset(found) == {"traced"}] += 1
            wrong += [sentence] * ("contradicted" in found)
            if "{w}" in form:
                altered[set(of_offices[name](section, form.format(**said, w=f"{then + 3:,}"))) == {"traced"}] += 1
    assert wrong == [] and outcomes[True] >= 0.95 * outcomes.total() >= 300, outcomes
    assert altered[True] <= 0.05 * altered.total(), altered


def _any_quantities(years, form, random_):
    """Some columns of numbers of some offices, with their tables, none of whose names a sentence's ``form`` has itself."""
    known = [
        (name, table, column)
        for name, of_year in years.items()
        for table in of_year.dictionary.values()
        for column in table.columns
        if not column.text and table.shape != "events"
        if not any(other.name in form or (other.label and other.heading in form) for other in table.columns)
    ]
    return random_.sample(known, 25)


def test_what_no_table_can_tell_is_no_error(of_offices, years):
    """Any quantity of any office in sentences about what is none of it: its parts, targets, other places and times."""
    random_, wrong, outcomes = random.Random(1), [], Counter()
    for form in ordinary_sentences.UNKNOWN:
        for name, table, column in _any_quantities(years, form, random_):
            unit = table.unit_of(column) or "件"
            sentence = form.format(Q=column.name, u=unit, n=random_.choice((12, 37, 156, 284, 1290)), m=41)
            found = of_offices[name](table.section, sentence)
            outcomes.update(found)
            wrong += [(name, sentence)] * ("contradicted" in found)
    assert not wrong, wrong
    assert outcomes.total() > 1500


def test_no_word_of_more_and_less_about_what_no_table_can_tell_is_contradicted(years):
    random_, wrong, outcomes = random.Random(1), [], Counter()
    said = "増加した 減少した 大幅に増えた 前年度を下回った 最も少ない 過去最多となった ２年連続で増加した 増加傾向にある".split()
    readers = {name: (figures_in(of_year), claims_in(of_year)) for name, of_year in years.items()}
    for form in ordinary_sentences.UNKNOWN_DIRECTIONS:
        for name, table, column in _any_quantities(years, form, random_):
            sentence = form.format(Q=column.name, w=random_.choice(said))
            others = (other.name for other in table.columns if other != column and column.name in other.name)
            if any(other in sentence for other in others):
                continue  # 「全国の自殺死亡率」 is a column itself
            path = years[name].folder / "commentary" / f"{table.section}.md"
            found = [known.outcome for reads in readers[name] for known in reads(path, sentence)]
            outcomes.update(found)
            wrong += [(name, sentence)] * ("contradicted" in found)
    assert wrong == [] and outcomes.total() > 100, outcomes


def test_a_word_of_an_ordinary_sentence_that_is_wrong_is_noticed(of_offices, years):
    """The name of a quantity put for another of its table, a time for another, a unit for another, in every fourth sentence that is held."""
    random_, kinds = random.Random(1), {}
    claims = {name: claims_in(of_year) for name, of_year in years.items()}
    for office, section, sentence in _ORDINARY[::4]:
        if set(of_offices[office](section, sentence)) != {"traced"}:
            continue
        names = [
            [column.name for column in table.columns if not column.text]
            for table in years[office].dictionary.values()
            if table.section == section
        ]
        for kind, wrong in other_words(sentence, names):
            wrong = random_.choice(wrong)
            path = years[office].folder / "commentary" / f"{section}.md"
            said = {claim.outcome for claim in claims[office](path, wrong)} & {"contradicted"}
            found = {*of_offices[office](section, wrong), *said}
            outcome = "error" if "contradicted" in found else "missed" if found == {"traced"} else "noticed"
            kinds.setdefault(kind, Counter())[outcome] += 1
    assert set(kinds) == {"name", "time", "unit"}
    outcomes = sum(kinds.values(), Counter())
    assert outcomes["missed"] <= 0.05 * outcomes.total(), kinds
    for outcomes in kinds.values():
        assert outcomes["missed"] <= 0.08 * outcomes.total() and outcomes.total() > 100, kinds


def test_a_digit_of_an_ordinary_sentence_that_is_wrong_is_noticed(of_offices):
    """Any digit of any figure of every third sentence that is held, put for another."""
    random_, slips_ = random.Random(1), Counter()
    for office, section, sentence in _ORDINARY[::3]:
        if set(of_offices[office](section, sentence)) != {"traced"}:
            continue
        half = half_width(sentence)
        for figure in re.finditer(
            r"(?<![年第度和\d.,])\d[\d,]*(?:\.\d+)?(?=件|人|冊|日|台|%|円|回|倍|割|項目|分|t|千人|千円|百万円|世帯|ポイント)"
            r"(?!(?:件|人|日|回|世帯|台|t)(?:当たり|あたり|につき|平均))",  # which says for how many, not how many
            half,
        ):
            at = random_.choice([at for at in range(*figure.span()) if half[at].isdigit()])
            digit = random_.choice([one for one in "123456789" if one != half[at]])
            found = of_offices[office](section, half[:at] + digit + half[at + 1 :])
            slips_["error" if "contradicted" in found else "missed" if set(found) == {"traced"} else "noticed"] += 1
    assert slips_["missed"] <= 0.05 * slips_.total() and slips_["error"] >= 0.75 * slips_.total() > 250


@pytest.mark.parametrize(
    "sentence", ["面談は１，０００件対応した。", "面談は１００件対応した。", "面談は１００人対象であった。"]
)
def test_a_round_number_of_what_was_dealt_with_is_no_length(look, sentence):
    assert look("2-2", sentence) and set(look("2-2", sentence)) != {"traced"}


def test_a_sum_of_what_no_table_has_is_a_question(of_offices):
    listed = "商品一般１４２件、知恵袋３件、化粧品１２１件、健康食品５８件の計"
    assert of_offices["consumer"]("1-3", f"{listed}３２４件であった。")[-1] == "untraced"
    assert of_offices["consumer"]("1-3", "化粧品１２１件、健康食品５８件の計１８９件であった。")[-1] == "contradicted"


def test_the_parts_with_most_are_told_where_one_is_not_known(tmp_path):
    table = '[[table]]\nid = "1-1"\ntitle = "相談"\nsince = "R5"\nunit = "件"\nrows = ["甲", "乙", "丙", "丁"]\ntotal = "合計"\n'
    counts = {"甲": "－", "乙": 5, "丙": 3, "丁": 1}
    rows = {"1-1": tuple(Row(name, {"件数": count}) for name, count in counts.items())}
    look = looks(tmp_path / "data", "課", f'{table}columns = [{{ name = "件数" }}]', {"R5": rows})
    assert look("1-1", "上位２項目で８件となった。") == ["traced"]


if __name__ == "__main__":
    own = Office(ROOT / "data")
    made = page(own.of(R5).facts, R5, TRUE)
    (ROOT / "docs" / "prose.md").write_text(made, encoding="utf-8")


@pytest.mark.parametrize("name, section, sentence", ordinary_sentences.TRUE_DIRECTIONS)
def test_what_is_said_of_all_parts_or_of_years_on_end_holds(of_offices, name, section, sentence):
    of_year = of_offices[name].of_year
    held = list(claims_in(of_year)(of_year.folder / "commentary" / f"{section}.md", sentence))
    assert held and {claim.outcome for claim in held} == {"holds"}


@pytest.mark.parametrize("name, section, sentence", ordinary_sentences.FALSE_DIRECTIONS)
def test_what_is_said_of_all_parts_or_of_years_on_end_is_contradicted(of_offices, name, section, sentence):
    of_year = of_offices[name].of_year
    claims = claims_in(of_year)(of_year.folder / "commentary" / f"{section}.md", sentence)
    assert "contradicted" in {claim.outcome for claim in claims}

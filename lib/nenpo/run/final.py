"""What a report must not have when it is final."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from nenpo.commentary.step import Step
from nenpo.errors import ContentError, Fault
from nenpo.intake.drafts import Draft
from nenpo.notebook import Notebook, section_of
from nenpo.text.markdown import remarks, without_remarks

if TYPE_CHECKING:
    from nenpo.review.checks import Review


def refuse_unfinished(executed: Mapping[str, Notebook], step: Step, reviewed: Review, drafts: Iterable[Draft]) -> None:
    """Raises ContentError while a number is at fault, or one in the prose not held against the data, a text is not
    written or as last year's, a remark is left in one, or a chapter is being written."""
    year = reviewed.year.code
    faults = [finding.fault for finding in dict.fromkeys([*reviewed.errors, *reviewed.open])]
    faults += [Fault(draft.why, f"{year}/commentary/{draft.name}.md", draft.remedy) for draft in drafts]
    faults += [
        Fault(f"本文「{name}」がまだ書かれていません", chapter, f"{name}.md か章のセルに書いてください")
        for chapter, notebook in executed.items()
        for cell in notebook["cells"]
        if (name := section_of(cell)) and not without_remarks(step.texts.get(name, "")).strip()
    ]
    faults += [
        Fault(
            "覚え書き（<!-- … -->）が残っています", f"{year}/commentary/{name}.md {line} 行目", "済んだら消してください"
        )
        for name, text in step.texts.items()
        for line in remarks(text)
    ]
    remedy = "JupyterLab で保存し直すか、.~ の付いた前の版に戻してください"
    faults += [Fault("章が書きかけです", str(chapter.path), remedy) for chapter in step.being_written]
    if not step.settled:
        faults.append(
            Fault("保存が続いているため、取り込んでいない文章があります", year, "保存が終わってから作ってください")
        )
    if faults:
        raise ContentError(faults)

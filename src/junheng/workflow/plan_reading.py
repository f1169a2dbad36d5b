"""Plan language in: a policy text read, a draft of a plan written beside it for a person to confirm."""

from __future__ import annotations

from pathlib import Path

from junheng.actions.binding import Known
from junheng.actions.draft_file import draft_plan, draft_text, open_questions, proposed
from junheng.actions.language.draft import CLAIM, Draft, DraftMeasure, draft
from junheng.actions.plan_file import read_plan_file
from junheng.documents import PackageFile
from junheng.errors import Finding, Text
from junheng.store.action_plans import write_plan_file
from junheng.store.texts import read_policy_text
from junheng.workflow.plan_desk import shipped_names
from junheng.workflow.plan_status import due_words
from junheng.workflow.views.plans_of_action import DraftLine, PlanDraft

_CLAIMED = Text("文中说已完成", "said to be done")
_PROMISED = Text("要做的", "to be done")


def plan_read(file: Path, out: Path | None = None) -> PlanDraft:
    """Read a policy text and write the draft of a plan (beside it when `out` is None); return what was found.

    Raises StoreError when the file cannot be read as text or the draft exists already.
    """
    read = read_policy_text(file)
    found = draft(read.text)
    known = shipped_names()
    title = next((line.text for line in found.lines if line.aside is None), file.stem)[:60]
    text = draft_text(draft_plan(found, title, file.name, known), file.name)
    path = out or file.with_name(f"{file.stem}-draft.yaml")
    findings: list[Finding] = []
    read_plan_file(PackageFile(path.name, text), known, findings)
    write_plan_file(path, text)
    return _view(file, path, read.encoding, found, known, tuple(one for one in findings if one.severity == "error"))


def _view(file: Path, path: Path, encoding: str, found: Draft, known: Known, findings: tuple[Finding, ...]) -> PlanDraft:
    measures = [one for one in found.measures if one.kind != CLAIM]
    names = {id(one): f"M{number:03d}" for number, one in enumerate(measures, start=1)}
    lines = tuple(_line(names.get(id(one), ""), one, known) for one in found.measures)
    return PlanDraft(
        file=file.name,
        written=path.as_posix(),
        encoding=encoding,
        year=found.year,
        actions=found.actions,
        lines=lines,
        aside=tuple((line.line, line.text, line.aside) for line in found.aside if line.aside),
        questions=sum(line.questions for line in lines),
        findings=findings,
    )


def _line(name: str, one: DraftMeasure, known: Known) -> DraftLine:
    binding = proposed(one.capabilities, known)
    phrases = "、".join(deadline.phrase for deadline in one.deadlines)
    return DraftLine(
        id=name,
        line=one.line,
        words=one.words,
        kind=(_CLAIMED if one.kind == CLAIM else _PROMISED).zh,
        numbers="；".join(quantity.words for quantity in one.numbers),
        due=phrases or due_words(None),
        coverage="、".join(one.coverage),
        capabilities="、".join(one.capabilities),
        bound=": ".join(binding) if binding else "",
        questions=len(open_questions(one, binding)) if one.kind != CLAIM else 0,
    )

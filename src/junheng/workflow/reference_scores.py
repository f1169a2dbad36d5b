"""The reference page of scores, surveys and recurring events: every form that ships, item by item, with its weight and what it costs."""

from __future__ import annotations

from junheng.errors import Text
from junheng.ledgers import shipped
from junheng.ledgers.score_form import ScoreForm, read_forms
from junheng.ledgers.survey import Question, Survey, read_surveys
from junheng.workflow.views import ReferencePage, Section

_WEIGHT, _ITEM = Text("权重", "Weight"), Text("项目", "Item")


def scores_page() -> ReferencePage:
    """Return the page of the forms that ship."""
    text = Text(
        "评分表是文件（`ledgers/score_forms/*.yaml`），调查表是文件（`ledgers/surveys/*.yaml`），例行工作也是（`ledgers/agenda.yaml`）；"
        "县里在自己的 `ledgers/` 中写同名文件替换。权重和分档是示例，由县里商定。",
        "A scoring form is a file (`ledgers/score_forms/*.yaml`), so is a survey (`ledgers/surveys/*.yaml`) and the recurring work "
        "(`ledgers/agenda.yaml`); an authority replaces one by a file of the same name. Weights and grades are examples, to be agreed.",
    )
    forms, surveys = read_forms().values(), read_surveys().values()
    sections = (_forms(tuple(forms)), *(_form(one) for one in forms), *(_survey(one) for one in surveys), _agenda())
    return ReferencePage(
        name="scores", title=Text("评分、调查与例行工作", "Scores, surveys and recurring work"), text=text, sections=sections
    )


def _forms(forms: tuple[ScoreForm, ...]) -> Section:
    found = tuple(
        (
            f"`{one.name}`",
            one.title.zh,
            one.title.en,
            f"{len(one.items)}",
            "—" if one.held_only else f"{one.minutes}",
            f"±{one.change:g}%",
            " ".join(one.serves),
        )
        for one in forms
    )
    columns = (
        *(Text("编号", "Id"), Text("评分表", "Chinese"), Text("英文", "English"), Text("项目数", "Items")),
        *(Text("每份分钟", "Minutes"), Text("权重试算", "What-if"), Text("承担事项", "Rows")),
    )
    text = Text(
        "没有评的项目不算零分；不排名。“—”为只用已有数据，学校不另报材料。",
        "An item that was not scored is not zero; nobody is ranked. “—”: made from what is held, schools send no paper.",
    )
    return Section(title=Text("评分表", "Scoring forms"), text=text, columns=columns, rows=found)


def _form(form: ScoreForm) -> Section:
    found = tuple(
        (
            item.label.zh,
            item.label.en,
            f"{item.weight:g}",
            form.units[item.unit].zh if item.unit else form.groups[item.group].zh if item.group else "",
            f"{item.held.kind} `{item.held.target}` {item.held.indicator}".strip() if item.held else ("要佐证 proof" if item.proof else ""),
        )
        for item in form.items.values()
    )
    columns = (_ITEM, Text("英文", "English"), _WEIGHT, Text("部分", "Part"), Text("取自、佐证", "Taken from, proof"))
    grades = "、".join(f"{one.label.zh}≥{one.at_least:g}" for one in form.grades)
    english = ", ".join(f"{one.label.en} ≥ {one.at_least:g}" for one in form.grades)
    text = Text(f"{form.about.zh}。等级：{grades}。", f"{form.about.en}. Grades: {english}.")
    return Section(title=Text(f"`{form.name}` {form.title.zh}", form.title.en), text=text, columns=columns, rows=found)


def _survey(survey: Survey) -> Section:
    found = tuple((f"`{one.name}`", one.label.zh, one.label.en, _answers(one), one.limit) for one in survey.questions.values())
    columns = (Text("编号", "Id"), Text("问题", "Chinese"), Text("英文", "English"), Text("回答", "Answers"), Text("标准", "Standard"))
    return Section(title=Text(f"`{survey.name}` {survey.title.zh}", survey.title.en), text=survey.asks, columns=columns, rows=found)


def _answers(one: Question) -> str:
    if one.fact:
        return "在册数 register"
    return f"0–{one.most} {one.unit}" if one.most else "是/否 yes/no" if one.answers == 2 else f"1–{one.answers}"


def _agenda() -> Section:
    found = tuple((f"`{one.name}`", one.label.zh, one.label.en, f"`{one.rule}`", one.when, one.source) for one in shipped().agenda)
    columns = (
        *(Text("编号", "Id"), Text("事项", "Chinese"), Text("英文", "English")),
        *(Text("频次", "Rule"), Text("落在", "Lies on"), Text("依据", "Source")),
    )
    text = Text(
        "working：遇假日顺延到下一个工作日；term：只在学期内；any：不变。时间、地点、参加岗位由县里写明。",
        "working: put off to the next working day; term: in school terms only; any: as it falls. Times and rooms are the authority's.",
    )
    return Section(title=Text("例行工作", "Recurring work"), text=text, columns=columns, rows=found)

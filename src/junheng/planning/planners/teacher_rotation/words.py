"""What the rows of the result tables are called in English; the tables hold the Chinese words."""

from __future__ import annotations

from collections.abc import Mapping

from junheng.errors import Text
from junheng.model import allowed
from junheng.planning.planners.teacher_rotation.keeping import KINDS

_ENGLISH = {
    "应交流教师": "eligible teachers",
    "交流人数": "who go",
    "其中骨干": "of them backbone",
    "全部": "all",
    "女": "women",
    "男": "men",
    "现在城镇学校": "at town schools",
    "现在乡村学校": "at rural schools",
    "须照护家人": "carers",
    "配偶同为本县教师": "couples",
    "骨干": "backbone",
    "期满返回": "back after a term",
    "志愿": "wish",
    "期满": "back after a term",
    "统筹": "plan",
    "统筹安排": "plan",
    "已满足": "granted",
    "未满足": "not granted",
    "是": "yes",
    "达标": "kept",
    "未达标": "not kept",
}


def words() -> Mapping[str, Text]:
    """Return the words of rows, of stages and of subjects, by their Chinese."""
    known = [*allowed("stage").values(), *allowed("subject").values(), *allowed("backbone_level").values()]
    cv = [Text(f"{one.zh}骨干占比差异系数", f"CV of backbone, {one.en}") for one in allowed("stage").values()]
    items = [Text(f"每百名学生{one.zh}", f"{one.en} per 100 pupils") for one in KINDS.values()]
    return {one.zh: one for one in (*known, *cv, *items)} | {zh: Text(zh, en) for zh, en in _ENGLISH.items()}

"""Plan language in: the text of a policy as it was found, to headings, measures, numbers and deadlines that a person confirms."""

from junheng.actions.language.capability import Capability, capabilities
from junheng.actions.language.draft import Draft, DraftMeasure, draft
from junheng.actions.language.policy_text import PolicyLine, policy_lines

__all__ = ["Capability", "Draft", "DraftMeasure", "PolicyLine", "capabilities", "draft", "policy_lines"]

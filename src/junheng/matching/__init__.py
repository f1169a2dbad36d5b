"""Which rows of two lists are the same person or school: rules in files, trained without labels, every decision explained."""

from junheng.matching.decisions import DECISIONS, decision_lines
from junheng.matching.explain import OUTCOMES, Explanation, Reason, because, explain, in_words
from junheng.matching.link import Links, link
from junheng.matching.model import Model, model_text, read_model, shipped_model
from junheng.matching.normalise import Normal, normalise
from junheng.matching.rule import MatchRule
from junheng.matching.rule_file import match_rule, read_rule, shipped_rules
from junheng.matching.train import train

__all__ = [
    "DECISIONS",
    "OUTCOMES",
    "Explanation",
    "Links",
    "MatchRule",
    "Model",
    "Normal",
    "Reason",
    "because",
    "decision_lines",
    "explain",
    "in_words",
    "link",
    "match_rule",
    "model_text",
    "normalise",
    "read_model",
    "read_rule",
    "shipped_model",
    "shipped_rules",
    "train",
]

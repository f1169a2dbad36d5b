"""Numbers of persons: the check digit of an 18-digit ID number and of a pupil's number, before two lists are compared.

The County holds no persons. Lists of children that are reconciled later do, and a wrong digit there is a child not found.
Sources: GB 11643 (ID number, check digit by ISO 7064 MOD 11-2); the coding rule of 2013-09-18 for pupils' numbers:
G and an ID number; J and 18 characters with the same check digit for a child without one; L, temporary, without a check digit.
"""

from __future__ import annotations

import re

from stdnum.cn import ric
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError
from stdnum.iso7064 import mod_11_2

from junheng.documents import finding
from junheng.errors import Finding, Place

_PUPIL = re.compile(r"[GJL]\d{17}[\dX]")

_RULES = {"form": "model.id_number_form", "check_digit": "model.id_number_check_digit", "birth": "model.id_number_birth"}


def id_number_fault(number: str) -> str:
    """Return what is wrong with an ID number: "form", "check_digit", "birth" or "" when nothing is.

    "birth": the birth date does not exist, or no place had those six digits at that date. The table of places may lag behind
    reality, so this one is a doubt and not a proof.
    """
    try:
        ric.validate(number)
    except InvalidChecksum:
        return "check_digit"
    except InvalidComponent:
        return "birth"
    except ValidationError:
        return "form"
    return ""


def pupil_number_fault(number: str) -> str:
    """Return what is wrong with a pupil's number (学籍号: G, J or L and 18 characters), as id_number_fault does."""
    if not _PUPIL.fullmatch(number):
        return "form"
    if number[0] == "G":
        return id_number_fault(number[1:])
    if number[0] == "J" and not mod_11_2.is_valid(number[1:]):
        return "check_digit"
    return ""


def id_number_findings(number: str, place: Place) -> list[Finding]:
    """Return the finding of a wrong ID number, if it is wrong; the number itself is shown without its middle."""
    fault = id_number_fault(number)
    if not fault:
        return []
    return [finding(_RULES[fault], place, f"{number[:3]}…{number[-2:]}")]

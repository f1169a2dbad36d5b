"""Recurrence by the rules of iCalendar (RRULE, RFC 5545). The only module that touches python-dateutil."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from dateutil.rrule import rrule, rrulestr

_PARTS = ("HOURLY", "MINUTELY", "SECONDLY")


class Period(NamedTuple):
    """One period of a recurring duty: from its first day to its last."""

    first: date
    last: date


def rule_fault(rule: str) -> str:
    """Return what is wrong with a rule such as "FREQ=MONTHLY;INTERVAL=3", or nothing."""
    if any(part in rule for part in _PARTS):
        return f"{rule} (not of days)"
    try:
        _parsed(rule, date(2025, 1, 1))
    except (ValueError, TypeError) as error:
        return f"{rule}: {error}"
    return ""


def days_of(rule: str, since: date, first: date, last: date) -> Iterator[date]:
    """Yield the days of a rule that began on `since`, from `first` to `last`, both included.

    Raises ValueError for a rule that cannot be read (`rule_fault` says why).
    """
    for moment in _parsed(rule, since).between(_moment(first), _moment(last), inc=True):
        yield moment.date()


def periods(rule: str, since: date, first: date, last: date) -> Iterator[Period]:
    """Yield the periods of a rule that touch `first` to `last`: each begins on a day of the rule and ends before the next one."""
    parsed = _parsed(rule, since)
    begin = parsed.before(_moment(first), inc=True) or parsed.after(_moment(first), inc=True)
    while begin is not None and begin.date() <= last:
        following = parsed.after(begin)
        if following is None:
            return
        yield Period(begin.date(), following.date() - timedelta(days=1))
        begin = following


def months_later(day: date, months: int) -> date:
    """Return the same day so many months later; the month's last day where it has no such day."""
    return day + relativedelta(months=months)


def _parsed(rule: str, since: date) -> rrule:
    parsed = rrulestr(rule, dtstart=_moment(since))
    if not isinstance(parsed, rrule):
        raise TypeError("a set of rules")
    return parsed


def _moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a rule of days knows no time zone

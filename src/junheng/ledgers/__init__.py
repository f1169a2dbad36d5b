"""What happened: kinds of record declared in files, their records, what is owed of them, and when."""

from junheng.ledgers.calendar import Calendar
from junheng.ledgers.kind import Deadline, Duty, Field, Kind, Paper
from junheng.ledgers.library import Ledgers, read_ledgers, rows, shipped
from junheng.ledgers.obligation import Obligation, Subject, clocks_that_cannot_run, obligations
from junheng.ledgers.record import Correction, Evidence, Hand, Record, Step, Value, attach, correct, move, open_record

__all__ = [
    "Calendar",
    "Correction",
    "Deadline",
    "Duty",
    "Evidence",
    "Field",
    "Hand",
    "Kind",
    "Ledgers",
    "Obligation",
    "Paper",
    "Record",
    "Step",
    "Subject",
    "Value",
    "attach",
    "clocks_that_cannot_run",
    "correct",
    "move",
    "obligations",
    "open_record",
    "read_ledgers",
    "rows",
    "shipped",
]

"""Measures that are answered by records and documents: ledgers, duties that come again, safety messages, documents issued."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from junheng.actions.binding import MESSAGES, VISITS
from junheng.actions.plan import Binding, Measure
from junheng.actions.progress import Answer, Gap, not_known
from junheng.errors import Text
from junheng.ledgers import Kind, Record
from junheng.ledgers.recurrence import months_later, periods
from junheng.ledgers.topics import message_of
from junheng.store.entry import MASKED
from junheng.workflow.ledger_views import owed_of
from junheng.workflow.plan_desk import PlanDesk
from junheng.workflow.views.ledgers import Owed

_WEEKS = 4  # of safety messages that are looked back on
_MADE = ("made", "filed")  # states of a visit that took place
_LATE = ("overdue", "missing", "stale")


def of_ledger(desk: PlanDesk, measure: Measure, binding: Binding) -> Answer:
    """Return how many records of a kind are done: said to be, and seen by another; with everything that is open or late."""
    kind = desk.room.ledgers.kinds[binding.target]
    records = [one for one in desk.records(kind) if _chosen(kind, one, binding)]
    command = f"ledger list {kind.id}"
    if not records:
        reason = Text(f"“{kind.title.zh}”台账中没有相应的记录", f"no such record in the ledger “{kind.title.en}”")
        return not_known("list", reason, command)
    ends = ends_of(kind, binding)
    counted = [one for one in records if one.state not in ends.dropped]
    keys = {one.key for one in counted}
    owed = [one for one in owed_of(desk.room, kind, desk.records(kind)) if one.key in keys and one.standing in _LATE]
    if "done" in binding.options:
        return _summed(desk, kind, counted, binding, ends, owed)
    verified = [one for one in counted if one.state in ends.verified]
    claimed = [one for one in counted if one.state in ends.claimed]
    in_time = _aim(measure, binding) == "in_time"
    open_ = [one for one in counted if one not in verified]
    gaps = _gaps(desk, kind, [] if in_time else open_, owed)
    words = Text(
        f"“{kind.title.zh}”{len(counted)}件：核实办结{len(verified)}件，报告办结待核实{len(claimed)}件，逾期或久未办理{len(_keys(owed))}件",
        f"{kind.title.en}: {len(counted)} records, {len(verified)} verified, {len(claimed)} claimed, {len(_keys(owed))} overdue or stale",
    )
    return Answer(
        form="list",
        met=not owed if in_time else len(verified) == len(counted),
        shown=f"逾期{len(_keys(owed))}/{len(counted)}件" if in_time else f"{len(verified)}/{len(counted)}",
        sentence=words,
        basis=_basis(desk),
        value=Decimal(len(verified)),
        claimed=None if in_time else Decimal(len(verified) + len(claimed)),
        verified=Decimal(len(verified)),
        whole=Decimal(len(counted)),
        unit=Text("件", "records"),
        exceptions=tuple(gaps),
        command=command,
        unseen=in_time and len(verified) < len(counted),
    )


def _basis(desk: PlanDesk) -> Text:
    if desk.room.has_record:
        return Text(f"记录库，{desk.today}", f"the record, {desk.today}")
    return Text(f"各科室清单（ledgers/lists），{desk.today}", f"the offices’ lists, {desk.today}")


def _keys(owed: Iterable[Owed]) -> set[str]:
    return {one.key for one in owed}


def _aim(measure: Measure, binding: Binding) -> str:
    recurring = measure.due is not None and measure.due.kind == "recurrence"
    return binding.options.get("aim", "in_time" if recurring else "closed")


def _chosen(kind: Kind, record: Record, binding: Binding) -> bool:
    return all(_has(kind, record, field, value) for field, value in binding.where.items())


def _has(kind: Kind, record: Record, name: str, wanted: str) -> bool:
    """Return whether a field holds a value, by itself, as one of a list 甲、乙, or by the label of a choice."""
    field = kind.fields.get(name)
    held = str(record.values.get(name) if record.values.get(name) is not None else "")
    label = field.allowed[held].zh if field and held in field.allowed else held
    return wanted in (held, label, *held.split("、"))


class Ends(NamedTuple):
    """Which states of a kind are verified ends, which are claims that nobody has looked at, and which drop a record."""

    verified: frozenset[str]
    claimed: frozenset[str]
    dropped: frozenset[str]


def ends_of(kind: Kind, binding: Binding) -> Ends:
    """Read it off the moves: a claim is a move whose doer may not end the record; what ends without a claim was dropped."""
    claims = {name for move in kind.moves.values() if kind.states[move.to].end for name in move.apart_from}
    claimed = {kind.moves[name].to for name in claims if name in kind.moves and not kind.states[kind.moves[name].to].end}
    reached = _reached(kind, claimed)
    ends = {name for name, state in kind.states.items() if state.end}
    seen = {move.to for move in kind.moves.values() if move.to in ends and reached.intersection(move.start)} if claimed else ends
    given = {word.strip() for word in binding.options.get("states", "").split(",") if word.strip()}
    verified = given or seen
    return Ends(frozenset(verified), frozenset(reached - ends - {kind.start} - verified), frozenset(ends - seen - verified))


def _reached(kind: Kind, start: set[str]) -> set[str]:
    """Return the states that lie after a claim: the claim's own, and those onward that are not before it."""
    before = {state for move in kind.moves.values() if move.to in start for state in move.start}
    found, grown = set(start), True
    while grown:
        more = {move.to for move in kind.moves.values() if found.intersection(move.start)} - found - before
        found |= more
        grown = bool(more)
    return found


def _gaps(desk: PlanDesk, kind: Kind, open_: Sequence[Record], owed: Sequence[Owed]) -> list[Gap]:
    late = [Gap(what=_plain(one.named) or one.key, where=one.subject, owner=one.office, due=one.due, note=_late(one)) for one in owed]
    told = _keys(owed)
    rest = [
        Gap(
            what=_plain(str(one.values.get(kind.named) or "")) or one.key,
            where=desk.room.subject_name(kind, str(one.values.get(kind.about_field) or "")) if kind.about_field else "",
            owner=str(one.values.get(kind.office) or "") if kind.office else "",
            note=kind.states[one.state].label,
        )
        for one in open_
        if one.key not in told
    ]
    return [*late, *rest]


def _late(one: Owed) -> Text:
    return Text(f"{one.label.zh}{one.said.zh}", f"{one.label.en} {one.said.en}")


def _plain(named: str) -> str:
    return "" if named == MASKED else named


def _summed(desk: PlanDesk, kind: Kind, records: Sequence[Record], binding: Binding, ends: Ends, owed: Sequence[Owed]) -> Answer:
    """Return what the records themselves count: done of so many, as the offices wrote it."""
    done, of = binding.options["done"], binding.options.get("of", "")
    lacking = [one for one in records if one.values.get(done) is None or one.values.get(of) is None]
    if lacking:
        reason = Text(f"{len(lacking)}件没有填写已完成数或应完成数", f"{len(lacking)} records do not say how many")
        return not_known("list", reason, f"ledger list {kind.id}")
    claimed, whole = _sum(records, done), _sum(records, of)
    verified = _sum([one for one in records if one.state in ends.verified], done)
    label = kind.title
    return Answer(
        form="list",
        met=verified >= whole,
        shown=f"{verified.normalize():f}/{whole.normalize():f}",
        sentence=Text(
            f"“{label.zh}”应完成{whole.normalize():f}，报告完成{claimed.normalize():f}，其中核实{verified.normalize():f}",
            f"{label.en}: {whole.normalize():f} to be done, {claimed.normalize():f} claimed, {verified.normalize():f} of these verified",
        ),
        basis=_basis(desk),
        value=verified,
        claimed=claimed,
        verified=verified,
        whole=whole,
        exceptions=tuple(_gaps(desk, kind, [one for one in records if one.state not in ends.verified], owed)),
        command=f"ledger list {kind.id}",
    )


def _sum(records: Iterable[Record], field: str) -> Decimal:
    return sum((Decimal(str(one.values[field])) for one in records), Decimal(0))


# -- what comes again -------------------------------------------------------------------------------------------------


def of_schedule(desk: PlanDesk, binding: Binding) -> Answer:
    """Return what was held of what comes again and again, with every period and school that lacks it."""
    if binding.target in (MESSAGES, VISITS):
        return _messages(desk) if binding.target == MESSAGES else _visits(desk)
    kind = desk.room.ledgers.kinds[binding.target]
    records = desk.records(kind)
    command = f"ledger list {kind.id}"
    if not records:
        reason = Text(f"“{kind.title.zh}”台账中还没有记录", f"no record in the ledger “{kind.title.en}”")
        return not_known("list", reason, command)
    chosen = binding.options.get("duty", "")
    whole = sum(_asked(desk, kind, name) for name in kind.duties if chosen in ("", name))
    owed = [one for one in owed_of(desk.room, kind, records) if one.standing == "missing" and one.rule.startswith(f"duty.{chosen}")]
    held = whole - len(owed)
    gaps = [Gap(what=one.label.zh, where=one.subject or one.named, owner=one.office, due=one.due) for one in owed]
    return Answer(
        form="list",
        met=not owed,
        shown=f"{held}/{whole}",
        sentence=Text(
            f"“{kind.title.zh}”应办{whole}次，已办{held}次，缺{len(owed)}次",
            f"{kind.title.en}: {held} of {whole} held, {len(owed)} missing",
        ),
        basis=_basis(desk),
        value=Decimal(held),
        verified=Decimal(held),
        whole=Decimal(whole),
        unit=Text("次", "times"),
        exceptions=tuple(gaps),
        command=command,
    )


def _asked(desk: PlanDesk, kind: Kind, name: str) -> int:
    """Return how many periods have passed for how many of those whom a duty binds."""
    duty = kind.duties[name]
    bound = [one for one in desk.room.subjects(duty.each) if all(one.values.get(column) in values for column, values in duty.where.items())]
    since = date.fromisoformat(duty.since)
    terms = desk.room.ledgers.calendar.terms
    past = 0
    for period in periods(duty.rule, since, max(since, months_later(desk.today, -12)), desk.today):
        in_term = duty.only != "term" or any(term.first <= period.last and period.first <= term.last for term in terms)
        past += in_term and period.last + timedelta(days=duty.grace) < desk.today
    return past * len(bound)


def _visits(desk: PlanDesk) -> Answer:
    """Return the schools that inspectors visited as often in the last term that ended as the standard asks, and those that they did not."""
    kind = desk.room.ledgers.kinds["visit"]
    made = [one for one in desk.records(kind) if one.state in _MADE]
    ended = [term for term in desk.room.ledgers.calendar.terms if term.last < desk.today]
    if not made or not ended:
        return not_known("list", Text("没有到校督导的记录", "no visit is on record"), "schedule visits")
    term = ended[-1]
    rules = desk.office.rules_on(term.last)
    asked = int(rules.number("supervision.visits_per_term.minimum", unit="visits/term"))
    schools = {row["school"]: row["name"] for row in desk.county.tables["schools"].to_dicts() if row["kind"] != "kindergarten"}
    days = [(one.values.get("school"), one.values.get("day") or one.entered()) for one in made]
    within = [school for school, day in days if isinstance(day, date) and term.first <= day <= term.last]
    counts = {code: within.count(code) for code in schools}
    few = [code for code, count in counts.items() if count < asked]
    reached = len(schools) - len(few)
    gaps = [Gap(what=f"到校{counts[code]}次", where=schools[code], note=Text(f"应不少于{asked}次", f"at least {asked}")) for code in few]
    return Answer(
        form="list",
        met=not few,
        shown=f"{reached}/{len(schools)}",
        sentence=Text(
            f"{term.label.zh}{len(schools)}所学校中{reached}所到校督导不少于{asked}次",
            f"{term.label.en}: {reached} of {len(schools)} schools visited at least {asked} times",
        ),
        basis=_basis(desk),
        value=Decimal(reached),
        verified=Decimal(reached),
        whole=Decimal(len(schools)),
        unit=Text("所", "schools"),
        exceptions=tuple(gaps),
        command="ledger list visit",
    )


def _messages(desk: PlanDesk) -> Answer:
    """Return on how many of the last weeks' days without school the safety message was sent."""
    ledgers = desk.room.ledgers
    kind = ledgers.kinds["message"]
    sent = {one.values.get("day") for one in desk.records(kind) if one.values.get("sort") == "safety" and kind.states[one.state].end}
    days = [desk.today - timedelta(days=back) for back in range(1, 7 * _WEEKS + 1)]
    wanted = [one for day in days if (one := message_of(ledgers.rota, ledgers.calendar, day))]
    if not sent:
        reason = Text("还没有发送安全提醒的登记", "no safety message has been logged")
        return not_known("list", reason, "this-week")
    missing = [one for one in wanted if one.day not in sent]
    return Answer(
        form="list",
        met=not missing,
        shown=f"{len(wanted) - len(missing)}/{len(wanted)}",
        sentence=Text(
            f"近{_WEEKS}周{len(wanted)}个不上学的日子中，{len(wanted) - len(missing)}天登记了安全提醒",
            f"messages on {len(wanted) - len(missing)} of {len(wanted)} days without school in {_WEEKS} weeks",
        ),
        basis=_basis(desk),
        value=Decimal(len(wanted) - len(missing)),
        verified=Decimal(len(wanted) - len(missing)),
        whole=Decimal(len(wanted)),
        unit=Text("天", "days"),
        exceptions=tuple(Gap(what=one.topic.zh, note=one.why, due=one.day) for one in missing),
        command="this-week",
    )


# -- documents --------------------------------------------------------------------------------------------------------


def of_document(desk: PlanDesk, binding: Binding) -> Answer:
    """Return a document: of the authority's list, or the one that proves an item of a framework; verified when another has seen it."""
    if binding.target in desk.documents:
        one = desk.documents[binding.target]
        seen = f"，{one.verified_by}{one.verified_on or ''}核验" if one.verified_by else "，尚未核验"
        shown = one.number or one.title
        said = "，".join(word for word in (one.number, f"{one.day or '日期未填'}", one.office) if word)
        return Answer(
            form="document",
            met=bool(one.verified_by),
            shown=shown,
            sentence=Text(f"已印发《{one.title}》（{said}）{seen}", f"issued: {one.title} ({one.number})"),
            basis=Text("文件清单（actions/documents.csv）", "list of documents"),
            claimed=Decimal(1),
            verified=Decimal(bool(one.verified_by)),
            whole=Decimal(1),
            day=one.day,
        )
    rows = [row for row in desk.county.tables["evidence"].to_dicts() if row["item"] == binding.target]
    if rows:
        return _proof(desk, rows[0])
    if not desk.documents:
        return not_known("document", Text("没有文件清单（actions/documents.csv）", "there is no list of documents"))
    return Answer(
        form="document",
        met=False,
        shown="",
        sentence=Text("文件清单中还没有这份文件", "it is not in the list of documents"),
        basis=Text("文件清单（actions/documents.csv）", "list of documents"),
        claimed=Decimal(0),
        verified=Decimal(0),
        whole=Decimal(1),
        exceptions=(Gap(what=binding.target, note=Text("尚未登记", "not entered")),),
    )


def _proof(desk: PlanDesk, row: dict[str, object]) -> Answer:
    met = row["conclusion"] == "met"
    word = {"met": "达到", "partly": "部分达到", "missed": "未达到"}.get(str(row["conclusion"]), str(row["conclusion"]))
    title = str(row["document"] or "")
    said = "，".join(str(row[name]) for name in ("day", "office") if row[name]) or "日期未填"
    return Answer(
        form="document",
        met=met,
        shown=title,
        sentence=Text(f"《{title}》（{said}）：结论为{word}", f"{title}: {row['conclusion']}"),
        basis=Text(f"{desk.county.year}学年佐证表", f"table of proofs, {desk.county.year}"),
        claimed=Decimal(met),
        verified=Decimal(met),
        whole=Decimal(1),
        exceptions=() if met else (Gap(what=title, note=Text(word, str(row["conclusion"]))),),
        day=row["day"] if isinstance(row["day"], date) else None,
    )

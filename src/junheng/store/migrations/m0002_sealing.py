"""Sealed fields can be found again, by tags under keys that lie wrapped."""

from junheng.store.migration import op

revision = "m0002"
down_revision = "m0001"


def upgrade() -> None:
    """Make the tables of tags and of wrapped keys."""
    op.execute(
        "CREATE TABLE lookups (kind TEXT NOT NULL, field TEXT NOT NULL, tag TEXT NOT NULL, key TEXT NOT NULL,"
        " PRIMARY KEY (kind, field, tag, key))"
    )
    op.execute("CREATE INDEX lookups_by_key ON lookups (kind, key)")
    op.execute("CREATE TABLE sealing_keys (id BIGINT PRIMARY KEY, use TEXT NOT NULL, master TEXT NOT NULL, wrapped TEXT NOT NULL)")

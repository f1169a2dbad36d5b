"""What stands, and what happened."""

from junheng.store.migration import op

revision = "m0001"
down_revision = None


def upgrade() -> None:
    """Make the tables of entries and audit."""
    op.execute("CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL)")
    op.execute(
        "CREATE TABLE entries (kind TEXT NOT NULL, key TEXT NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, clear TEXT NOT NULL,"
        " sealed TEXT NOT NULL, levels TEXT NOT NULL, evidence TEXT NOT NULL, sequence BIGINT NOT NULL, PRIMARY KEY (kind, key))"
    )
    op.execute("CREATE INDEX entries_by_state ON entries (kind, state)")
    op.execute(
        "CREATE TABLE audit (sequence BIGINT PRIMARY KEY, batch BIGINT NOT NULL, at TEXT NOT NULL, office TEXT NOT NULL,"
        " person TEXT NOT NULL, purpose TEXT NOT NULL, verb TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL,"
        " version BIGINT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL, hash TEXT NOT NULL, replaced TEXT NOT NULL)"
    )
    op.execute("CREATE INDEX audit_by_key ON audit (kind, key)")
    op.execute("CREATE INDEX audit_removed ON audit (kind, key) WHERE verb = 'remove'")
    op.execute("CREATE INDEX audit_by_batch ON audit (batch)")

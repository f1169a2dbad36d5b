"""Data keys belong to a year, so that a year can be destroyed; those made before belong to none."""

from junheng.store.migration import op

revision = "m0004"
down_revision = "m0003"


def upgrade() -> None:
    """Add the year."""
    op.execute("ALTER TABLE sealing_keys ADD COLUMN year BIGINT NOT NULL DEFAULT 0")

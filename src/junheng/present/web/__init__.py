"""The dashboard: one HTML file that opens from disk, without a server, a network or anything beside it."""

from junheng.present.web.page import page

__all__ = ["page"]

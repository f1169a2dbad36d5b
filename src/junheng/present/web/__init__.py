"""The pages: HTML files that open from disk, without a server, a network or anything beside them."""

from junheng.present.web.foresight_page import foresight_page
from junheng.present.web.page import page

__all__ = ["foresight_page", "page"]

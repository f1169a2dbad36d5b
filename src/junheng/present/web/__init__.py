"""The pages: HTML files that open from disk, without a server, a network or anything beside them."""

from junheng.present.web.foresight_page import foresight_page
from junheng.present.web.page import page
from junheng.present.web.proposal_page import proposal_page

__all__ = ["foresight_page", "page", "proposal_page"]

"""The p-median problem: which p sites bring everybody nearest, with a proof."""

from junheng.planning.median.choose import Chosen, bound_at, choose_sites

__all__ = ["Chosen", "bound_at", "choose_sites"]

"""Compiled code that planners share; the only place that holds numba."""

"""Planners, each a folder: planner.yaml says what it offers, `propose` answers a brief, `faults` looks for what is wrong with an answer."""

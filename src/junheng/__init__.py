"""junheng 均衡: what a county promised its schools, measured, foreseen, proposed, followed and written down."""

__version__ = "0.1.0"

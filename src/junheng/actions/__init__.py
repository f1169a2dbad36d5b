"""What was decided: plans whose measures are bound to something that can be computed or shown."""

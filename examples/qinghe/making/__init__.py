"""How the fictitious county Qinghe is made: the same bytes on every run, because every draw is a hash of its own name."""

"""Which rows of two lists are the same person or school: rules in files, trained without labels, every decision explained."""

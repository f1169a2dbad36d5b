"""What we could do: proposals with cost, reason and a proven gap to the best possible."""

"""Who is missed: a roster of those who should, less those who did, and every line that is left over."""

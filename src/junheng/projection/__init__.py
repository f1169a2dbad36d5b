"""What is coming: how many pupils, where, and how sure one may be; the seats and teachers they will need."""

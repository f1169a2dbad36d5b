"""What we measure: indicators as data, one statement a framework, the one judge, and the trail of every figure."""

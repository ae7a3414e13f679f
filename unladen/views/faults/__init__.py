"""What became of each fault: expected against actual, from series of outcomes."""

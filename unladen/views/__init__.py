"""What stored results look like as text and as JSON."""

"""What lies in a results folder: asv's files, our records, verdicts."""

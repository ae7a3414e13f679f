"""Whether a commit is worse than another: what ``unladen gate`` and ``calibrate`` do."""

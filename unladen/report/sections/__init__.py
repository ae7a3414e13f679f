"""The sections of a report, one module a question. Each takes what was measured and gives its
section, or None if there is nothing to say."""

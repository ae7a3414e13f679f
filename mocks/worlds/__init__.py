"""The worlds of capabilities: one folder each, of what surrounds an SDK that has it."""

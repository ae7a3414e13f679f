"""The target loom: a runtime of narratives with sessions, turns, memory and rules."""

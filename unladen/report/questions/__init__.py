"""The sections about the suite's questions, in the words of any capability."""

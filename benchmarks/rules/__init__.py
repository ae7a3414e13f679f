"""Rules: files of rules are loaded and interpreted. How they are read and what is asked of it."""

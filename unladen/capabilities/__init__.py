"""What is particular to one capability, a folder each; nothing below imports from here."""

"""Text for people: units, dates, names, terminals."""

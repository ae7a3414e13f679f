"""The site of a target: what `asv publish` writes beside asv's own pages."""

"""Whatever replaces or reaches into asv."""

"""The capability *negotiation*. ``former_names.json``: what its series were called (old -> new)."""

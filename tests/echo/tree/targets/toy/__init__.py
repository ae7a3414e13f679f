"""The target toy: an SDK that echoes."""

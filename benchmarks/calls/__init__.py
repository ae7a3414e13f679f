"""What one call is, what it costs, how it ends, and how it is cancelled."""

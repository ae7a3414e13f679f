"""Finding the commit that changed a series, in few measurements."""

"""What a load of many users did: rows of requests, one each, made into a report."""

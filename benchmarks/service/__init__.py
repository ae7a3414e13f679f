"""Service: answering users over HTTP. How it runs virtually, and what only a service is asked."""

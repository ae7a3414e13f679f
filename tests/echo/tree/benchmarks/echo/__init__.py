"""Echo: one call to the model. Its workload and the questions asked of it."""

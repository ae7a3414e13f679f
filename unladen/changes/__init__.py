"""What changed in a history: the model, the detection, and how it is shown."""

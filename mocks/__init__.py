"""What stands in for the world: the clock, the model, the people. Imports no other room."""

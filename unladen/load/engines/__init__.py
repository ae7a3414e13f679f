"""What makes a load: other processes, which print its rows."""

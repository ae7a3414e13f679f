"""What people say that each commit does, and how right the detection is."""

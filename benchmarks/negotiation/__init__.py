"""The benchmarks of negotiation."""

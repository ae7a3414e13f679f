"""What all benchmarks share: series, cells, notes, the subject, workloads and their harness."""

"""What leaves a loop's thread, brought inside its virtual clock: threads, SSL contexts, escapes."""

"""How right the detection is: over labelled histories and over real noise, beside stock asv."""

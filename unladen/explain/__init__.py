"""What a commit's difference is made of: from the figure to the line."""

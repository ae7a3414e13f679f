"""The target openai-agents."""

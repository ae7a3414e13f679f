"""The target autogen-agentchat."""

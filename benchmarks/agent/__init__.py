"""Agents with instructions, tools and a model: what each SDK that has them does for an errand."""

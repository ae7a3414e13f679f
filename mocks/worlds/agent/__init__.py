"""The world of an SDK that has agents: errands for them, a model with a script, tools that it uses.

An agent, whatever the SDK: it has instructions, tools and a model; it is asked for something, the
model calls tools until it knows enough, and answers.
"""

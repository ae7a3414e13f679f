"""The OpenAI-compatible chat-completions protocol, from both sides, over real HTTP.

``mocks.openai.client``: a model that asks a real endpoint; ``mocks.openai.server``: an endpoint
that is answered by the mock model's script, started by ``python -m mocks.openai``.
"""

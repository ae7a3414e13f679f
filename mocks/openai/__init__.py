"""The protocols in which models are asked over HTTP, from both sides.

``mocks.openai.client``: a model that asks a real endpoint, by chat completions;
``mocks.openai.server``: an endpoint that is answered by a ``mocks.model.Model``, on any loop, or by
``python -m mocks.openai``. ``answers`` decides what is said and ``said`` in which form; ``chat``,
``responses``, ``messages`` and ``embeddings`` word it; ``handler`` asks the model and sends.
"""

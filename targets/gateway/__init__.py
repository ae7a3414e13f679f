"""llmGateway, a multi-user gateway to a model, over its history."""

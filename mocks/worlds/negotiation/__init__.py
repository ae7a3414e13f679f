"""The world of negotiation: people who want and offer something, and what the model says to them.

A negotiation, whatever the SDK: a user's demand is *formulated* (one call), matching agents each
make an *offer* (one call an agent), a *center* reads the offers and calls tools in rounds until it
puts out a plan.
"""

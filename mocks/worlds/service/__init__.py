"""The world of a service: its users, what they ask, the traffic that they make, the model's words.

Virtual and real loads share all of it, and write the same ``Row`` for each request.
"""

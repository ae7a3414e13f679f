"""What drivers offer: one module a capability, with its protocol and what a result of it is."""

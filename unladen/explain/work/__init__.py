"""What a difference of executed bytecodes is made of."""

"""What a label asks for: who may have it, what is tested, and when."""

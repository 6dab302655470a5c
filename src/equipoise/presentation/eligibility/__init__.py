"""What a label rules out or leaves open for one person, as text and in machine form."""

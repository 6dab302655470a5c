"""Questions to a person, and what reads, checks and writes the answers: a file, a terminal or a web form."""

"""Which option fits what matters to a person: criteria, values, and acceptability over all plausible worlds."""

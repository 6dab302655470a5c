"""A whole population: synthetic panels, storage, and the rules of ``safety`` as one dataframe expression."""

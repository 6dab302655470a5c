"""Pairwise and network meta-analysis. Knows no medicine."""

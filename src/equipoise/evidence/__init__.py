"""Curated facts: typed, immutable, checked, each with its source."""

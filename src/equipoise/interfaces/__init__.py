"""The faces that people and programs meet."""

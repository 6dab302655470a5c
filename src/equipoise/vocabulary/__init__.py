"""Words, numbers and errors that every other layer shares."""

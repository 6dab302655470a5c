"""One sitting, one document."""

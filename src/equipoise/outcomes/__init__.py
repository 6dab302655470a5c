"""What may happen to someone like me: baseline risk times relative effect, in absolute numbers, as draws."""

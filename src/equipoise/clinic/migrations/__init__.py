"""The steps that bring a book's tables to what this version needs."""

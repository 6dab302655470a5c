"""The page for a visit: its two sides as data, fitted to one sheet, as PDF and HTML."""

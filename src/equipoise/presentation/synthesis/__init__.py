"""The report of a synthesis: pictures, methods, text, HTML and machine form."""

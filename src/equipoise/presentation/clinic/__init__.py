"""What a clinic's book shows: its pages, lists, exports and machine form."""

"""A monitoring plan: by day, as text, calendar, FHIR, page and in machine form."""

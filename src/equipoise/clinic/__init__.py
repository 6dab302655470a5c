"""The clinic's book: people under monitoring, what was given, found and done, and what is due."""

from equipoise.clinic.audit import AuditReport, BrokenLink
from equipoise.clinic.book import Book, Desk, create_book, open_book
from equipoise.clinic.errors import ClinicError
from equipoise.clinic.users import Role

__all__ = ["AuditReport", "Book", "BrokenLink", "ClinicError", "Desk", "Role", "create_book", "open_book"]

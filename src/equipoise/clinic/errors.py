"""What can go wrong with a clinic's book, each a sentence to act on."""

from __future__ import annotations

from equipoise.vocabulary.errors import EquipoiseError


class ClinicError(EquipoiseError):
    """Something about the clinic's book that the person in front of the screen can mend."""


class BookMissingError(ClinicError):
    """There is no book at the address given, or what is there is none."""


class BookLockedError(ClinicError):
    """Somebody else is writing and did not finish in time; nothing was written."""


class DiskFullError(ClinicError):
    """The disk has no room; what was being written was undone as a whole."""


class NewerBookError(ClinicError):
    """The book was written by a newer Equipoise; this one leaves it alone."""


class SignInError(ClinicError):
    """The clinic, the user or the password is not right; the message never says which of the last two."""


class RoleError(ClinicError):
    """The user's role does not allow this."""


class EntryError(ClinicError):
    """An entry cannot be written as it stands: unknown person, wrong unit, a day to come."""


class ImportFaultsError(ClinicError):
    """A file of results holds faults; nothing of it was imported."""

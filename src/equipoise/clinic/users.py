"""Who may do what: roles, and passwords that are kept as Argon2 hashes only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from equipoise.clinic.errors import RoleError, SignInError

SHORTEST_PASSWORD = 8
"""NIST SP 800-63B, 5.1.1.1: at least eight characters, and no rule about which."""

_HASHER = PasswordHasher()


class Role(StrEnum):
    """What someone is in the clinic."""

    NURSE = "nurse"
    NEUROLOGIST = "neurologist"
    READ_ONLY = "read-only"


class Act(StrEnum):
    """What may be asked of the book."""

    READ = "read"
    RECORD = "record"
    MANAGE = "manage users"


_MAY = {
    Role.READ_ONLY: frozenset([Act.READ]),
    Role.NURSE: frozenset([Act.READ, Act.RECORD]),
    Role.NEUROLOGIST: frozenset([Act.READ, Act.RECORD, Act.MANAGE]),
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Someone who has signed in to one clinic.

    Attributes
    ----------
    clinic_id, clinic
        Id and name of the clinic.
    name, role
        Who, and as what.
    """

    clinic_id: str
    clinic: str
    name: str
    role: Role

    def needs(self, act: Act) -> None:
        """Refuse what the role does not allow.

        Raises
        ------
        RoleError
            If it does not.
        """
        if act not in _MAY[self.role]:
            allowed = ", ".join(role for role in Role if act in _MAY[role])
            raise RoleError(
                f"'{self.name}' may not do this: the role is '{self.role}'.\n"
                f"  allowed: {allowed}\n  do:      sign in as somebody with such a role, with '--as USER'"
            )


def role_of(text: str) -> Role:
    """Return the role of a name.

    Raises
    ------
    RoleError
        If there is no such role.
    """
    try:
        return Role(text.strip().lower())
    except ValueError:
        raise RoleError(f"there is no role '{text}'.\n  allowed: {', '.join(Role)}") from None


def hashed(password: str) -> str:
    """Return the Argon2 hash of a password, empty for an empty one.

    Raises
    ------
    SignInError
        If the password is shorter than ``SHORTEST_PASSWORD``.
    """
    if not password:
        return ""
    if len(password) < SHORTEST_PASSWORD:
        raise SignInError(
            f"the password is too short.\n  allowed: {SHORTEST_PASSWORD} characters or more; any characters will do"
        )
    return _HASHER.hash(password)


def is_right(password: str, password_hash: str) -> bool:
    """Whether a password belongs to a hash; nothing but an empty one belongs to an empty hash."""
    if not password_hash:
        return not password
    try:
        return _HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False

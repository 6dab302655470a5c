"""Questions to a person, and what reads, checks and writes the answers: a file, a terminal or a web form."""

from __future__ import annotations

from equipoise.forms.asking import Asked, ask
from equipoise.forms.faults import Fault, FormError
from equipoise.forms.files import Document, load_file
from equipoise.forms.questions import UNKNOWN, Answers, Form, Kind, Question, Word
from equipoise.forms.reading import examine, read_answers
from equipoise.forms.schema import json_schema
from equipoise.forms.writing import as_toml

__all__ = [
    "UNKNOWN",
    "Answers",
    "Asked",
    "Document",
    "Fault",
    "Form",
    "FormError",
    "Kind",
    "Question",
    "Word",
    "as_toml",
    "ask",
    "examine",
    "json_schema",
    "load_file",
    "read_answers",
]

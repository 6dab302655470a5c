"""Where the faces are put together: the command line, and from it the pages for a person and for a clinic.

No face imports another; this module stands above them and is the only one that knows all.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from equipoise.interfaces.cli import app, run, selfscore

if TYPE_CHECKING:
    from equipoise.presentation.selfscore.bench import Answer
from equipoise.interfaces.cli.clinic import clinic_app
from equipoise.interfaces.cli.clinic_options import HERE, DatabaseOption, KeyOption, secret


@app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Start the web page on this machine and print its address. Nothing leaves the machine.

    Example: equipoise serve --port 8000 --open
    """
    from equipoise.interfaces.web import serve as start

    start(port=port, open_browser=open_browser)


@clinic_app.command("serve")
def serve_clinic(
    database: DatabaseOption = HERE,
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 takes a free one.", min=0, max=65535)] = 8010,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
    key_file: KeyOption = None,
) -> None:
    """Start the clinic's pages on this machine and print their address. Everybody signs in with a password.

    Example: equipoise clinic serve --database north.db --port 8010 --open
    """
    from equipoise.clinic import open_book
    from equipoise.interfaces.clinic_web import create_app
    from equipoise.interfaces.web import serve_app

    book = open_book(database, key=secret(key_file))
    try:
        serve_app(lambda: create_app(book), "The clinic's book", port=port, open_browser=open_browser)
    finally:
        book.close()


def _page(address: str) -> Answer:
    from equipoise.interfaces.web.asking import page
    from equipoise.presentation.selfscore.bench import Answer

    answered = page(address)
    return Answer(answered.status, answered.headers, answered.body)


selfscore.ask_pages_of(_page)


def main() -> None:
    """Run the ``equipoise`` command."""
    # Every matrix here is small. Several threads of linear algebra then wait for each other more than they compute:
    # ten times slower on a busy machine with two cores, no faster on a quiet one. Whoever sets it keeps it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    run()


if __name__ == "__main__":
    main()

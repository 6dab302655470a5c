"""Where the faces are put together: the command line, and from it the web page.

No face imports another; this module stands above them and is the only one that knows both.
"""

from __future__ import annotations

import os
from typing import Annotated

import typer

from equipoise.interfaces.cli import app, run


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


def main() -> None:
    """Run the ``equipoise`` command."""
    # Every matrix here is small. Several threads of linear algebra then wait for each other more than they compute:
    # ten times slower on a busy machine with two cores, no faster on a quiet one. Whoever sets it keeps it.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    run()


if __name__ == "__main__":
    main()

"""Run the blocks given as JSON on stdin, in one namespace; print what each of them printed, as JSON."""

import contextlib
import io
import json
import sys

namespace: dict[str, object] = {"__name__": "__main__"}
outputs = []
for step in json.load(sys.stdin):
    code = "\n" * (step["line"] - 1) + step["code"]  # so that a traceback names the line of the page
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code, step["place"], "exec"), namespace)  # noqa: S102 - running the page is the purpose
    outputs.append(printed.getvalue())
json.dump(outputs, sys.stdout)

"""``python serve.py MODEL_URL PORT WORKERS``: parley's service as a real process.

Each worker is a process of its own that imports this module; what it needs is in the environment.
"""

from __future__ import annotations

import importlib
import os
import sys
from typing import Any

KEY, MODEL = "a key", "unladen-mock"

_VARIABLE = "UNLADEN_PARLEY_MODEL_URL"


def application() -> Any:
    """The service of one process."""
    return importlib.import_module("parley.web").Web(os.environ[_VARIABLE], KEY, MODEL)


def main() -> None:
    """Serve until a signal comes."""
    uvicorn: Any = importlib.import_module("uvicorn")
    url, port, workers = sys.argv[1:]
    os.environ[_VARIABLE] = url
    uvicorn.run(
        "serve:application",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        workers=int(workers),
        log_level="warning",
    )


if __name__ == "__main__":
    main()

"""``python -m floor.serve --model URL --database FILE --port N``: the floor's service."""

from __future__ import annotations

import argparse

import uvicorn
from floor.service import Service


def main() -> None:
    """Serve until a signal comes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="base URL of the model")
    parser.add_argument("--database", required=True, help="file of what was said")
    parser.add_argument("--port", type=int, required=True)
    options = parser.parse_args()
    service = Service(options.model, options.database)
    uvicorn.run(service.app, host="127.0.0.1", port=options.port, log_level="warning")


if __name__ == "__main__":
    main()

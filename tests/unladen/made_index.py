"""A package index on this machine: a folder of small wheels, served as PyPI serves them, with the
times of their uploads."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

_JSON = "application/vnd.pypi.simple.v1+json"

_DATE = (2025, 1, 1, 0, 0, 0)
"""Of the files in a wheel: the same wheel has the same bytes each time."""


@dataclass
class MadeIndex:
    """``url``: for ``PIP_INDEX_URL``; ``asked``: the paths of all requests."""

    folder: Path
    url: str = ""
    asked: list[str] = field(default_factory=list)
    _projects: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def upload(
        self,
        name: str,
        version: str,
        day: str,
        files: Mapping[str, str],
        *,
        needs: tuple[str, ...] = (),
        python: str = ">=3.8",
        yanked: str = "",
    ) -> None:
        """Add a wheel with these files. ``day``: ``2025-01-31``, at noon."""
        wheel = self.folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
        _write_wheel(wheel, name, version, files, needs, python)
        self.add(wheel, name, day, python, yanked)

    def add(
        self, wheel: Path, name: str, day: str, python: str = ">=3.8", yanked: str = ""
    ) -> None:
        """Add a wheel that is there."""
        content = wheel.read_bytes()
        (self.folder / wheel.name).write_bytes(content)
        described = {
            "filename": wheel.name,
            "url": f"../../files/{wheel.name}",
            "hashes": {"sha256": hashlib.sha256(content).hexdigest()},
            "requires-python": python,
            "upload-time": f"{day}T12:00:00.000000Z",
            "size": len(content),
            "yanked": yanked or False,
        }
        self._projects.setdefault(name, []).append(described)

    def add_installed(self, name: str, day: str) -> None:
        """Add the wheel that a distribution of this Python was installed from."""
        found = distribution(name)
        wheel = self.folder / f"{name.replace('-', '_')}-{found.version}-py3-none-any.whl"
        with zipfile.ZipFile(wheel, "w") as archive:
            for file in found.files or ():
                if file.suffix != ".pyc" and ".." not in file.parts:
                    archive.writestr(zipfile.ZipInfo(str(file), _DATE), file.read_binary())
        self.add(wheel, name.replace("_", "-"), day)

    def remove(self, name: str, version: str) -> None:
        """As if a release had been deleted."""
        files = self._projects[name]
        self._projects[name] = [one for one in files if f"-{version}-" not in one["filename"]]

    def page(self, name: str) -> bytes | None:
        """What the simple API says of a project."""
        files = self._projects.get(name)
        if files is None:
            return None
        versions = sorted({one["filename"].split("-")[1] for one in files})
        said = {"meta": {"api-version": "1.1"}, "name": name, "versions": versions, "files": files}
        return json.dumps(said).encode()


@contextmanager
def serving(folder: Path) -> Iterator[MadeIndex]:
    """An index that is there within the block."""
    index = MadeIndex(folder)
    folder.mkdir(exist_ok=True)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            index.asked.append(self.path)
            parts = self.path.strip("/").split("/")
            content, kind = None, _JSON
            if parts[0] == "simple" and len(parts) == 2:
                content = index.page(parts[1])
            elif parts[0] == "files" and (index.folder / parts[-1]).is_file():
                content, kind = (index.folder / parts[-1]).read_bytes(), "application/zip"
            self.send_response(404 if content is None else 200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content or b"")))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content or b"")

        do_HEAD = do_GET

        def log_message(self, format: str, *arguments: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: Any, client_address: Any) -> None:
            pass  # uv hangs up when it has read enough of a wheel

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    index.url = f"http://127.0.0.1:{server.server_port}/simple"
    try:
        yield index
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _write_wheel(
    wheel: Path,
    name: str,
    version: str,
    files: Mapping[str, str],
    needs: tuple[str, ...],
    python: str,
) -> None:
    info = f"{name.replace('-', '_')}-{version}.dist-info"
    metadata = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    metadata += [f"Requires-Python: {python}", *(f"Requires-Dist: {one}" for one in needs), ""]
    tags = ["Wheel-Version: 1.0", "Generator: made", "Root-Is-Purelib: true", "Tag: py3-none-any"]
    texts = {
        **files,
        f"{info}/METADATA": "\n".join(metadata),
        f"{info}/WHEEL": "\n".join([*tags, ""]),
    }
    record = [f"{path},sha256={_digest(text)},{len(text.encode())}" for path, text in texts.items()]
    texts[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""])
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in texts.items():
            archive.writestr(zipfile.ZipInfo(path, _DATE), text)


def _digest(text: str) -> str:
    found = hashlib.sha256(text.encode()).digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode()

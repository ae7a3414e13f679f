"""A headless Chromium without a network, which notes every request and every script error.

Debian's packages chromium and chromium-driver, driven by selenium. Importing that takes a second of
each process of the tests, so only those that start a browser do.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from selenium import webdriver
    from selenium.webdriver.remote.webelement import WebElement
    from selenium.webdriver.support.ui import WebDriverWait

CSS = "css selector"
"""How elements are looked for, in WebDriver's words."""

PATIENCE = 30
"""Seconds after which something that should appear is missing, on the slowest machine."""

DESKTOP = (1280, 900)
PHONE = (360, 740)

SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
    "--no-default-browser-check",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
    # No name has an address, not even localhost.
    "--host-resolver-rules=MAP * ~NOTFOUND",
)

NO_DIALOGS = """
window.PWNED = [];
for (const name of ["alert", "confirm", "prompt", "print", "open"]) {
  window[name] = (...said) => { window.PWNED.push(name + ": " + said.join(" ")); return null; };
}
"""
"""Runs before every page: what would open a window is noted instead."""


def programs() -> tuple[str, str] | None:
    """The browser and its driver; None if one of them is not installed."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@dataclass
class Page:
    """A browser with one page open.

    ``requests``, ``errors``: everything since the browser began, kept up to date by ``look``.
    """

    driver: webdriver.Chrome
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, file: Path, fragment: str = "") -> None:
        """Load a file, afresh even if it is open already."""
        self.driver.get("about:blank")
        self.driver.get(file.as_uri() + fragment)

    def reset(self) -> None:
        """An empty page, light, as on a desktop, and empty logs."""
        self.driver.get("about:blank")
        self.resize(DESKTOP)
        self.colours("light")
        self.look()
        self.requests.clear()
        self.errors.clear()

    @property
    def address(self) -> str:
        """Where the browser is."""
        return str(self.driver.current_url)

    def all(self, selector: str) -> list[WebElement]:
        """The elements, visible or not."""
        return list(self.driver.find_elements(CSS, selector))

    def wait(self, selector: str, number: int = 1) -> list[WebElement]:
        """At least so many visible elements, once they are there."""

        def found(_: Any) -> list[WebElement] | None:
            shown = [element for element in self.all(selector) if element.is_displayed()]
            return shown if len(shown) >= number else None

        return self._patience(Exception).until(found, f"there is no {selector}")

    def click(self, element: WebElement) -> None:
        """Click an element once it stays where it is: what is laid out only when it comes into
        view moves what is below."""
        self.run("arguments[0].scrollIntoView({ block: 'center', behavior: 'instant' })", element)
        place = "const r = arguments[0].getBoundingClientRect(); return [r.x, r.y]"
        frames = "requestAnimationFrame(() => requestAnimationFrame(() => arguments[0]()))"

        def stays(_: Any) -> bool:
            before = self.run(place, element)
            self.run_async(frames)
            return bool(self.run(place, element) == before)

        self._patience().until(stays, "it never stays where it is")
        element.click()

    def until(self, script: str, *values: Any) -> Any:
        """The value of an expression once it is true."""
        wanted = f"return {script}"
        return self._patience().until(lambda _: self.run(wanted, *values), f"never: {script}")

    def _patience(self, *ignored: type[Exception]) -> WebDriverWait[webdriver.Chrome]:
        from selenium.webdriver.support.ui import WebDriverWait

        return WebDriverWait(self.driver, PATIENCE, ignored_exceptions=ignored)

    def run(self, script: str, *values: Any) -> Any:
        """The value that a script returns."""
        return self.driver.execute_script(script, *values)

    def run_async(self, script: str, *values: Any) -> Any:
        """The value that a script hands to its last argument."""
        self.driver.set_script_timeout(PATIENCE)
        return self.driver.execute_async_script(script, *values)

    def command(self, name: str, **values: Any) -> Any:
        """A DevTools command."""
        return self.driver.execute_cdp_cmd(name, values)

    def resize(self, size: tuple[int, int]) -> None:
        """Set the size of the page, which may be narrower than any window."""
        width, height = size
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def colours(self, scheme: str) -> None:
        """``light`` or ``dark``; and no smooth scrolling, during which a click would miss."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.command("Emulation.setEmulatedMedia", features=features)

    def look(self) -> None:
        """Read the browser's logs. Pages whose logs were not read keep them."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])
            elif message["method"] == "Network.webSocketCreated":
                self.requests.append(message["params"]["url"])
        for entry in self.driver.get_log("browser"):
            if entry["level"] in ("SEVERE", "WARNING"):
                self.errors.append(entry["message"])

    def outside(self, root: Path) -> list[str]:
        """The requests that left the folder ``root``; those to other files of it are none."""
        own = root.as_uri() + "/"
        return [
            url
            for url in self.requests
            if not url.startswith((own, "data:", "about:", "blob:")) or ".." in url
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.run("return document.documentElement.scrollWidth - innerWidth"))


@contextmanager
def chromium(profile: Path, scripts: Sequence[str] = (NO_DIALOGS,)) -> Iterator[Page]:
    """Start a browser; ``scripts`` run in every page before its own. ``profile``: a new folder."""
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    found = programs()
    if found is None:
        raise FileNotFoundError("chromium and chromedriver must be installed")
    options = Options()
    options.binary_location = found[0]
    for switch in (*SWITCHES, f"--user-data-dir={profile}"):
        options.add_argument(switch)
    logs = {"browser": "ALL", "performance": "ALL"}
    options.set_capability("goog:loggingPrefs", logs)
    # Selenium would look for drivers on the network, and report its use.
    os.environ.update(SE_OFFLINE="true", SE_AVOID_STATS="true")
    driver = webdriver.Chrome(options=options, service=Service(executable_path=found[1]))
    try:
        page = Page(driver)
        page.command("Network.enable")
        page.command(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=0,
            uploadThroughput=0,
        )
        for script in scripts:
            page.command("Page.addScriptToEvaluateOnNewDocument", source=script)
        page.resize(DESKTOP)
        yield page
    finally:
        driver.quit()

# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A headless Chromium, driven by a few words of its own protocol."""

import base64
import contextlib
import itertools
import json
import resource
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find():
    """The path of a Chromium on this machine, or None."""
    return next(filter(None, map(shutil.which, EXECUTABLES)), None)


def _unlimited_memory():
    """Odoo limits the addresses of its process, Chromium reserves a great many."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (hard, hard))


class Chromium:
    """One browser with one tab; a context manager."""

    def __init__(self, width=1100, height=900, lang="fr-FR"):
        self._profile = tempfile.mkdtemp(prefix="chromium-")
        self._process = subprocess.Popen(
            [
                find(),
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                f"--lang={lang}",
                f"--window-size={width},{height}",
                f"--user-data-dir={self._profile}",
                "--remote-debugging-port=0",
                "--remote-allow-origins=*",
                "about:blank",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=_unlimited_memory,
        )
        self._ids = itertools.count(1)
        with contextlib.ExitStack() as on_failure:
            on_failure.callback(self._end)
            address = self._tab_address()
            self._socket = websocket.create_connection(address, timeout=30)
            on_failure.pop_all()
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """End the browser and forget its profile."""
        self._socket.close()
        self._end()

    def _end(self):
        self._process.terminate()
        self._process.wait(timeout=10)
        shutil.rmtree(self._profile, ignore_errors=True)

    def call(self, method, **params):
        """Send a command of the protocol, and wait for its answer."""
        number = next(self._ids)
        self._socket.send(
            json.dumps({"id": number, "method": method, "params": params})
        )
        while True:
            message = json.loads(self._socket.recv())
            if message.get("id") != number:
                continue
            if "error" in message:
                raise AssertionError(f"{method}: {message['error']['message']}")
            return message["result"]

    def open(self, url):
        """Go to an address, and wait until the page is loaded."""
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState == 'complete'")

    def run(self, script):
        """The value of a JavaScript expression in the page (promises are awaited)."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", details))
        return answer["result"].get("value")

    def wait_for(self, condition, seconds=15):
        """Wait until a JavaScript expression is true, and give its value."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                value = self.run(condition)
            except AssertionError:
                value = None  # The page is changing.
            if value:
                return value
            time.sleep(0.1)
        raise AssertionError(f"never true in {seconds} s: {condition}")

    def fill(self, selector, text):
        """Type into a field, as a person: with its events."""
        self.wait_for(f"!!document.querySelector({json.dumps(selector)})")
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.run(f"document.querySelector({json.dumps(selector)}).select()")
        self.call("Input.insertText", text=text)

    def click(self, selector):
        """Click on an element, once it is there."""
        self.wait_for(f"!!document.querySelector({json.dumps(selector)})")
        self.run(f"document.querySelector({json.dumps(selector)}).click()")

    @property
    def url(self):
        """Where the tab is."""
        return self.run("location.href")

    def screenshot(self, path):
        """Write a picture of the page."""
        shot = self.call("Page.captureScreenshot", format="png")
        Path(path).write_bytes(base64.b64decode(shot["data"]))

    def _tab_address(self):
        """The websocket of the first tab."""
        port_file = Path(self._profile) / "DevToolsActivePort"
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if port_file.exists() and (lines := port_file.read_text().split()):
                with urllib.request.urlopen(
                    f"http://127.0.0.1:{lines[0]}/json", timeout=5
                ) as answer:
                    tabs = [t for t in json.load(answer) if t["type"] == "page"]
                if tabs:
                    return tabs[0]["webSocketDebuggerUrl"]
            time.sleep(0.1)
        raise AssertionError("Chromium did not start")

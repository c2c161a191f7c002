# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A browser without screen, driven by a few words of its own protocol.

It clicks where a person would: an element that is hidden, disabled or covered is not
clicked but told. An element is named by a CSS selector, or by what it says:
``"text=Acheter la formation"``. Only this machine's own addresses can be reached.
Needs the ``websocket-client`` package, so it is imported in the virtual environment.
"""

import base64
import itertools
import json
import shutil
import subprocess
import tempfile
import time
import urllib.request
from pathlib import Path

import websocket

from .packages import browser

TIMEOUT = 30
LOADING = 120  # the first page builds its assets
PAUSE = 0.1
SWITCHES = (
    "--headless=new",
    "--no-sandbox",  # refused to root, who runs this in containers
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
SETTLED = "new Promise(done => requestAnimationFrame(() => setTimeout(done, 200)))"
FIND = (Path(__file__).parent / "browser_find.js").read_text().strip().rstrip(";")


class Stuck(AssertionError):
    """The page did not become what the journey waited for."""


class Browser:
    """One browser with one tab; a context manager."""

    def __init__(self, width=1280, height=1000, lang="fr-FR"):
        self.errors = []
        self._ids = itertools.count(1)
        self._profile = tempfile.mkdtemp(prefix="browser-")
        size, profile = f"--window-size={width},{height}", self._profile
        self._process = subprocess.Popen(
            [browser(), *SWITCHES, f"--lang={lang}", f"--accept-lang={lang}"]
            + [size, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = websocket.create_connection(self._tab_address(), timeout=60)
        for domain in ("Page", "Runtime"):
            self.call(f"{domain}.enable")

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.close()

    def close(self):
        """End the browser and forget its profile."""
        self._socket.close()
        self._process.terminate()
        self._process.wait(timeout=10)
        shutil.rmtree(self._profile, ignore_errors=True)

    # What a person does

    def open(self, url):
        """Go to an address, and wait until the page is loaded."""
        self.call("Page.navigate", url=url)
        self.wait_for("document.readyState == 'complete'", LOADING)

    def click(self, target):
        """Press the mouse on an element, once it is there and can be pressed."""
        place = self._find(target, "place")
        for kind in ("mousePressed", "mouseReleased"):
            self.call(
                "Input.dispatchMouseEvent",
                type=kind,
                x=place["x"],
                y=place["y"],
                button="left",
                clickCount=1,
            )

    def fill(self, target, text):
        """Type a text in a field in the place of what it holds."""
        self.click(target)
        self._find(target, "select")
        self.call("Input.insertText", text=str(text))

    def choose(self, target, label):
        """Choose in a drop-down list the line that says ``label``."""
        self._find(target, "choose", label)

    def press(self, key):
        """Press a key by its name: Enter, Tab, Escape."""
        codes = {"Enter": (13, "\r"), "Tab": (9, ""), "Escape": (27, "")}
        code, text = codes[key]
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode=code,
                **({"text": text} if text and kind == "keyDown" else {}),
            )

    # What a person sees

    def wait(self, target, seconds=TIMEOUT):
        """Wait until an element is seen."""
        return self._find(target, "see", seconds=seconds)

    def wait_gone(self, target, seconds=TIMEOUT):
        """Wait until an element is no longer seen."""
        self.wait_for(f"!({FIND})({json.dumps(target)}, 'see').found", seconds)

    def text(self, target="body"):
        """Return what an element says."""
        return self._find(target, "text")

    def wait_for(self, condition, seconds=TIMEOUT):
        """Wait until a JavaScript expression is true, and return its value."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            value = self._try(condition)
            if value:
                return value
            time.sleep(PAUSE)
        raise Stuck(f"{self.url}: not true in {seconds} s: {condition[-300:]}")

    @property
    def url(self):
        """Where the tab is."""
        return self.run("location.href")

    def screenshot(self, path, whole=False):
        """Write a picture of what is seen, or of the whole page."""
        shot = self.call(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole
        )
        Path(path).write_bytes(base64.b64decode(shot["data"]))
        if whole:
            # The page was as tall as its content: let it take its place again.
            self.run(SETTLED)

    # The protocol

    def run(self, script):
        """Return the value of a JavaScript expression (promises are awaited)."""
        answer = self.call(
            "Runtime.evaluate",
            expression=script,
            returnByValue=True,
            awaitPromise=True,
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise AssertionError(details.get("exception", details).get("description"))
        return answer["result"].get("value")

    def call(self, method, **params):
        """Send a command of the protocol, and return its answer."""
        number = next(self._ids)
        message = {"id": number, "method": method, "params": params}
        self._socket.send(json.dumps(message))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("method") == "Runtime.exceptionThrown":
                self._note(answer["params"]["exceptionDetails"])
            if answer.get("id") != number:
                continue
            if "error" in answer:
                raise AssertionError(f"{method}: {answer['error']['message']}")
            return answer["result"]

    def _note(self, details):
        said = details.get("exception", {}).get("description") or details["text"]
        self.errors.append(said.splitlines()[0])

    def _find(self, target, action, argument=None, seconds=TIMEOUT):
        words = ", ".join(json.dumps(word) for word in (target, action, argument))
        deadline = time.monotonic() + seconds
        answer = None
        while time.monotonic() < deadline:
            answer = self._try(f"({FIND})({words})") or answer
            if answer and answer["found"]:
                return answer["value"]
            time.sleep(PAUSE)
        reason = answer["reason"] if answer else "the page did not answer"
        raise Stuck(f"{self.url}: {target}: {reason} (after {seconds} s)")

    def _try(self, script):
        """Return the value, or None while the page is changing."""
        try:
            return self.run(script)
        except AssertionError:
            return None

    def _tab_address(self):
        port_file = Path(self._profile) / "DevToolsActivePort"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if port_file.exists() and (lines := port_file.read_text().split()):
                address = f"http://127.0.0.1:{lines[0]}/json"
                with urllib.request.urlopen(address, timeout=5) as answer:
                    tabs = [tab for tab in json.load(answer) if tab["type"] == "page"]
                if tabs:
                    return tabs[0]["webSocketDebuggerUrl"]
            time.sleep(PAUSE)
        raise Stuck("the browser did not start")

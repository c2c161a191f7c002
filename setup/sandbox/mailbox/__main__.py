# Copyright 2026 Training Marketplace contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""A mail server that delivers nothing: every letter is kept, and read in a browser.

``python setup/sandbox/mailbox --port 8071 --smtp-port 8072 --folder FOLDER``
"""

import argparse
import threading
from pathlib import Path

import pages
import smtp
from letters import Letters

HOST = "127.0.0.1"


def main() -> None:
    """Receive on one port and show on the other, until a signal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="of the web page")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True, help="of the letters")
    parser.add_argument("--from-scratch", action="store_true", help="keep no old one")
    options = parser.parse_args()
    letters = Letters(options.folder, options.from_scratch)
    receiver = smtp.server((HOST, options.smtp_port), letters)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    pages.server((HOST, options.port), letters).serve_forever()


if __name__ == "__main__":
    main()

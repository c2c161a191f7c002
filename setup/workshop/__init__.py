"""The workshop: installs, runs and tests the addons. Standard library only."""

import sys

if sys.version_info < (3, 10):
    sys.exit("Python 3.10 or later is needed; this is %d.%d." % sys.version_info[:2])

"""The suite asks for a target when it is imported; tests import it for the floor."""

import os

os.environ.setdefault("UNLADEN_TARGET", "bare")

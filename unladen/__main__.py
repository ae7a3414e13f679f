"""``python -m unladen``."""

import sys

from unladen.cli import main

sys.exit(main())

"""`python -m qa`: the command line, for when `qa` is not on the path."""

import sys

from qa.cli.main import main

sys.exit(main())

"""``python -m warum`` is the command `warum`."""

from warum.cli import main

main()

"""The service: an API and pages over `warum`.

Empty so far; its commands will register in the entry-point group `warum.commands`.
"""

"""The pages that people open, rendered with `shell.Shell` and put together in `room.py`.

Views ask the same classes as the routes under `/v1`, and compute no figure of their own.
"""

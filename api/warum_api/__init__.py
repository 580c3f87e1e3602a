"""The service: an API over `warum`, started with `warum serve`.

The rooms, from the bottom: `problems` and `settings`; `observing` (logs, metrics, health); `engine` (readers,
loaded once, and batches across requests) beside `guarding` (limits, headers, who calls); `analyzing`
(`POST /v1/analyze`); `app`, which puts them together; `serving`, the command.
"""

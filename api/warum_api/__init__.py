"""The service: an API over `warum`, started with `warum serve`.

The rooms, from the bottom: `problems` and `settings`; `observing` (logs, metrics, health); `storing` (database, files,
erasure); `engine` (readers, loaded once, and batches across requests) beside `guarding` (limits, keys, who calls);
`analyzing` (`POST /v1/analyze`), `projects` (uploads, comments), `results` and `notifying` (webhooks); `working`
(jobs); `adapting` (support tools); `describing` and `app`, which put them together; `serving`, the command.
"""

"""Webhooks: what happened, told to the addresses that asked, signed, retried, and never to a private address.

The parts, from the bottom: `events` (what happened), `signing`, `addresses` (which addresses may be called),
`subscriptions` (who asked, and the seam to storage), `retrying` (when again), `slack` and `bodies` (what is
sent), `sending` (one request), `publishing` (an event becomes deliveries, in the transaction of what it tells
of), `delivering` (the worker that sends them), `webhooks` (what a tenant may do with subscriptions), `routes`.
"""

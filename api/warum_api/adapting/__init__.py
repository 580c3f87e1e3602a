"""Tickets of support tools in, what is needed to route them back: category, owner and urgency, each explained.

The parts, from the bottom: `excerpts` (a text with the places it came from), `markup` (HTML to text), `quoting`
(replies without what they quote), `tickets` (what a tool sent, in our words), `zendesk`, `freshdesk` and
`mapping` (any JSON), `rules` and `routing` (the rule and what it says of a comment), `adapters` (which tool is
connected how, and the seams to storage and engine), `answering`, `routes`.
"""

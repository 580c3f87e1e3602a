"""How well and how fast the models read, beside others, on public sets and on the authored one.

`sets` and `comment_sets` load the data, `answers` asks our models, `lexicons`, `supervised` and `zero_shot` are the
others, `figures` scores them all alike, `parts` plugs everything together.
"""

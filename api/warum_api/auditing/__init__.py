"""Audits: a sample of comments that people label, so that it is known how wrong the model is.

The parts: `frames` (what could be drawn, kept beside the draw), `texts` (what a labeller sees), `sheets` and
`gathering` (draw, labels and texts put together as `warum audit` has them), `drawing` and `labelling` (what a tenant
may do), `planning` (how many labels are needed), `forms` and `routes`. What the model read is shown nowhere here: who
sees it, agrees with it too often.
"""

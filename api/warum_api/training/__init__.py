"""Own models: trained on labels of a project by the functions of `warum train`, kept with their figures, and read with.

The parts: `labels` (the labels to train on: an uploaded file, or what people corrected), `models` (what a tenant may do
with models, and how a worker gets one), `forms` and `routes`. Weights are npz and JSON, written by our own worker only.
"""

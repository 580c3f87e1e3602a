"""Jobs: what takes longer than a request. They survive a restart and a killed worker.

The parts: `parts` (what was read so far, kept), `analysing` and `explaining` (what jobs do), `worker` (takes jobs one
after the other), `supervising` (starts a worker process while there are jobs), `submitting` and `routes`.
"""

"""Results: what jobs have found, with filters, in pages, as JSON, CSV or Parquet.

The parts: `shelf` (a result as a local folder, and taken up), `asking` (opinions and comments by DuckDB over
Parquet), `rendering` (the form that is accepted, ETags), `routes`. Numbers come from `warum`, nowhere else.
"""

"""The "why" put together: every section from what was read, in records that renderers show.

Contract of a section:

- one module, one frozen dataclass named like it (`Level`, `Shares`, `Change`, …) and one function:
  per score column `level(rows: ScoreRows, options: WhyOptions) -> Level`, likewise `shares`,
  `change`, `asymmetry`, `corrected`, `journey`, `what_if`; over all of them
  `trends(rows: WhyRows, options: WhyOptions) -> Trends | None` and `metrics(rows, options) -> Metrics`.
  None where nothing is asked for or the columns that it needs are not there.
- it reads no text and no file but those named in the options.
- the dataclass holds plain values only (str, int, float, bool, date, None, tuples, Estimate, Caveat,
  frozen dataclasses of such), so that `why.json` and its schema are made without further code, and
  knows its CSV tables: `tables() -> dict[str, Table]`, file stem to table; rows of several scores
  carry a first column `score`, which `Why` adds.
- bad input is a `UsageError`/`InputError` where options or files are wrong, a `Caveat` where the data
  do not allow a number.
"""

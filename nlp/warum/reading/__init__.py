"""From files to responses: formats, columns, scores, dates, joins, rejected rows."""

"""Projects: data sets with a taxonomy; files and comments that are put into them, and erased again.

The parts: `uploading` (files in pieces), `importing` (a file becomes rows that can be erased), `keeping` (projects
and comments, and what is erased of them), `forms` (what comes and goes), `routes`.
"""

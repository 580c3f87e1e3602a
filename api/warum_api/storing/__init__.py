"""Everything that the service keeps: tables, the migrations that make them, files, and how all of it is erased.

Every query takes the tenant as its first argument and the connection as its second, so that nobody forgets
whose data they ask for; several of them in one `Database.writing()` happen together or not at all.
"""

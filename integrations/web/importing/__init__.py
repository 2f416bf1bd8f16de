"""The import wizard: files in, how each column is read, what would become of the rows, and then one change set."""

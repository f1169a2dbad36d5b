"""Returns as they are: spreadsheets that schools and offices sent, recognised by their labels and read cell by cell."""

"""The command line: one command for each thing an officer can ask."""

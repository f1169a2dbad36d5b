"""What happened: kinds of record declared in files, who may move them, by when, on what evidence."""

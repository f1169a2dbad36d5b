"""What an officer sees: command line, documents, page. Presenters show views and work nothing out."""

"""Commentary and cases: Markdown, parsed once into tokens, rendered to HTML and to Typst."""

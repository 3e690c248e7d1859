"""Commentary: one Markdown file per section and year, kept in step with the cells of the executed chapters."""

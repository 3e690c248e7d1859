"""What the report shows: tables, charts, the organisation chart, each with text/html and text/vnd.typst."""

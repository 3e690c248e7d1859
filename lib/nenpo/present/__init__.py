"""What the report shows: tables, charts, the organisation chart, each a view that is drawn for the page and for the PDF."""

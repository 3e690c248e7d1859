"""The analyst's desk: JupyterLab on a year, and the report in a browser, refreshed on every save."""

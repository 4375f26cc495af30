"""Charts: figures with a takeaway and a data table, drawn as SVG on the server or by Plotly in the browser.

Printable, without script: `heat` (heat map), `spark` (sparkline, band bar, strip of reports), `tables` (bars in table
rows, waterfall), `bridge` (from one total to another), `roadmap` (plan, forecast and milestones on a time axis), `trend`
(lines with bands), `columns` (grouped bars), `bubble`. For the few figures where the reader zooms
or hovers: `plotly_series` (long time series, many columns) and `plotly_points` (cloud, distribution). All go into a
`model.Figure`, and `{% load bwcharts %}{% figure fig %}` puts it on a page.
"""

"""Charts: figures with a takeaway and a data table, drawn as SVG on the server or by Plotly in the browser.

Which drawing for what: `spark`, `bands`, `tables`, `trend`, `columns` and `bubble` make printable SVG that needs no
script; `plotly_charts` is for the few figures where the reader zooms or hovers. Both go into a `model.Figure`, and
`{% load bwcharts %}{% figure fig %}` puts it on a page.
"""

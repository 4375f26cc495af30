"""Reports that users make themselves: a figure of any register, by one or two of its columns, as table and chart."""

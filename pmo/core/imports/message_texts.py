"""Every sentence of the import engine by its code. Parameters are named; the sentences are translated when shown."""

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

FILE: "dict[str, _StrPromise]" = {
    "file_too_large": _("The file has %(size)s MB; up to %(limit)s MB can be imported."),
    "is_empty": _("The file is empty."),
    "is_binary": _("The file is not text. Save the table as CSV or XLSX and upload that."),
    "is_other_kind": _("This is a %(kind)s file, not a table. Save the table as CSV or XLSX and upload that."),
    "is_markup": _("This is a web page or XML, not a table. Open it in a spreadsheet and save it as XLSX or CSV."),
    "is_old_excel": _("This is a workbook in the old XLS format. Save it as XLSX or CSV and upload that."),
    "is_word": _("This is a Word document, not a table. Save the table as XLSX or CSV and upload that."),
    "is_powerpoint": _(
        "This is a PowerPoint presentation, not a table. Save the table as XLSX or CSV and upload that."
    ),
    "is_opendocument": _("This is an OpenDocument file. Save it as XLSX or CSV and upload that."),
    "is_other_archive": _("This is a zip archive, not a workbook. Unpack it and upload the table in it."),
    "xlsx_is_binary": _("This is a binary workbook (XLSB). Save it as XLSX or CSV and upload that."),
    "has_password": _("The workbook is protected with a password. Remove the password and upload it again."),
    "damaged_workbook": _(
        "The workbook is damaged or incomplete and cannot be read. Open it, save it again and upload that."
    ),
    "has_entities": _(
        "The workbook contains document type declarations, which no spreadsheet writes. It was not opened."
    ),
    "too_many_entries": _("The workbook consists of %(count)s parts; up to %(limit)s are accepted."),
    "unpacks_too_large": _("The workbook unpacks to %(size)s MB or more; up to %(limit)s MB are accepted."),
    "compressed_too_much": _(
        "The workbook unpacks to %(ratio)s times its size; up to %(limit)s times is accepted. It may be a zip bomb."
    ),
    "needs_too_much_memory": _("Reading the workbook needs too much memory. Split it and import the parts."),
    "takes_too_long": _(
        "Reading the workbook took longer than %(seconds)s seconds and was stopped. Split it and import the parts."
    ),
    "no_such_sheet": _("There is no sheet “%(sheet)s”. The workbook has: %(sheets)s."),
    "no_data": _("There is no table in the file: all cells are empty."),
    "too_many_rows": _("The file has more than %(limit)s rows. Split it and import the parts."),
    "too_many_columns": _("The sheet has %(count)s columns; up to %(limit)s can be imported."),
    "too_many_columns_in_row": _(
        "Row %(row)s has more than %(limit)s columns (the longest has %(count)s). Is another delimiter used?"
    ),
    "too_many_cells_in_file": _("The file has more than %(limit)s cells. Split it and import the parts."),
    "too_many_merged": _("The sheet has too many merged cells. Split them and import it again."),
    "cell_too_long": _(
        "The cell in row %(row)s, column %(column)s is longer than %(limit)s characters. Is a quotation mark missing?"
    ),
    "line_too_long": _("Line %(line)s is longer than %(limit)s characters. This does not look like a table."),
    "bad_quotation": _(
        "The quotation marks in row %(row)s (line %(line)s) do not match: "
        "one is missing, or one inside a text is not doubled."
    ),
    "bad_delimiter": _("“%(delimiter)s” cannot separate columns. Use a comma, a semicolon, a tab or a vertical bar."),
    "unknown_encoding": _("The encoding “%(encoding)s” is not known. Use one of: %(offered)s."),
    "undecodable": _(
        "The bytes %(found)s at position %(offset)s (line %(line)s) are not valid %(encoding)s. "
        "Save the file as UTF-8, or choose the encoding it was saved with."
    ),
}

TABLE: "dict[str, _StrPromise]" = {
    "titles_skipped": _("Lines above the header (row %(row)s) were taken as titles: %(count)s."),
    "header_unsure": _("No row looks like a header. Row %(row)s was taken as one; please check."),
    "header_two_levels": _("Rows %(row)s and %(next)s were read as one header with two levels."),
    "header_made_up": _("Columns without a header were given a name: %(columns)s."),
    "header_repeated": _("Headers that occur more than once were numbered: %(columns)s."),
    "rows_short": _("Rows with fewer cells than the header: %(count)s (%(rows)s). The missing cells count as empty."),
    "rows_overlong": _(
        "Rows with more cells than the header: %(count)s (%(rows)s). They are out of step and are refused."
    ),
    "no_rows_below_header": _("There are no rows below the header."),
    "sheet_chosen": _("The workbook has %(count)s sheets; “%(sheet)s” was read."),
    "formulas_stored": _(
        "Cells with formulas: %(count)s. Formulas are not calculated here: the values stored in the file are used."
    ),
    "formulas_without_value": _("Cells with formulas but no stored value: %(count)s. They are refused."),
    "merged_filled": _("Merged cells were filled with the value of their first cell: %(count)s."),
    "date_order_found": _("Dates in “%(column)s” are read as %(order)s: %(count)s of them allow nothing else."),
    "date_order_open": _(
        "Dates in “%(column)s” can be read day first or month first: %(count)s. "
        "They are read as %(order)s; please confirm."
    ),
    "date_order_mixed": _(
        "Dates in “%(column)s” do not agree on the order of day and month. "
        "They are read as %(order)s; %(count)s do not fit."
    ),
    "decimal_comma": _("Numbers in “%(column)s” are read with a decimal comma."),
    "columns_unused": _("Columns that are not imported: %(columns)s."),
}

CELL: "dict[str, _StrPromise]" = {
    "withheld": _("The source withholds this value: “%(value)s”."),
    "not_given": _("There is no value yet: “%(value)s”."),
    "spreadsheet_error": _("The cell holds a spreadsheet error: %(value)s."),
    "formula_text": _("“%(value)s” is a formula as text. Formulas are never calculated here."),
    "formula_without_value": _(
        "The formula has no stored value, and formulas are never calculated here. Save the workbook in a spreadsheet."
    ),
    "formula_refused": _(
        "The cell holds a formula, and this mapping refuses formulas. Its stored value is “%(value)s”."
    ),
    "not_a_number": _("“%(value)s” is not a number."),
    "number_unclear": _("The points and commas in “%(value)s” do not make a number."),
    "number_out_of_range": _("The number “%(value)s” is outside what can be stored."),
    "date_not_number": _("“%(value)s” is a date where a number is expected."),
    "not_a_plain_number": _("“%(value)s” is an amount or a percentage where a plain number is expected."),
    "not_a_whole_number": _("“%(value)s” is not a whole number."),
    "not_a_percentage": _("“%(value)s” is not a percentage."),
    "not_an_amount": _("“%(value)s” is a percentage where an amount of money is expected."),
    "other_currency": _("“%(value)s” names another currency than %(currency)s."),
    "unit_twice": _("“%(value)s” names its own unit, but the mapping multiplies the column by %(scale)s."),
    "below_minimum": _("“%(value)s” is less than %(limit)s."),
    "above_maximum": _("“%(value)s” is more than %(limit)s."),
    "not_a_date": _("“%(value)s” is not a date."),
    "no_such_date": _("“%(value)s” is no day of the calendar in the order of day and month used for this column."),
    "date_incomplete": _("“%(value)s” is not a full date, and the mapping does not say which day is meant."),
    "date_out_of_range": _("The date “%(value)s” is not between 1900 and 2199."),
    "not_yes_or_no": _("“%(value)s” is neither yes nor no."),
    "unknown_choice": _("“%(value)s” is none of the choices: %(allowed)s. Map the word to one of them."),
    "unknown_colour": _("“%(value)s” is no known rating. Map the word to green, amber, red or grey."),
    "colour_is_number": _("The rating “%(value)s” is a number. Say which colour it stands for."),
    "control_characters": _("“%(value)s” contains control characters."),
    "too_long": _("The text has %(length)s characters; up to %(limit)s can be stored."),
    "key_part_missing": _("The key is incomplete: “%(column)s” is empty."),
}

ROW: "dict[str, _StrPromise]" = {
    "row_out_of_step": _(
        "The row has more cells than the %(width)s columns of the header; surplus: “%(value)s”. Is a text not quoted?"
    ),
    "required_missing": _("“%(field)s” is empty, but a row needs it."),
    "no_identity_in_row": _("The row has neither a code nor a name."),
    "total_row": _("“%(value)s” looks like a total, not like a record."),
    "no_snapshot_date": _("“%(column)s” is empty, so the row belongs to no date."),
    "repeated_key": _("“%(value)s” occurs already in row %(earlier)s for the same date."),
}

MAPPING: "dict[str, _StrPromise]" = {
    "not_json": _("The mapping is not valid JSON: %(detail)s"),
    "expected_object": _("An object with names and values is expected."),
    "expected_value": _("Only %(expected)s is accepted."),
    "expected_fields": _("At least one field must be mapped."),
    "expected_one_source": _("Exactly one of “column”, “columns”, “first_of” or “constant” is expected."),
    "expected_headings": _("A list of groups of headings is expected."),
    "expected_columns": _("A list of two or more different column names is expected."),
    "expected_text": _("A text is expected."),
    "expected_scale": _("A number above zero is expected."),
    "expected_currency": _("A currency code of ISO 4217 such as CNY is expected."),
    "expected_one_of": _("One of these is expected: %(known)s."),
    "expected_flag": _("true or false is expected."),
    "expected_value_map": _("Words and their meanings, both texts, are expected."),
    "expected_month_day": _("A month and day such as 12-31 is expected."),
    "expected_match_by": _("A list with “code”, “name” or both is expected."),
    "expected_share": _("A number from 0.5 to 1 is expected."),
    "expected_row_number": _("A row number, or 0 for no header, is expected."),
    "unknown_key": _("This is not known here. Known are: %(known)s."),
    "unknown_field": _("There is no field “%(field)s”. Known are: %(known)s."),
    "unknown_meaning": _("“%(word)s” is mapped to “%(meaning)s”, which is none of: %(known)s."),
    "missing_column": _("The file has no column “%(column)s”. It has: %(columns)s."),
    "no_identity": _("A code or a name must be mapped, one of: %(fields)s."),
    "no_key": _("Rows of this register have no key by which they could be found. Choose “every row is new”."),
    "key_not_mapped": _(
        "Rows find what exists by all fields of their key, and these are not mapped: %(fields)s. "
        "Map them, or choose “every row is new”."
    ),
    "not_dated": _("This register keeps no history by day, so no column can date its rows."),
    "required_field_missing": _("The field “%(field)s” is required and not mapped."),
    "bad_constant": _("The constant does not fit the field: %(detail)s"),
}

GUESS: "dict[str, _StrPromise]" = {
    "header_same": _("The header is a known name of this field."),
    "header_inside": _("The header contains a known name of this field: %(alias)s."),
    "header_similar": _("The header resembles a known name of this field: %(alias)s."),
    "values_fit": _("%(share)s %% of the values fit."),
    "values_do_not_fit": _("Only %(share)s %% of the values fit."),
    "unit_in_header": _("The header names the unit: %(unit)s."),
    "only_together_unique": _("The columns are unique only together: %(columns)s."),
    "periods_repeat": _("The same records occur for several dates."),
    "fractions": _("All values lie between 0 and 1."),
    "values_differ": _("No header fits; this is the first column of different texts."),
}

TEMPLATES: "dict[str, _StrPromise]" = {**FILE, **TABLE, **CELL, **ROW, **MAPPING, **GUESS}

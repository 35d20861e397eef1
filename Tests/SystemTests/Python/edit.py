"""edit.py SOURCE TARGET SHEET!CELL=VALUE...: a copy of a workbook with some cells changed."""

import sys

import openpyxl

source, target, *edits = sys.argv[1:]
book = openpyxl.load_workbook(source)
for edit in edits:
    place, value = edit.split("=", 1)
    sheet, cell = place.split("!")
    book[sheet][cell] = value
book.save(target)

/// How much of a file is read at most.
///
/// A school's largest workbook (mark book of a class, thirteen sheets) unpacks to less than one
/// megabyte; the defaults leave room for a hundred times that.
package struct WorkbookLimits: Sendable {
  /// Bytes of the file as sent.
  package var fileSize = 16 << 20
  /// Bytes of all parts together that are unpacked.
  package var unpackedSize = 96 << 20
  /// Parts in the archive.
  package var entries = 1_000
  /// Unpacked to packed size of a part above one megabyte; real sheets stay far below.
  package var ratio = 200
  /// Cells that hold something, in all sheets together.
  package var cells = 500_000
  /// Sheets of a workbook.
  package var sheets = 256
  /// Merged ranges of a sheet.
  package var mergedRanges = 10_000
  /// UTF-8 bytes in a cell; Excel itself stops at 32 767 characters.
  package var cellBytes = 131_072

  /// The limits for a school's workbooks.
  package init() {}
}

/// The last row of a sheet (ECMA-376 as Excel applies it).
let lastRow = 1_048_576
/// The last column of a sheet, `XFD`.
let lastColumn = 16_384

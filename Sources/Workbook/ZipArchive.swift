import CLibzip
import Glibc

/// A zip archive in memory, opened for reading.
///
/// Safe: it alone holds the handle, gives it to no one, and closes it when it goes.
@safe struct ZipArchive: ~Copyable {
  private let handle: OpaquePointer
  private let limits: WorkbookLimits
  private var budget: Int

  /// Opens an archive.
  /// - Throws: `tooLarge` beyond the limits, `notWorkbook` when it is no zip archive.
  init(_ bytes: [UInt8], limits: WorkbookLimits) throws(WorkbookError) {
    guard bytes.count <= limits.fileSize else { throw WorkbookError(.tooLarge) }
    guard let copy = unsafe malloc(bytes.count) else { throw WorkbookError(.tooLarge) }
    unsafe copy.copyMemory(from: bytes, byteCount: bytes.count)
    // From here on libzip owns the copy and frees it with the source.
    guard let source = unsafe zip_source_buffer_create(copy, UInt64(bytes.count), 1, nil) else {
      unsafe free(copy)
      throw WorkbookError(.damaged)
    }
    guard let opened = unsafe zip_open_from_source(source, ZIP_RDONLY, nil) else {
      unsafe zip_source_free(source)
      throw WorkbookError(.notWorkbook)
    }
    guard unsafe zip_get_num_entries(opened, 0) <= limits.entries else {
      unsafe zip_discard(opened)
      throw WorkbookError(.tooLarge)
    }
    unsafe handle = opened
    self.limits = limits
    budget = limits.unpackedSize
  }

  deinit { unsafe zip_discard(handle) }

  /// The bytes of a part, `nil` when there is none of that name (case does not matter).
  mutating func part(_ name: String) throws(WorkbookError) -> [UInt8]? {
    let index = unsafe zip_name_locate(handle, name, UInt32(ZIP_FL_NOCASE))
    guard index >= 0 else { return nil }
    var status = unsafe zip_stat_t()
    guard unsafe zip_stat_index(handle, UInt64(index), 0, &status) == 0 else {
      throw WorkbookError(.damaged, part: name)
    }
    guard unsafe status.encryption_method == UInt16(ZIP_EM_NONE) else {
      throw WorkbookError(.encrypted, part: name)
    }
    // Sizes are compared before a byte is unpacked, and what is unpacked is held to them.
    let isSuspect =
      unsafe status.size > 1 << 20
      && status.size / UInt64(limits.ratio) > status.comp_size
    guard unsafe status.size <= UInt64(budget), !isSuspect else {
      throw WorkbookError(.tooLarge, part: name)
    }
    let size = unsafe Int(status.size)
    budget -= size
    return try unpack(UInt64(index), size: size, name: name)
  }

  private func unpack(_ index: UInt64, size: Int, name: String) throws(WorkbookError) -> [UInt8] {
    guard let file = unsafe zip_fopen_index(handle, index, 0) else {
      throw WorkbookError(.damaged, part: name)
    }
    defer { unsafe _ = zip_fclose(file) }
    // One byte more than announced: reading to the end makes libzip compare the checksum.
    var bytes = [UInt8](repeating: 0, count: size + 1)
    var filled = 0
    while filled <= size {
      let got = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe zip_fread(file, buffer.baseAddress?.advanced(by: filled), UInt64(size + 1 - filled))
      }
      guard got >= 0 else { throw WorkbookError(.damaged, part: name) }
      if got == 0 { break }
      filled += Int(got)
    }
    guard filled == size else { throw WorkbookError(.damaged, part: name) }
    bytes.removeLast()
    return bytes
  }
}

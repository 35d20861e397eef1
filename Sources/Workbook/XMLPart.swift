import CLibXML2

/// What the reader of a part meets, without namespaces: producers choose their own prefixes.
enum XMLEvent {
  case start(String, attributes: [String: String])
  case end(String)
  case text(String)
}

/// Tells `body` of each element and text of an XML part, in order.
///
/// The parser opens nothing else than these bytes: no network, no DTD, no entities.
/// - Throws: `forbiddenXML` at a document type or an entity, `damaged` when it is not well-formed.
func readXML(
  _ bytes: [UInt8],
  part: String,
  _ body: (XMLEvent) throws(WorkbookError) -> Void
) throws(WorkbookError) {
  guard let size = Int32(exactly: bytes.count) else { throw WorkbookError(.tooLarge, part: part) }
  try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(WorkbookError) in
    // The reader borrows the bytes, so it lives and ends within this closure.
    guard
      let start = buffer.baseAddress,
      let base = unsafe Optional(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self)),
      let reader = unsafe xmlReaderForMemory(base, size, nil, nil, parserOptions)
    else { throw WorkbookError(.damaged, part: part) }
    defer { unsafe xmlFreeTextReader(reader) }

    var status = unsafe xmlTextReaderRead(reader)
    while status == 1 {
      try unsafe report(reader, part: part, body)
      status = unsafe xmlTextReaderRead(reader)
    }
    guard status == 0 else { throw WorkbookError(.damaged, part: part) }
  }
}

private let parserOptions: Int32 = {
  xmlInitParser()
  let options = [XML_PARSE_NONET, XML_PARSE_NOERROR, XML_PARSE_NOWARNING, XML_PARSE_NOCDATA]
  return Int32(options.reduce(0) { $0 | $1.rawValue })
}()

private func report(
  _ reader: xmlTextReaderPtr,
  part: String,
  _ body: (XMLEvent) throws(WorkbookError) -> Void
) throws(WorkbookError) {
  switch xmlReaderTypes(UInt32(unsafe xmlTextReaderNodeType(reader))) {
  case XML_READER_TYPE_ELEMENT:
    let name = unsafe string(xmlTextReaderConstLocalName(reader))
    let isEmpty = unsafe xmlTextReaderIsEmptyElement(reader) == 1
    try body(.start(name, attributes: unsafe attributes(reader)))
    if isEmpty { try body(.end(name)) }
  case XML_READER_TYPE_END_ELEMENT:
    try body(.end(unsafe string(xmlTextReaderConstLocalName(reader))))
  case XML_READER_TYPE_TEXT, XML_READER_TYPE_CDATA, XML_READER_TYPE_WHITESPACE,
    XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
    try body(.text(unsafe string(xmlTextReaderConstValue(reader))))
  case XML_READER_TYPE_DOCUMENT_TYPE, XML_READER_TYPE_ENTITY_REFERENCE:
    throw WorkbookError(.forbiddenXML, part: part)
  default:
    break
  }
}

private func attributes(_ reader: xmlTextReaderPtr) -> [String: String] {
  var result: [String: String] = [:]
  var status = unsafe xmlTextReaderMoveToFirstAttribute(reader)
  while status == 1 {
    let name = unsafe string(xmlTextReaderConstLocalName(reader))
    // Of two attributes of one local name the one without a prefix is the format's own.
    let isPlain = unsafe xmlTextReaderConstPrefix(reader) == nil
    if isPlain || result[name] == nil {
      result[name] = unsafe string(xmlTextReaderConstValue(reader))
    }
    status = unsafe xmlTextReaderMoveToNextAttribute(reader)
  }
  return result
}

private func string(_ text: UnsafePointer<xmlChar>?) -> String {
  guard let text = unsafe text else { return "" }
  return unsafe String(cString: text)
}

import CLibXML2
import Glibc

/// A parsed XML document that is not changed any more.
///
/// Safe: the tree is owned from `init` to `deinit`, and every element holds its document.
// Sendable: the tree is read only after `init`, and neither navigation nor C14N writes to it.
@safe package final class XMLDocument: @unchecked Sendable {
  /// The largest document in bytes, unless the caller sets a lower limit.
  package static let maximumSize = 8 << 20

  private let pointer: xmlDocPtr
  private let rootNode: xmlNodePtr

  private static let isReady: Bool = {
    xmlInitParser()
    return true
  }()

  /// Parses UTF-8 without a DTD; nothing is loaded and no entity but the five of XML is known.
  ///
  /// libxml2 itself refuses more than 256 levels and texts of more than 10 MB.
  package init(parsing bytes: [UInt8], limit: Int = maximumSize) throws(CryptoError) {
    guard bytes.count <= limit else { throw .tooLarge(limit: limit) }
    guard Self.isReady, Self.isPlainUTF8(bytes) else { throw .malformed("XML in UTF-8, no DTD") }
    guard let parser = unsafe xmlNewParserCtxt() else { throw .failed("XML parser") }
    defer { unsafe xmlFreeParserCtxt(parser) }
    let options = XML_PARSE_NONET.rawValue | XML_PARSE_NOERROR.rawValue
    let document = unsafe bytes.withUnsafeBytes { buffer in
      unsafe xmlCtxtReadMemory(
        parser,
        buffer.baseAddress?.assumingMemoryBound(to: CChar.self),
        Int32(buffer.count),
        nil,
        "UTF-8",
        Int32(options | XML_PARSE_NOWARNING.rawValue)
      )
    }
    guard let document = unsafe document else { throw .malformed("well-formed XML") }
    // A prefix without a namespace is an error that libxml2 goes on after.
    guard
      unsafe parser.pointee.nsWellFormed == 1, unsafe document.pointee.intSubset == nil,
      let root = unsafe xmlDocGetRootElement(document)
    else {
      unsafe xmlFreeDoc(document)
      throw .malformed("XML with namespaces and without DTD")
    }
    unsafe pointer = unsafe document
    unsafe rootNode = unsafe root
  }

  deinit { unsafe xmlFreeDoc(pointer) }

  /// The outermost element.
  package var root: XMLElement { unsafe XMLElement(rootNode, of: self) }

  /// Whether the bytes are UTF-8 that says nothing else of itself, and hold no DTD.
  private static func isPlainUTF8(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    if text.hasPrefix("<?xml"), let end = text.firstRange(of: "?>") {
      let declaration = text[..<end.lowerBound].lowercased()
      if declaration.contains("encoding"), !declaration.contains("utf-8") { return false }
    }
    // The one construct that begins so is a document type declaration.
    return unsafe bytes.withUnsafeBytes { buffer in
      guard let start = buffer.baseAddress else { return true }
      guard unsafe memchr(start, 0, buffer.count) == nil else { return false }
      var index = 0
      while index + 2 < buffer.count,
        let found = unsafe memchr(start + index, Int32(UInt8(ascii: "<")), buffer.count - index)
      {
        index = unsafe UnsafeRawPointer(found) - start + 1
        let isType =
          unsafe index + 1 < buffer.count && buffer[index] == UInt8(ascii: "!")
          && buffer[index + 1] == UInt8(ascii: "D")
        if isType { return false }
      }
      return true
    }
  }

  /// Exclusive Canonical XML 1.0 without comments of one element and what is in it.
  package func exclusiveC14N(of element: XMLElement) throws(CryptoError) -> [UInt8] {
    guard element.document === self else { throw .malformed("element of another document") }
    guard let output = unsafe xmlAllocOutputBuffer(nil) else { throw .failed("C14N") }
    defer { unsafe xmlOutputBufferClose(output) }
    // libxml2 would print its errors; the handler is the thread's own.
    unsafe xmlSetStructuredErrorFunc(nil) { _, _ in }
    let status = unsafe xmlC14NExecute(
      pointer,
      { apex, node, parent in
        guard let node = unsafe node else { return 0 }
        let type = unsafe node.pointee.type
        let isInside = type == XML_NAMESPACE_DECL || type == XML_ATTRIBUTE_NODE
        var current = unsafe isInside ? parent : node
        while let ancestor = unsafe current {
          if unsafe UnsafeMutableRawPointer(ancestor) == apex { return 1 }
          unsafe current = ancestor.pointee.parent
        }
        return 0
      },
      element.node,
      Int32(XML_C14N_EXCLUSIVE_1_0.rawValue),
      nil,
      0,
      output
    )
    // An empty result would be equal to any other failure once it is digested.
    guard status >= 0, let content = unsafe xmlOutputBufferGetContent(output),
      case let count = unsafe xmlOutputBufferGetSize(output), count > 0
    else { throw .failed("C14N") }
    return unsafe Array(UnsafeBufferPointer(start: content, count: count))
  }
}

/// An element of a document.
///
/// Safe: it holds the document that owns its node.
// Sendable: the tree is not changed any more.
@safe package struct XMLElement: @unchecked Sendable {
  /// An attribute; `xmlns` declarations are not attributes.
  package struct Attribute: Sendable, Equatable {
    package let name: String
    /// Empty for none.
    package let namespace: String
    package let value: String
  }

  let document: XMLDocument
  let node: xmlNodePtr

  fileprivate init(_ node: xmlNodePtr, of document: XMLDocument) {
    unsafe self.node = unsafe node
    self.document = document
  }

  /// The local name.
  package var name: String { unsafe string(node.pointee.name) }

  /// The namespace, empty for none.
  package var namespace: String { unsafe string(node.pointee.ns?.pointee.href) }

  /// In document order.
  package var attributes: [Attribute] {
    var attributes: [Attribute] = []
    var next = unsafe node.pointee.properties
    while let attribute = unsafe next {
      attributes.append(
        Attribute(
          name: unsafe string(attribute.pointee.name),
          namespace: unsafe string(attribute.pointee.ns?.pointee.href),
          value: unsafe texts(from: attribute.pointee.children)
        )
      )
      unsafe next = attribute.pointee.next
    }
    return attributes
  }

  /// The value of an attribute in no namespace; `nil` if there is none of that name.
  package func attribute(_ name: String) -> String? {
    attributes.first { $0.name == name && $0.namespace.isEmpty }?.value
  }

  /// The elements directly inside, in document order.
  package var children: [XMLElement] {
    var children: [XMLElement] = []
    var next = unsafe node.pointee.children
    while let child = unsafe next {
      if unsafe child.pointee.type == XML_ELEMENT_NODE {
        unsafe children.append(XMLElement(child, of: document))
      }
      unsafe next = child.pointee.next
    }
    return children
  }

  /// The children of a local name, in this element's namespace unless another is given.
  package func children(_ name: String, in namespace: String? = nil) -> [XMLElement] {
    let wanted = namespace ?? self.namespace
    return children.filter { $0.name == name && $0.namespace == wanted }
  }

  /// The first child of a local name, in this element's namespace unless another is given.
  package func child(_ name: String, in namespace: String? = nil) -> XMLElement? {
    children(name, in: namespace).first
  }

  /// The text directly inside, all pieces joined; comments do not count.
  package var text: String { unsafe texts(from: node.pointee.children) }
}

private func string(_ text: UnsafePointer<xmlChar>?) -> String {
  unsafe text.map { unsafe String(cString: $0) } ?? ""
}

private func texts(from first: xmlNodePtr?) -> String {
  var text = ""
  var next = unsafe first
  while let node = unsafe next {
    let type = unsafe node.pointee.type
    if type == XML_TEXT_NODE || type == XML_CDATA_SECTION_NODE {
      unsafe text += string(node.pointee.content)
    }
    unsafe next = node.pointee.next
  }
  return text
}

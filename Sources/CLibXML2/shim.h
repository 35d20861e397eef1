#pragma once
#include <libxml/xmlversion.h>
// Else the headers bring the system's ICU, which cannot be in one program's view with the ICU that
// Foundation brings. Only a struct of converters depends on it, and nothing here uses that.
#undef LIBXML_ICU_ENABLED
#include <libxml/c14n.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlreader.h>

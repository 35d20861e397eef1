#include <libpq-fe.h>

// The field codes of an error are character macros, which Swift does not import.
static const int diagnosticSQLState = PG_DIAG_SQLSTATE;
static const int diagnosticMessage = PG_DIAG_MESSAGE_PRIMARY;
static const int diagnosticConstraint = PG_DIAG_CONSTRAINT_NAME;
static const int diagnosticColumn = PG_DIAG_COLUMN_NAME;
static const int diagnosticFunction = PG_DIAG_SOURCE_FUNCTION;

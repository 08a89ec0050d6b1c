// Version 7: files that trials left, and their contents.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

Migration artifacts() { return {.version = 7, .sql = ""}; }

}  // namespace oodml::coordinator::store::migration_steps

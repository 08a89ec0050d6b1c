// Version 10: how fast trials ran.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

Migration estimates() { return {.version = 10, .sql = ""}; }

}  // namespace oodml::coordinator::store::migration_steps

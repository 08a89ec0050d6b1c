// Version 8: archived sweeps, what was thinned.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

Migration upkeep() { return {.version = 8, .sql = ""}; }

}  // namespace oodml::coordinator::store::migration_steps

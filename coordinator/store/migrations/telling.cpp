// Version 9: whom to tell of what, and what is still to be told.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

Migration telling() { return {.version = 9, .sql = ""}; }

}  // namespace oodml::coordinator::store::migration_steps

#pragma once

#include <vector>

#include "coordinator/store/schema.h"

/// The steps of the schema, a file an idea. A released one never changes.
namespace oodml::coordinator::store::migration_steps {

std::vector<Migration> jobs();
Migration sharing();
Migration artifacts();
Migration upkeep();
Migration telling();
Migration estimates();
Migration programs();
Migration scale();
Migration device_models();
Migration scripts();
Migration results();

}  // namespace oodml::coordinator::store::migration_steps

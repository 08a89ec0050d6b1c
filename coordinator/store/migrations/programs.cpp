// Version 11: trials that wait for a worker with a program of people's own, or that runs what came with their sweep.
#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store::migration_steps {

namespace {

constexpr const char* kSql = R"sql(
ALTER TABLE trials ADD COLUMN needs_program TEXT NOT NULL DEFAULT '';
ALTER TABLE trials ADD COLUMN needs_scripts INTEGER NOT NULL DEFAULT 0;
)sql";

}  // namespace

Migration programs() { return {.version = 11, .sql = kSql, .fill = nullptr}; }

}  // namespace oodml::coordinator::store::migration_steps

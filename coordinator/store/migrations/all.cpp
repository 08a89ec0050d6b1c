#include "coordinator/store/migrations/migrations.h"

namespace oodml::coordinator::store {

const std::vector<Migration>& migrations() {
  static const std::vector<Migration> list = [] {
    std::vector<Migration> all = migration_steps::jobs();
    all.push_back(migration_steps::sharing());
    all.push_back(migration_steps::artifacts());
    all.push_back(migration_steps::upkeep());
    all.push_back(migration_steps::telling());
    all.push_back(migration_steps::estimates());
    all.push_back(migration_steps::programs());
    all.push_back(migration_steps::scale());
    all.push_back(migration_steps::device_models());
    all.push_back(migration_steps::scripts());
    all.push_back(migration_steps::results());
    return all;
  }();
  return list;
}

}  // namespace oodml::coordinator::store

#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

/// The SQL that leads from the version before to this one; the first makes an empty database version 1.
struct Migration {
  std::int64_t version = 1;
  std::string sql;
  std::function<void(Connection&)> fill;  ///< What SQL cannot say, after it in the same transaction; may be empty.
};

/// All of them, in order; a released one never changes.
const std::vector<Migration>& migrations();

inline std::int64_t newest_version(const std::vector<Migration>& list) { return list.back().version; }

/// kFailedPrecondition when the database is newer than the list, or another program's. Writes nothing.
Status check_version(Connection& database, const std::vector<Migration>& list);

/// The same for a database that is only to be read: kFailedPrecondition also when it is older than the list.
Status check_is_newest(Connection& database, const std::vector<Migration>& list);

/// Brings the database up to the newest version, one transaction a step; check_version first.
Status migrate(Connection& database, const std::vector<Migration>& list);

}  // namespace oodml::coordinator::store

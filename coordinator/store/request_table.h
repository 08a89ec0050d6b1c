#pragma once

#include <optional>
#include <string>

#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

// Calls that changed something, by the id their caller gave them: asked again, they answer as they did. An empty
// id means that the caller does not ask again, and is never stored.

/// The reply stored for (kind, id); kAlreadyExists when the id was used for another `subject`.
Result<std::optional<std::string>> find_request(Connection& database, const std::string& kind, const std::string& id,
                                                const std::string& subject);
void insert_request(Connection& database, const std::string& kind, const std::string& id, const std::string& subject,
                    const std::string& reply, Time now);
/// The same in one statement, where the id is new; false, and nothing stored, where it is not, or is none
/// (find_request says which).
bool insert_new_request(Connection& database, const std::string& kind, const std::string& id,
                        const std::string& subject, const std::string& reply, Time now);
/// Forgets what is older, but never the newest kKeptRequests: a wall clock that was set forward makes all of them look
/// old, and their callers may still ask again.
void prune_requests(Connection& database, Time older_than);
inline constexpr std::int64_t kKeptRequests = 10'000;

}  // namespace oodml::coordinator::store

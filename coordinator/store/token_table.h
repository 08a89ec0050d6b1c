#pragma once

#include <map>
#include <set>
#include <string>

#include "coordinator/store/sqlite.h"
#include "core/base/result.h"

namespace oodml::coordinator::store {

// Which worker name each token belongs to, by the token's SHA-256.

std::map<std::string, std::string> token_owners(Connection& database);
/// Writes the owner of a token that has none; kPermissionDenied when the token or the name is somebody else's.
Status insert_token_owner(Connection& database, const std::string& token, const std::string& worker, Time now);
void delete_token_owners_except(Connection& database, const std::set<std::string>& tokens);

/// Why a token does not do for a worker of this name.
Status token_of_another(const std::string& owner, const std::string& worker);
Status name_of_another_token(const std::string& worker);

}  // namespace oodml::coordinator::store

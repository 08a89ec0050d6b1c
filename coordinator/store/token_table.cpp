#include "coordinator/store/token_table.h"

namespace oodml::coordinator::store {

std::map<std::string, std::string> token_owners(Connection& database) {
  std::map<std::string, std::string> owners;
  Rows rows = database.query("SELECT token, worker FROM token_owners");
  while (rows.next()) owners.emplace(rows.text(0), rows.text(1));
  return owners;
}

Status insert_token_owner(Connection& database, const std::string& token, const std::string& worker, Time now) {
  for (const auto& [other_token, owner] : token_owners(database)) {
    if (other_token == token && owner == worker) return {};
    if (other_token == token) return token_of_another(owner, worker);
    if (owner == worker) return name_of_another_token(worker);
  }
  database.execute("INSERT INTO token_owners (token, worker, since) VALUES (?, ?, ?)", token, worker, now);
  return {};
}

void delete_token_owners_except(Connection& database, const std::set<std::string>& tokens) {
  for (const auto& [token, owner] : token_owners(database)) {
    if (!tokens.contains(token)) database.execute("DELETE FROM token_owners WHERE token = ?", token);
  }
}

Status token_of_another(const std::string& owner, const std::string& worker) {
  return Status(StatusCode::kPermissionDenied,
                "this token belongs to the worker " + owner + ", which registered with it; give " + worker +
                    " one of its own, or let several share it (`workers TOKEN` in the coordinator's token file)");
}

Status name_of_another_token(const std::string& worker) {
  return Status(StatusCode::kPermissionDenied,
                "the worker name " + worker +
                    " belongs to another token; choose another --name, or take the other token out "
                    "of the coordinator's token file (SIGHUP reads it again)");
}

}  // namespace oodml::coordinator::store

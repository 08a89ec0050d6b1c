#include "coordinator/scheduling/token_owners.h"

#include <spdlog/spdlog.h>

#include "coordinator/store/token_table.h"

namespace oodml::coordinator::scheduling {

Status StoredTokenOwners::recover() {
  using Owners = std::map<std::string, std::string>;
  OODML_ASSIGN_OR_RETURN(Owners owners, store_.read([](store::Connection& database) -> Result<Owners> {
    return store::token_owners(database);
  }));
  const std::lock_guard lock(mutex_);
  owners_ = std::move(owners);
  for (const auto& [token, worker] : owners_) tokens_[worker] = token;
  return {};
}

Status StoredTokenOwners::check(const std::string& token, const std::string& worker) {
  const std::lock_guard lock(mutex_);
  return check_locked(token, worker);
}

Status StoredTokenOwners::check_locked(const std::string& token, const std::string& worker) const {
  if (const auto owner = owners_.find(token); owner != owners_.end() && owner->second != worker) {
    return store::token_of_another(owner->second, worker);
  }
  const auto its = tokens_.find(worker);
  return its != tokens_.end() && its->second != token ? store::name_of_another_token(worker) : Status();
}

void StoredTokenOwners::claim(const std::string& token, const std::string& worker, Reply<std::monostate> reply) {
  Status allowed;
  bool known = token.empty();
  {
    const std::lock_guard lock(mutex_);
    allowed = check_locked(token, worker);
    known = known || owners_.contains(token);
  }
  if (!allowed.ok()) return reply(failure(std::move(allowed)));
  if (known) return reply(std::monostate{});
  store_.write<std::monostate>(
      [token, worker, now = clock_.now()](store::Connection& database) -> Result<std::monostate> {
        OODML_RETURN_IF_ERROR(store::insert_token_owner(database, token, worker, now));
        return std::monostate{};
      },
      [this, token, worker, reply = std::move(reply)](Result<std::monostate> written) {
        if (written) {
          const std::lock_guard lock(mutex_);
          owners_[token] = worker;
          tokens_[worker] = token;
        }
        if (written) spdlog::info("a token belongs to a worker from now on worker={}", worker);
        reply(std::move(written));
      });
}

void StoredTokenOwners::keep_only(const std::set<std::string>& tokens) {
  {
    const std::lock_guard lock(mutex_);
    std::erase_if(owners_, [&](const auto& owner) { return !tokens.contains(owner.first); });
    std::erase_if(tokens_, [&](const auto& its) { return !tokens.contains(its.second); });
  }
  store_.write<std::monostate>(
      [tokens](store::Connection& database) -> Result<std::monostate> {
        store::delete_token_owners_except(database, tokens);
        return std::monostate{};
      },
      [](Result<std::monostate> written) {
        if (!written)
          spdlog::warn("owners of tokens that are gone stay in the database for now: {}", written.error().message());
      });
}

}  // namespace oodml::coordinator::scheduling

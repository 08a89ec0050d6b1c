#pragma once

#include <map>
#include <mutex>

#include "coordinator/service/reply.h"
#include "coordinator/service/token_owners.h"
#include "coordinator/store/job_store.h"
#include "core/base/clock.h"

namespace oodml::coordinator::scheduling {

/// The table of the database, and a copy in memory for the checks of every call.
class StoredTokenOwners final : public TokenOwners {
 public:
  StoredTokenOwners(store::JobStore& store, Clock& clock) : store_(store), clock_(clock) {}
  /// Reads the table; once, before anything else.
  Status recover();

  Status check(const std::string& token, const std::string& worker) override;
  void claim(const std::string& token, const std::string& worker, Reply<std::monostate> reply) override;
  void keep_only(const std::set<std::string>& tokens) override;

 private:
  Status check_locked(const std::string& token, const std::string& worker) const;

  store::JobStore& store_;
  Clock& clock_;
  std::mutex mutex_;                           // guards what follows
  std::map<std::string, std::string> owners_;  // token -> worker name
  std::map<std::string, std::string> tokens_;  // worker name -> token
};

}  // namespace oodml::coordinator::scheduling

#include "coordinator/artifacts/lease_check.h"

#include <string>

namespace oodml::coordinator::artifacts {

Result<store::AttemptRow> last_attempt(store::Connection& database, const job::Lease& lease) {
  const auto refuse = [&](const std::string& why) {
    return failure(StatusCode::kAborted, "no files of trial " + std::to_string(lease.trial.value) + " attempt " +
                                             std::to_string(lease.attempt) + ": " + why);
  };
  auto attempt = store::find_attempt(database, lease.id);
  if (!attempt || attempt->lease != lease) return refuse("this coordinator never gave such a lease");
  if (attempt->newest > lease.attempt) {
    return refuse("attempt " + std::to_string(attempt->newest) + " was started since");
  }
  if (lease.attempt <= attempt->run_from) return refuse("its trial began afresh since");
  return *std::move(attempt);
}

}  // namespace oodml::coordinator::artifacts

#include "coordinator/offline.h"

#include <iostream>

#include "coordinator/store/verification.h"
#include "coordinator/upkeep/restore.h"
#include "core/base/clock.h"
#include "core/base/exit_code.h"

namespace oodml::coordinator {
namespace {

int refuse(const Status& status) {
  std::cerr << "oodml-coordinator: " << status.message() << "\n";
  return exit_code_here(status.code());
}

void print_contents(const store::Verification& found) {
  std::cout << "schema version " << found.schema_version << ", " << found.sweeps << " sweeps, " << found.trials
            << " trials, " << found.attempts << " attempts, " << found.results << " results\n";
}

int verify(const std::filesystem::path& file) {
  const Result<store::Verification> found = store::verify_database(file);
  if (!found) return refuse(found.error());
  for (const std::string& problem : found->problems) std::cout << problem << "\n";
  if (!found->problems.empty()) {
    std::cerr << "oodml-coordinator: " << file.string() << " is not whole\n";
    return kExitFailed;
  }
  std::cout << file.string() << " is whole: ";
  print_contents(*found);
  return kExitDone;
}

int restore(const std::filesystem::path& backup, const std::filesystem::path& database) {
  const Result<upkeep::Restored> restored = upkeep::restore_database(backup, database, SystemClock().now());
  if (!restored) return refuse(restored.error());
  std::cout << database.string() << " is now " << backup.string() << ": ";
  print_contents(restored->verified);
  if (!restored->aside.empty()) std::cout << "what it was before: " << restored->aside.string() << "\n";
  return kExitDone;
}

}  // namespace

std::optional<int> work_offline(const Options& options) {
  if (!options.verify.empty()) return verify(options.verify);
  if (!options.restore.empty()) return restore(options.restore, options.service.database);
  return std::nullopt;
}

}  // namespace oodml::coordinator

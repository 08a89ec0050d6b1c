#include "coordinator/offline.h"

#include <iostream>

#include "coordinator/store/verification.h"
#include "coordinator/telling/hooks.h"
#include "coordinator/telling/post.h"
#include "coordinator/telling/send.h"
#include "coordinator/upkeep/restore.h"
#include "core/base/clock.h"
#include "core/base/counted.h"
#include "core/base/exit_code.h"

namespace oodml::coordinator {
namespace {

int refuse(const Status& status) {
  std::cerr << "oodml-coordinator: " << status.message() << "\n";
  return exit_code_here(status.code());
}

void print_contents(const store::Verification& found) {
  std::cout << "schema version " << found.schema_version << ", " << counted(found.sweeps, "sweep") << ", "
            << counted(found.trials, "trial") << ", " << counted(found.attempts, "attempt") << ", "
            << counted(found.results, "result") << "\n";
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

/// A line for each hook.
int test_webhooks(const std::filesystem::path& file) {
  const auto hooks = telling::read_hooks(file);
  if (!hooks) return refuse(hooks.error());
  bool all_well = true;
  for (const telling::Hook& hook : *hooks) {
    const Status sent = telling::send_test(hook, *telling::make_http_post(), SystemClock().now());
    all_well = all_well && sent.ok();
    std::cout << hook.name << ": " << (sent.ok() ? "told" : sent.message()) << std::endl;
  }
  if (hooks->empty()) std::cout << file.string() << ": no hooks" << std::endl;
  return all_well ? kExitDone : kExitFailed;
}

}  // namespace

std::optional<int> work_offline(const Options& options) {
  if (!options.verify.empty()) return verify(options.verify);
  if (!options.restore.empty()) return restore(options.restore, options.service.database);
  if (options.test_webhooks) return test_webhooks(options.service.webhooks);
  return std::nullopt;
}

}  // namespace oodml::coordinator

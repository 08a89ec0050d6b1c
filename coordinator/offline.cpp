#include "coordinator/offline.h"

#include <iostream>

#include "coordinator/artifacts/artifact_store.h"
#include "coordinator/artifacts/content_check.h"
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

/// "12 contents of 3400 bytes".
std::string contents_text(std::int64_t count, std::int64_t bytes) {
  return std::to_string(count) + (count == 1 ? " content" : " contents") + " of " + std::to_string(bytes) + " bytes";
}

/// Whether all contents that the database names are whole.
Result<bool> verify_contents(const Options& options) {
  const std::filesystem::path& root = options.service.artifacts.root;
  if (root.empty()) {
    std::cout << "the files of trials were not looked at; --artifact-root DIR says where their contents lie\n";
    return true;
  }
  OODML_ASSIGN_OR_RETURN(const artifacts::ContentsFound found,
                         artifacts::check_contents(options.verify, root, options.reads_contents));
  for (const std::string& problem : found.problems) std::cout << problem << "\n";
  std::cout << "it names " << contents_text(found.named, found.named_bytes) << ", of which " << found.broken
            << " are not whole in " << root.string() << (options.reads_contents ? " by SHA-256" : " by size") << "; "
            << contents_text(found.unnamed, found.unnamed_bytes) << " there have no name in it\n";
  return found.broken == 0;
}

int verify(const Options& options) {
  const std::filesystem::path& file = options.verify;
  const Result<store::Verification> found = store::verify_database(file);
  if (!found) return refuse(found.error());
  for (const std::string& problem : found->problems) std::cout << problem << "\n";
  if (!found->problems.empty()) {
    std::cerr << "oodml-coordinator: " << file.string() << " is not whole\n";
    return kExitFailed;
  }
  std::cout << file.string() << " is whole: ";
  print_contents(*found);
  const Result<bool> contents = verify_contents(options);
  if (!contents) return refuse(contents.error());
  if (*contents) return kExitDone;
  std::cerr << "oodml-coordinator: files of trials are not whole; the database itself is\n";
  return kExitFailed;
}

/// Contents first: a database that is in its place names what is there.
Status restore_contents(const Options& options) {
  const std::filesystem::path root = artifacts::root_of(options.service.artifacts, options.service.database);
  OODML_ASSIGN_OR_RETURN(const artifacts::PutBack done,
                         artifacts::put_back_contents(options.restore, options.restore_artifacts, root));
  std::cout << contents_text(done.put, done.put_bytes) << " put back to " << root.string() << ", " << done.there
            << " were there\n";
  for (const std::string& line : done.lacking) std::cout << line << "\n";
  if (done.lacking_count > 0)
    std::cout << done.lacking_count << " that it names are whole neither there nor in "
              << options.restore_artifacts.string() << "\n";
  return {};
}

int restore(const Options& options) {
  const std::filesystem::path &backup = options.restore, &database = options.service.database;
  if (!options.restore_artifacts.empty()) {
    const Result<store::Verification> whole = store::verify_database(backup);
    if (!whole) return refuse(whole.error());
    if (const Status status = restore_contents(options); !status.ok()) return refuse(status);
  }
  const Result<upkeep::Restored> restored = upkeep::restore_database(backup, database, SystemClock().now());
  if (!restored) return refuse(restored.error());
  std::cout << database.string() << " is now " << backup.string() << ": ";
  print_contents(restored->verified);
  if (!restored->aside.empty()) std::cout << "what it was before: " << restored->aside.string() << "\n";
  return kExitDone;
}

int list_contents(const std::filesystem::path& file) {
  const Result<store::Verification> found = store::verify_database(file);
  if (!found) return refuse(found.error());
  if (!found->problems.empty()) {
    return refuse(Status(StatusCode::kDataLoss, file.string() + " is not whole: " + found->problems.front()));
  }
  const Result<std::string> list = artifacts::content_list(file);
  if (!list) return refuse(list.error());
  std::cout << *list << std::flush;
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
  if (!options.verify.empty()) return verify(options);
  if (!options.list_contents.empty()) return list_contents(options.list_contents);
  if (!options.restore.empty()) return restore(options);
  if (options.test_webhooks) return test_webhooks(options.service.webhooks);
  return std::nullopt;
}

}  // namespace oodml::coordinator

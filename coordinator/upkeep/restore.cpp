#include "coordinator/upkeep/restore.h"

#include <algorithm>
#include <string>
#include <system_error>

#include "coordinator/store/database_copy.h"
#include "coordinator/store/owner_lock.h"
#include "coordinator/store/sqlite.h"
#include "core/base/atomic_file.h"

namespace oodml::coordinator::upkeep {
namespace {

namespace fs = std::filesystem;

Result<store::Verification> verified(const fs::path& file) {
  OODML_ASSIGN_OR_RETURN(store::Verification found, store::verify_database(file));
  if (found.problems.empty()) return found;
  std::string text = file.string() + " is not whole";
  for (const std::string& problem : found.problems) text += "\n  " + problem;
  return failure(StatusCode::kDataLoss, std::move(text));
}

/// A log that stayed behind would be taken for the new database's own. A damaged database keeps it: that is why
/// somebody restores it.
void settle_log(const fs::path& database) {
  try {
    store::Connection(database, store::Access::kWrite).checkpoint(store::Checkpoint::kTruncate);
  } catch (const store::SqliteError&) {
    return;  // it is put aside with the database
  }
}

/// A second name for a file, beside which the first can be replaced at once.
Status link_aside(const fs::path& file, const fs::path& aside) {
  std::error_code error;
  if (!fs::exists(file, error)) return {};
  fs::create_hard_link(file, aside, error);
  if (error) return system_failure("keep " + file.string() + " as " + aside.string(), error.value());
  return {};
}

Status remove_file(const fs::path& file) {
  std::error_code error;
  fs::remove(file, error);
  if (error) return system_failure("remove " + file.string(), error.value());
  return {};
}

/// "2026-11-29T231500Z": no colons, which other systems do not have in names.
std::string stamp_of(Time now) {
  std::string text = to_iso8601(now);
  std::erase(text, ':');
  return text;
}

Result<fs::path> put_aside(const fs::path& database, Time now) {
  std::error_code error;
  if (!fs::exists(database, error)) return fs::path();
  const fs::path aside = database.string() + ".before-" + stamp_of(now);
  settle_log(database);
  OODML_RETURN_IF_ERROR(link_aside(database, aside));
  OODML_RETURN_IF_ERROR(link_aside(database.string() + "-wal", aside.string() + "-wal"));
  for (const char* part : {"-wal", "-shm"}) OODML_RETURN_IF_ERROR(remove_file(database.string() + part));
  return aside;
}

/// A copy that was not put into its place does not stay.
class Copy {
 public:
  explicit Copy(fs::path file) : file_(std::move(file)) {}
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    std::error_code ignored;  // after a rename there is none
    fs::remove(file_, ignored);
  }
  const fs::path& file() const { return file_; }

 private:
  const fs::path file_;
};

}  // namespace

Result<Restored> restore_database(const fs::path& backup, const fs::path& database, Time now) {
  Restored restored;
  OODML_ASSIGN_OR_RETURN(const store::OwnerLock lock, store::OwnerLock::take(database));
  OODML_RETURN_IF_ERROR(verified(backup));
  const Copy copy(database.string() + ".restored");
  OODML_RETURN_IF_ERROR(store::copy_database(backup, copy.file(), [](store::CopyStep) { return true; }));
  // What is put there is what was looked at last, from the disk on which it will be.
  OODML_ASSIGN_OR_RETURN(restored.verified, verified(copy.file()));
  OODML_ASSIGN_OR_RETURN(restored.aside, put_aside(database, now));
  std::error_code error;
  fs::rename(copy.file(), database, error);
  if (error) return system_failure("put a copy of the backup in the place of " + database.string(), error.value());
  OODML_RETURN_IF_ERROR(sync_folder(database.has_parent_path() ? database.parent_path() : "."));
  return restored;
}

}  // namespace oodml::coordinator::upkeep

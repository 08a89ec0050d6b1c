#include "coordinator/store/database_copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "core/base/private_file.h"

namespace oodml::coordinator::store {
namespace {

constexpr int kPagesOfStep = 256;  // 1 MiB
constexpr int kStepsOfSync = 16;

/// Closes it, and removes the file unless it was kept.
class Target {
 public:
  Target(int descriptor, std::filesystem::path file) : descriptor_(descriptor), file_(std::move(file)) {}
  Target(const Target&) = delete;
  Target& operator=(const Target&) = delete;
  ~Target() {
    ::close(descriptor_);
    std::error_code ignored;  // it was told already why there is no copy
    if (!kept_) std::filesystem::remove(file_, ignored);
  }
  Status sync() const {
    if (::fdatasync(descriptor_) == 0) return {};
    return system_failure("sync " + file_.string(), errno);
  }
  void keep() { kept_ = true; }

 private:
  int descriptor_;
  std::filesystem::path file_;
  bool kept_ = false;
};

}  // namespace

Status copy_database(const std::filesystem::path& database, const std::filesystem::path& file,
                     const std::function<bool(CopyStep)>& go_on) {
  OODML_ASSIGN_OR_RETURN(const int descriptor, open_private(file, O_TRUNC));
  Target target(descriptor, file);
  Status synced;
  int steps = 0;
  try {
    Connection source(database, Access::kRead);
    const bool whole = source.copy_into(file, kPagesOfStep, [&](CopyStep step) {
      if (++steps % kStepsOfSync == 0) synced = target.sync();
      return synced.ok() && go_on(step);
    });
    OODML_RETURN_IF_ERROR(synced);
    if (!whole) return failure(StatusCode::kCancelled, "the copy of " + database.string() + " was given up");
  } catch (const SqliteError& error) {
    return error.status();
  }
  OODML_RETURN_IF_ERROR(target.sync());
  target.keep();
  return {};
}

}  // namespace oodml::coordinator::store

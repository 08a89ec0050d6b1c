#include "coordinator/artifacts/partial_content.h"

#include <algorithm>
#include <string>
#include <system_error>
#include <utility>

#include "core/base/atomic_file.h"
#include "core/base/private_file.h"

namespace oodml::coordinator::artifacts {
namespace {

constexpr std::size_t kReadBytes = 1 << 20;

}  // namespace

Result<ContentPresence> PartialContent::look() {
  const std::lock_guard lock(mutex_);
  if (whole_) return ContentPresence{.present = name_.bytes, .whole = true};
  OODML_RETURN_IF_ERROR(open());
  return present_or_whole();
}

Result<ContentPresence> PartialContent::append(std::int64_t offset, std::string_view data) {
  const std::lock_guard lock(mutex_);
  if (whole_) return ContentPresence{.present = name_.bytes, .whole = true};
  OODML_RETURN_IF_ERROR(open());
  if (offset != open_->size) return present_or_whole();
  if (std::ssize(data) > name_.bytes - offset) {
    return invalid_argument("a chunk of " + std::to_string(data.size()) + " bytes at " + std::to_string(offset) +
                            " goes beyond the content's " + std::to_string(name_.bytes));
  }
  OODML_RETURN_IF_ERROR(write(data));
  return present_or_whole();
}

/// Reads what an earlier process, or a failed write, left.
Status PartialContent::open() {
  if (open_) return {};
  OODML_ASSIGN_OR_RETURN(DiskFile file, DiskFile::open_to_write(file_));
  OODML_ASSIGN_OR_RETURN(const std::int64_t size, file.size());
  Sha256Stream hash;
  std::int64_t read = 0;
  while (read < std::min(size, name_.bytes)) {
    OODML_ASSIGN_OR_RETURN(
        const std::string bytes,
        file.read(read, std::min<std::size_t>(kReadBytes, static_cast<std::size_t>(name_.bytes - read))));
    if (bytes.empty()) break;
    hash.add(bytes);
    read += std::ssize(bytes);
  }
  if (size > read) OODML_RETURN_IF_ERROR(file.truncate(read));
  open_.emplace(std::move(file), std::move(hash), read, read > 0);
  return {};
}

Status PartialContent::write(std::string_view data) {
  Status written = open_->file.write(open_->size, data);
  if (!written.ok()) {
    // A piece of it may be there; what is not sure is read again.
    if (!open_->file.truncate(open_->size).ok()) open_.reset();
    return written;
  }
  open_->hash.add(data);
  open_->size += std::ssize(data);
  return {};
}

Result<ContentPresence> PartialContent::present_or_whole() {
  if (open_->size < name_.bytes) return ContentPresence{.present = open_->size, .whole = false};
  const std::string hash = open_->hash.hex();
  if (hash != name_.sha256) return refuse(hash);
  Status home = take_home();
  open_.reset();  // its hash has ended
  if (!home.ok()) return failure(std::move(home));
  whole_ = true;
  return ContentPresence{.present = name_.bytes, .whole = true};
}

/// Bytes that are not what they were said to be. Those of an earlier process may have been damaged here, and are asked
/// for again; others were sent wrongly.
Result<ContentPresence> PartialContent::refuse(const std::string& hash) {
  const bool may_be_ours = open_->from_before;
  open_.reset();
  std::error_code error;
  std::filesystem::remove(file_, error);
  if (error) return system_failure("remove " + file_.string(), error.value());
  if (may_be_ours) return ContentPresence{};
  return invalid_argument("the " + std::to_string(name_.bytes) + " bytes that came have the SHA-256 " + hash +
                          ", not " + name_.sha256 + "; they were thrown away");
}

/// Whatever could not be synced is not trusted again: the kernel may have dropped what it could not write.
Status PartialContent::take_home() {
  std::error_code error;
  if (Status synced = open_->file.sync(); !synced.ok()) {
    std::filesystem::remove(file_, error);
    return synced;
  }
  const std::filesystem::path folder = home_.parent_path();
  OODML_RETURN_IF_ERROR(make_folders(folder));
  OODML_RETURN_IF_ERROR(detail::status_of(make_private(folder)));
  std::filesystem::rename(file_, home_, error);
  if (error) return system_failure("rename " + file_.string() + " to " + home_.string(), error.value());
  Status synced = sync_folder(folder);
  if (!synced.ok()) std::filesystem::remove(home_, error);
  return synced;
}

}  // namespace oodml::coordinator::artifacts

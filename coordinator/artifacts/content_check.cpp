#include "coordinator/artifacts/content_check.h"

#include <sys/stat.h>
#include <unistd.h>

#include <functional>
#include <set>
#include <system_error>

#include "coordinator/artifacts/content_home.h"
#include "coordinator/artifacts/disk_file.h"
#include "coordinator/store/file_table.h"
#include "coordinator/store/sqlite.h"
#include "core/base/atomic_file.h"
#include "core/base/private_file.h"
#include "core/base/sha256.h"

namespace oodml::coordinator::artifacts {
namespace {

namespace fs = std::filesystem;
using store::NamedContent;

constexpr std::size_t kMostProblems = 20;
constexpr std::size_t kPiece = 1 << 20;

/// Runs `work` on the database, whose failures are values here.
Status with_database(const fs::path& file, const std::function<Status(store::Connection&)>& work) {
  try {
    store::Connection database(file, store::Access::kRead);
    return work(database);
  } catch (const store::SqliteError& failed) {
    return failed.status();
  }
}

/// Why a content is not what it should be; empty: it is.
std::string fault_of(const fs::path& root, const NamedContent& content, bool reads) {
  std::error_code error;
  const fs::path file = content_home(root, content.sha256);
  if (!fs::is_regular_file(fs::symlink_status(file, error))) return "is not there";
  const auto size = static_cast<std::int64_t>(fs::file_size(file, error));
  if (error) return "cannot be looked at: " + error.message();
  if (size != content.bytes) return "has " + std::to_string(size) + " bytes, not " + std::to_string(content.bytes);
  if (!reads) return "";
  const Result<std::string> hash = sha256_hex_of_file(file);
  if (!hash) return "cannot be read: " + hash.error().message();
  return *hash == content.sha256 ? "" : "has the SHA-256 " + *hash;
}

std::string line_of(const NamedContent& content, const std::string& fault) {
  return "content " + content.sha256 + " of trial " + std::to_string(content.trial.value) + ", attempt " +
         std::to_string(content.attempt) + ", " + content.path + ": " + fault;
}

Status count_unnamed(store::Connection& database, const fs::path& folder, ContentsFound& found) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error))
    names.push_back(it->path().filename().string());
  if (error) return system_failure("list " + folder.string(), error.value());
  const std::set<std::string> named = store::named_contents(database, names);
  for (const std::string& name : names) {
    if (named.contains(name)) continue;
    std::error_code gone;  // collected meanwhile
    const auto bytes = static_cast<std::int64_t>(fs::file_size(folder / name, gone));
    if (gone) continue;
    ++found.unnamed;
    found.unnamed_bytes += bytes;
  }
  return {};
}

Status copy_bytes(const fs::path& from, const fs::path& to) {
  OODML_ASSIGN_OR_RETURN(const DiskFile source, DiskFile::open_to_read(from));
  OODML_ASSIGN_OR_RETURN(const DiskFile target, DiskFile::open_to_write(to));
  OODML_RETURN_IF_ERROR(target.truncate(0));
  for (std::int64_t offset = 0;;) {
    OODML_ASSIGN_OR_RETURN(const std::string piece, source.read(offset, kPiece));
    if (piece.empty()) return target.sync();
    OODML_RETURN_IF_ERROR(target.write(offset, piece));
    offset += std::ssize(piece);
  }
}

bool is_ours(const fs::path& file) {
  struct stat info{};
  return ::lstat(file.c_str(), &info) == 0 && info.st_uid == ::geteuid() && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0;
}

Status put_one(const fs::path& from, const fs::path& root, const NamedContent& content) {
  const fs::path source = content_home(from, content.sha256), home = content_home(root, content.sha256);
  OODML_RETURN_IF_ERROR(make_folders(home.parent_path()));
  std::error_code error;
  fs::remove(home, error);  // one that was not whole
  if (is_ours(source)) {
    fs::create_hard_link(source, home, error);
    if (!error) return sync_folder(home.parent_path());
  }
  const fs::path part = root / "partial" / (content.sha256 + "-restored");
  OODML_RETURN_IF_ERROR(copy_bytes(source, part));
  fs::rename(part, home, error);
  if (error) return system_failure("rename " + part.string() + " to " + home.string(), error.value());
  return sync_folder(home.parent_path());
}

Status make_root(const fs::path& root) {
  for (const fs::path& folder : {root, root / "content", root / "partial"}) {
    OODML_RETURN_IF_ERROR(make_folders(folder));
    OODML_RETURN_IF_ERROR(detail::status_of(make_private(folder)));
  }
  return {};
}

Status check_folder(const fs::path& root) {
  std::error_code error;
  if (fs::is_directory(root / "content", error)) return {};
  return not_found("no contents below " + root.string() +
                   "; name a coordinator's --artifact-root, DATABASE.artifacts, " +
                   "or the folder of oodml db backup --artifacts");
}

}  // namespace

Result<ContentsFound> check_contents(const fs::path& database, const fs::path& root, bool reads_them) {
  OODML_RETURN_IF_ERROR(check_folder(root));
  ContentsFound found;
  const auto look = [&](const NamedContent& content) -> Status {
    ++found.named;
    found.named_bytes += content.bytes;
    const std::string fault = fault_of(root, content, reads_them);
    if (fault.empty()) return {};
    ++found.broken;
    if (found.problems.size() < kMostProblems) found.problems.push_back(line_of(content, fault));
    return {};
  };
  OODML_RETURN_IF_ERROR(with_database(database, [&](store::Connection& connection) -> Status {
    OODML_RETURN_IF_ERROR(store::for_each_content(connection, look));
    std::error_code error;
    for (fs::directory_iterator it(root / "content", error), end; !error && it != end; it.increment(error))
      OODML_RETURN_IF_ERROR(count_unnamed(connection, it->path(), found));
    if (error) return system_failure("list " + (root / "content").string(), error.value());
    return {};
  }));
  return found;
}

Result<PutBack> put_back_contents(const fs::path& database, const fs::path& from, const fs::path& root) {
  OODML_RETURN_IF_ERROR(check_folder(from));
  OODML_RETURN_IF_ERROR(make_root(root));
  PutBack result;
  const auto put = [&](const NamedContent& content) -> Status {
    if (fault_of(root, content, /*reads=*/false).empty()) {
      ++result.there;
      return {};
    }
    if (const std::string fault = fault_of(from, content, /*reads=*/true); !fault.empty()) {
      ++result.lacking_count;
      if (result.lacking.size() < kMostProblems) result.lacking.push_back(line_of(content, fault));
      return {};
    }
    OODML_RETURN_IF_ERROR(put_one(from, root, content));
    ++result.put;
    result.put_bytes += content.bytes;
    return {};
  };
  OODML_RETURN_IF_ERROR(
      with_database(database, [&](store::Connection& connection) { return store::for_each_content(connection, put); }));
  return result;
}

Result<std::string> content_list(const fs::path& database) {
  std::string text;
  OODML_RETURN_IF_ERROR(with_database(database, [&](store::Connection& connection) {
    return store::for_each_content(connection, [&](const NamedContent& content) -> Status {
      text += content.sha256 + " " + std::to_string(content.bytes) + "\n";
      return {};
    });
  }));
  return text;
}

}  // namespace oodml::coordinator::artifacts

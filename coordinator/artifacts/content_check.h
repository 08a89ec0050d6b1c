#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace oodml::coordinator::artifacts {

/// How the contents that a database names and those of a folder agree.
struct ContentsFound {
  std::int64_t named = 0, named_bytes = 0;      ///< That the database names, each once.
  std::int64_t broken = 0;                      ///< Of them: not there, or not whole.
  std::int64_t unnamed = 0, unnamed_bytes = 0;  ///< That lie there, and the database does not name.
  std::vector<std::string> problems;            ///< A line for each of the first broken ones.
};

/// Looks for every content that the database file names below `root` (content_store.h), and compares its size; with
/// `reads_them` also its SHA-256, which takes as long as the disk does. Changes nothing; a coordinator may work on
/// both. kNotFound: there is no such folder.
Result<ContentsFound> check_contents(const std::filesystem::path& database, const std::filesystem::path& root,
                                     bool reads_them);

/// What came of putting contents back.
struct PutBack {
  std::int64_t there = 0;  ///< That were there already.
  std::int64_t put = 0, put_bytes = 0;
  std::vector<std::string> lacking;  ///< The first that are whole in neither folder, a line each.
  std::int64_t lacking_count = 0;
};

/// Puts the contents that the database file names and `root` lacks there, from another such folder: each verified by
/// its SHA-256, linked where the files are ours and on the same disk, else copied, and under its name once it is on
/// disk. Killed and called again it goes on.
Result<PutBack> put_back_contents(const std::filesystem::path& database, const std::filesystem::path& from,
                                  const std::filesystem::path& root);

/// A line "SHA256 BYTES" for each content that the database file names.
Result<std::string> content_list(const std::filesystem::path& database);

}  // namespace oodml::coordinator::artifacts

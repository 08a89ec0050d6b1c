#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml::coordinator::web {

/// One file of the page as the build put it into the program.
struct EmbeddedFile {
  const char* path;  ///< Below coordinator/web/page: vendor/uPlot/uPlot.css.
  const unsigned char* bytes;
  std::size_t size;
};
/// Written by cmake/write_page_data.cmake.
std::span<const EmbeddedFile> embedded_files();

struct PageFile {
  std::string bytes;
  std::string type;  ///< text/html; charset=utf-8
  std::string etag;
};

/// The files of the page: those in the program, or those of a folder, which are read at each request for people who
/// work on them.
class PageFiles {
 public:
  /// kNotFound: `folder` is none; empty: the files in the program.
  static Result<PageFiles> open(const std::filesystem::path& folder);

  /// The file of a path that begins with a slash; "/" is index.html. nullopt: there is none, or the path has a part
  /// that is no plain name, or leads out of the folder.
  std::optional<PageFile> find(std::string_view path) const;

 private:
  explicit PageFiles(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::optional<PageFile> read(const std::string& name) const;

  std::filesystem::path folder_;  // canonical; empty: embedded
  std::map<std::string, PageFile, std::less<>> embedded_;
};

}  // namespace oodml::coordinator::web

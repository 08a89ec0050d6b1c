#include "core/data/folder_source.h"

#include "core/base/atomic_file.h"
#include "core/data/decode.h"
#include "core/base/printable.h"

namespace oodml::data {

FolderSource::FolderSource(std::filesystem::path root, std::vector<std::string> files)
    : root_(std::move(root)), files_(std::move(files)) {}

Result<Image> FolderSource::load(std::int64_t index) const {
  const std::filesystem::path path = root_ / files_.at(static_cast<std::size_t>(index));
  const Result<std::string> bytes = read_file(path, kMaxImageFileBytes);
  if (!bytes) return failure(bytes.error().code(), printable(bytes.error().message(), 4096));
  return decode_image(*bytes, name(index));
}

std::string FolderSource::name(std::int64_t index) const {
  return printable((root_ / files_.at(static_cast<std::size_t>(index))).native(), 4096);
}

}  // namespace oodml::data

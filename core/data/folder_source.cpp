#include "core/data/folder_source.h"

#include "core/base/atomic_file.h"
#include "core/base/printable.h"
#include "core/images/decode.h"

namespace oodml::data {

FolderSource::FolderSource(std::filesystem::path root, std::vector<std::string> files)
    : root_(std::move(root)), files_(std::move(files)) {}

Result<std::string> FolderSource::bytes_of(std::int64_t index) const {
  Result<std::string> bytes = read_file(root_ / files_.at(static_cast<std::size_t>(index)), images::kMaxImageFileBytes);
  if (!bytes) return failure(bytes.error().code(), printable(bytes.error().message(), 4096));
  return bytes;
}

Result<images::Image> FolderSource::load(std::int64_t index) const {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, bytes_of(index));
  return images::decode_image(bytes, name(index));
}

Result<images::ImagePart> FolderSource::load_part(std::int64_t index, const images::ChooseRegion& choose) const {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, bytes_of(index));
  return images::decode_part(bytes, name(index), choose);
}

std::string FolderSource::name(std::int64_t index) const {
  return printable((root_ / files_.at(static_cast<std::size_t>(index))).native(), 4096);
}

}  // namespace oodml::data

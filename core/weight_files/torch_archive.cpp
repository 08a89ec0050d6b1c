#include "core/weight_files/torch_archive.h"

#include "core/base/printable.h"
#include "core/base/zip.h"
#include "core/weight_files/state_dict.h"

namespace oodml::weight_files {
namespace {

using namespace std::string_view_literals;

Failure damaged(const std::string& name, const std::string& what) {
  return failure(StatusCode::kDataLoss, name + ": " + what);
}

/// The folder that everything in the archive lies in, by the one member <folder>/data.pkl.
Result<std::string> folder_of(const ZipArchive& archive, const std::string& name) {
  constexpr std::string_view kIndex = "/data.pkl";
  std::string folder;
  for (const auto& [member, entry] : archive.members()) {
    if (!member.ends_with(kIndex) || member.find('/') != member.size() - kIndex.size()) continue;
    if (!folder.empty()) return damaged(name, "two tensor indices (data.pkl) in it");
    folder = member.substr(0, member.size() - kIndex.size() + 1);
  }
  if (folder.empty()) return invalid_argument(name + ": a zip archive, but not one of torch.save: no data.pkl in it");
  return folder;
}

Status check_byte_order(const ZipArchive& archive, const std::string& folder, const std::string& name) {
  if (!archive.members().contains(folder + "byteorder")) return {};  // files before PyTorch 2.1
  OODML_ASSIGN_OR_RETURN(const std::string_view order, archive.view(folder + "byteorder"));
  if (order == "little") return {};
  return invalid_argument(name + ": its bytes are not in little-endian order");
}

/// torch.save packs nothing; a packed member could be far larger than the file.
Result<std::string_view> storage_in(const ZipArchive& archive, const std::string& member, std::uint64_t bytes,
                                    const std::string& name) {
  if (!archive.members().contains(member)) return damaged(name, "'" + printable(member) + "' is not in it");
  OODML_ASSIGN_OR_RETURN(const std::string_view found, archive.view(member));
  if (found.size() == bytes) return found;
  return damaged(name, "'" + printable(member) + "' should have " + std::to_string(bytes) + " bytes, but has " +
                           std::to_string(found.size()));
}

}  // namespace

bool is_torch_archive(std::string_view bytes) { return bytes.starts_with("PK\x03\x04"sv); }

Result<StateDict> parse_torch_archive(std::string_view bytes, const std::string& name) {
  OODML_ASSIGN_OR_RETURN(const ZipArchive archive, ZipArchive::open(bytes, name));
  OODML_ASSIGN_OR_RETURN(const std::string folder, folder_of(archive, name));
  if (archive.members().contains(folder + "constants.pkl")) {
    return invalid_argument(name +
                            ": a TorchScript archive, which holds a program beside the weights; save these alone: " +
                            "torch.save(torch.jit.load(FILE).state_dict(), NEW)");
  }
  OODML_RETURN_IF_ERROR(check_byte_order(archive, folder, name));
  OODML_ASSIGN_OR_RETURN(const std::string_view index, archive.view(folder + "data.pkl"));
  OODML_ASSIGN_OR_RETURN(const pickle::Document document, read_weight_pickle(index, name + ": data.pkl"));
  return read_state_dict(document, name, [&](const std::string& key, std::uint64_t size) {
    return storage_in(archive, folder + "data/" + key, size, name);
  });
}

}  // namespace oodml::weight_files

#include "core/weight_files/other_kinds.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "core/base/foreign_file.h"

namespace oodml::weight_files {
namespace {

/// What to do about kinds in which people find weights.
constexpr std::array<std::pair<std::string_view, std::string_view>, 7> kAdvice = {{
    {"a gzip file", "unpack it"},
    {"a bzip2 file", "unpack it"},
    {"an xz file", "unpack it"},
    {"a Zstandard file", "unpack it"},
    {"an HDF5 file", "Keras writes weights so; export them from there"},
    {"a NumPy array", "it has no name"},
    {"a tar archive",
     "the first releases of PyTorch (before 0.1.10) or people write such; unpack it, or save it again"},
}};

std::string with_advice(std::string_view kind) {
  const auto known = std::ranges::find(kAdvice, kind, &decltype(kAdvice)::value_type::first);
  return std::string(kind) + (known == kAdvice.end() ? "" : "; " + std::string(known->second));
}

}  // namespace

std::string other_kind(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  // Which begins with the size of its header, whose bytes may be any.
  const bool may_be_safetensors = bytes.size() > 8 && bytes[8] == '{';
  if (!may_be_safetensors) {
    if (const std::string_view kind = foreign_kind(bytes); !kind.empty()) return with_advice(kind);
    if (bytes.starts_with('\x80')) return "a plain Python pickle, which torch.save did not write";
  }
  if (bytes.starts_with('{')) {
    return bytes.substr(0, 4096).find("weight_map") != bytes.npos
               ? "the index of weights that lie in several files; join these first, as with model.state_dict()"
               : "a JSON text";
  }
  return "";
}

std::string part_of_several(std::string_view file_name) {
  constexpr std::string_view kOf = "-of-";
  constexpr std::size_t kDigits = 5;
  const auto at = file_name.rfind(kOf);
  if (at == file_name.npos || at < kDigits + 1 || file_name[at - kDigits - 1] != '-') return "";
  const auto digits = [](std::string_view text) {
    return text.size() == kDigits && std::ranges::all_of(text, [](unsigned char c) { return std::isdigit(c) != 0; });
  };
  const auto number = file_name.substr(at - kDigits, kDigits), all = file_name.substr(at + kOf.size(), kDigits);
  if (!digits(number) || !digits(all) || all == "00001") return "";
  return "one part of the weights, by its name " + std::string(number) + " of " + std::string(all) +
         "; join them first: load the model in Python and save model.state_dict() in one file";
}

}  // namespace oodml::weight_files

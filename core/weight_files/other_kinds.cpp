#include "core/weight_files/other_kinds.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace oodml::weight_files {
namespace {

using namespace std::string_view_literals;

struct Beginning {
  std::string_view bytes;
  std::string_view what;
};

constexpr std::array<Beginning, 8> kBeginnings = {{
    {"version https://git-lfs"sv, "a Git LFS pointer, not the file that it stands for (git lfs pull fetches that)"},
    {"\x89HDF\r\n\x1a\n"sv, "an HDF5 file, as Keras writes weights"},
    {"\x1f\x8b"sv, "packed by gzip; unpack it"},
    {"BZh"sv, "packed by bzip2; unpack it"},
    {"\xfd""7zXZ"sv, "packed by xz; unpack it"},
    {"(\xb5/\xfd"sv, "packed by zstd; unpack it"},
    {"\x93NUMPY"sv, "one NumPy array without a name"},
    {"\x80"sv, "a plain Python pickle, which torch.save did not write"},
}};

bool is_html(std::string_view bytes) {
  const auto start = std::min(bytes.find_first_not_of(" \t\r\n\xef\xbb\xbf"), bytes.size());
  std::string head(bytes.substr(start, 14));
  std::ranges::transform(head, head.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return head.starts_with("<!doctype html") || head.starts_with("<html") || head.starts_with("<?xml");
}

bool is_tar(std::string_view bytes) { return bytes.size() >= 512 && bytes.substr(257, 5) == "ustar"; }

}  // namespace

std::string other_kind(std::string_view bytes) {
  if (bytes.empty()) return "empty";
  // Which begins with the size of its header, whose bytes may be any.
  const bool may_be_safetensors = bytes.size() > 8 && bytes[8] == '{';
  for (const Beginning& known : kBeginnings) {
    if (!may_be_safetensors && bytes.starts_with(known.bytes)) return std::string(known.what);
  }
  if (is_html(bytes)) return "an HTML page: was a login or an error page downloaded in its place?";
  if (is_tar(bytes)) return "a tar archive, as the first releases of PyTorch (before 0.1.10) or people write; unpack it, or save it again";
  if (bytes.starts_with("{")) {
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

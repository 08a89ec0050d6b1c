#include "core/base/image_files.h"

#include <algorithm>
#include <array>
#include <string>

namespace oodml {
namespace {

struct Leftover {
  std::string_view name;  ///< In small letters.
  std::string_view reason;
};

constexpr std::string_view kNas = "kept by a NAS";
constexpr std::string_view kWindows = "kept by Windows";

constexpr std::array<Leftover, 15> kLeftovers = {{
    {"@eadir", kNas},
    {"@tmp", kNas},
    {"@recycle", kNas},
    {"@recently-snapshot", kNas},
    {"#recycle", kNas},
    {"#snapshot", kNas},
    {"__macosx", "the side files of macOS in an archive"},
    {"icon\r", "kept by macOS"},
    {"thumbs.db", kWindows},
    {"ehthumbs.db", kWindows},
    {"desktop.ini", kWindows},
    {"$recycle.bin", kWindows},
    {"system volume information", kWindows},
    {"lost+found", "kept by the file system"},
    {"__pycache__", "kept by Python"},
}};

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return small;
}

}  // namespace

bool has_image_extension(std::string_view name) {
  constexpr std::array<std::string_view, 4> kExtensions = {".jpg", ".jpeg", ".png", ".webp"};
  const std::size_t dot = name.rfind('.');
  return dot != std::string_view::npos &&
         std::ranges::find(kExtensions, in_small_letters(name.substr(dot))) != kExtensions.end();
}

std::string_view why_left_out(std::string_view name) {
  if (name.starts_with('.')) return "hidden";
  if (name.find("._") != std::string_view::npos) return "contains ._ as the side files of macOS do";
  const auto found = std::ranges::find(kLeftovers, in_small_letters(name), &Leftover::name);
  return found == kLeftovers.end() ? "" : found->reason;
}

}  // namespace oodml

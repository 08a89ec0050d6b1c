#include "core/base/foreign_file.h"

#include <algorithm>
#include <array>
#include <fstream>

#include "core/base/utf8.h"

namespace oodml {
namespace {

using namespace std::string_view_literals;

struct Kind {
  std::size_t offset;
  std::string_view bytes;
  std::string_view name;
};

constexpr std::array kKinds = std::to_array<Kind>({
    {0, "version https://git-lfs"sv, "a Git LFS pointer: the file itself was not fetched (git lfs pull)"},
    {0, "/annex/objects/"sv, "a git-annex pointer: the file itself was not fetched (git annex get)"},
    {0, "\xFF\xD8\xFF"sv, "a JPEG image"},
    {0, "\x89PNG\r\n\x1A\n"sv, "a PNG image"},
    {0, "GIF87a"sv, "a GIF image"},
    {0, "GIF89a"sv, "a GIF image"},
    {0, "II*\0"sv, "a TIFF image, or a camera's raw one"},
    {0, "MM\0*"sv, "a TIFF image, or a camera's raw one"},
    {0, "II+\0"sv, "a TIFF image"},
    {0, "MM\0+"sv, "a TIFF image"},
    {0, "\0\0\0\x0CjP  \r\n\x87\n"sv, "a JPEG 2000 image"},
    {0, "\xFF\x4F\xFF\x51"sv, "a JPEG 2000 image"},
    {0, "\0\0\0\x0CJXL \r\n\x87\n"sv, "a JPEG XL image"},
    {0, "\xFF\x0A"sv, "a JPEG XL image"},
    {0, "8BPS"sv, "a Photoshop image"},
    {0, "\0\0\1\0"sv, "an icon"},
    {0, "%PDF-"sv, "a PDF document"},
    {0, "\x1F\x8B"sv, "a gzip file"},
    {0, "BZh"sv, "a bzip2 file"},
    {0, "\xFD\x37zXZ\0"sv, "an xz file"},
    {0, "\x28\xB5\x2F\xFD"sv, "a Zstandard file"},
    {0, "PK\3\4"sv, "a ZIP archive"},
    {0, "Rar!\x1A\7"sv, "a RAR archive"},
    {0, "7z\xBC\xAF\x27\x1C"sv, "a 7-Zip archive"},
    {257, "ustar"sv, "a tar archive"},
    {0, "\x93NUMPY"sv, "a NumPy array"},
    {0, "\x89HDF\r\n\x1A\n"sv, "an HDF5 file"},
    {0, "MATLAB 5.0 MAT-file"sv, "a MATLAB file"},
    {0, "\0\5\x16\7"sv, "a side file of macOS"},
});

/// Brands of ISO base media files, which all begin alike.
constexpr std::array kBrands = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"avif", "an AVIF image"},
    {"avis", "an AVIF image"},
    {"heic", "a HEIC image"},
    {"heix", "a HEIC image"},
    {"hevc", "a HEIC image"},
    {"hevx", "a HEIC image"},
    {"heim", "a HEIC image"},
    {"heis", "a HEIC image"},
    {"mif1", "a HEIF image"},
    {"msf1", "a HEIF image"},
    {"crx ", "a camera's raw image"},
});

/// The first known brand of the main one and the compatible ones that are at hand.
std::string_view kind_of_media(std::string_view bytes) {
  constexpr std::size_t kMost = 64;
  std::string_view general;
  for (std::size_t place = 8; place + 4 <= std::min(bytes.size(), kMost); place += 4) {
    const auto found = std::ranges::find(kBrands, bytes.substr(place, 4), &decltype(kBrands)::value_type::first);
    if (found == kBrands.end()) continue;
    if (found->second != "a HEIF image") return found->second;
    general = found->second;
  }
  return general.empty() ? "a video or audio file" : general;
}

std::string_view kind_of_riff(std::string_view bytes) {
  const std::string_view form = bytes.substr(8, 4);
  return form == "WEBP" ? "a WebP image" : form == "AVI " ? "a video" : form == "WAVE" ? "a sound file" : "";
}

bool begins_with_tag(std::string_view text, std::string_view tag) {
  const auto same = [](char small, char any) { return small == (any >= 'A' && any <= 'Z' ? any - 'A' + 'a' : any); };
  return text.size() >= tag.size() && std::equal(tag.begin(), tag.end(), text.begin(), same);
}

std::string_view kind_of_markup(std::string_view bytes) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  bytes.remove_prefix(std::min(bytes.find_first_not_of(" \t\r\n"), bytes.size()));
  for (const std::string_view tag : {"<!doctype html"sv, "<html"sv, "<head"sv, "<body"sv, "<script"sv, "<!--"sv}) {
    if (begins_with_tag(bytes, tag)) return "an HTML page, as servers send in place of a file";
  }
  if (begins_with_tag(bytes, "<svg")) return "an SVG drawing";
  return begins_with_tag(bytes, "<?xml") ? "an XML document" : "";
}

}  // namespace

std::string_view foreign_kind(std::string_view bytes) {
  for (const Kind& kind : kKinds) {
    if (bytes.size() > kind.offset && bytes.substr(kind.offset).starts_with(kind.bytes)) return kind.name;
  }
  if (bytes.size() >= 12 && bytes.substr(4, 4) == "ftyp") return kind_of_media(bytes);
  if (bytes.size() >= 12 && bytes.starts_with("RIFF")) return kind_of_riff(bytes);
  if (bytes.size() >= 14 && bytes.starts_with("BM") && bytes.substr(6, 4) == "\0\0\0\0"sv) return "a BMP image";
  if (!bytes.empty() && bytes.find_first_not_of('\0') == std::string_view::npos) return "nothing but zero bytes";
  return kind_of_markup(bytes);
}

std::string_view foreign_kind_of_file(const std::filesystem::path& path) {
  std::array<char, 512> beginning;
  std::ifstream file(path, std::ios::binary);
  file.read(beginning.data(), beginning.size());
  return foreign_kind({beginning.data(), static_cast<std::size_t>(file.gcount())});
}

bool looks_like_text(std::string_view bytes) {
  constexpr std::size_t kSeen = 512;
  std::string_view seen = bytes.substr(0, kSeen);
  if (const auto broken = first_invalid_utf8(seen)) {
    if (bytes.size() <= kSeen || *broken + 4 <= kSeen) return false;  // else the cut went through a character
    seen = seen.substr(0, *broken);
  }
  return !seen.empty() && std::ranges::none_of(seen, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7F;
  });
}

}  // namespace oodml

#include "coordinator/artifacts/output_file.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "coordinator/artifacts/disk_file.h"
#include "core/job/limits.h"

namespace oodml::coordinator::artifacts {
namespace {

constexpr std::int64_t kRing = 8 << 20;
static_assert(kOutputTail + static_cast<std::int64_t>(job::kMaxChunkBytes) <= kRing);

/// The beginning of the file, in the machine's byte order: it stays where it was written.
struct Header {
  std::array<char, 8> magic = {'o', 'u', 't', 'p', 'u', 't', '1', '\n'};
  std::int64_t end = 0;
  std::int64_t over = 0;
};
constexpr std::int64_t kHeader = sizeof(Header);

/// Where a byte of the output lies in the file.
std::int64_t place_of(std::int64_t offset) {
  return kHeader + (offset < kOutputHead ? offset : kOutputHead + (offset - kOutputHead) % kRing);
}

/// How many bytes from `offset` on lie one after the other.
std::int64_t run_at(std::int64_t offset) {
  return offset < kOutputHead ? kOutputHead - offset : kRing - (offset - kOutputHead) % kRing;
}

Result<OutputState> state_of(const DiskFile& file) {
  OODML_ASSIGN_OR_RETURN(const std::string bytes, file.read(0, sizeof(Header)));
  Header header;
  if (bytes.size() < sizeof(Header) || std::memcmp(bytes.data(), header.magic.data(), header.magic.size()) != 0) {
    return OutputState{};  // made, and killed before the first length was there
  }
  std::memcpy(&header, bytes.data(), sizeof(Header));
  // After a power cut there may be less than the length says.
  OODML_ASSIGN_OR_RETURN(const std::int64_t size, file.size());
  const std::int64_t there = size >= kHeader + kOutputHead + kRing ? header.end : size - kHeader;
  const std::int64_t end = std::clamp<std::int64_t>(header.end, 0, std::max<std::int64_t>(there, 0));
  return OutputState{.end = end, .over = header.over != 0 && end == header.end};
}

Status write_header(const DiskFile& file, const OutputState& state) {
  const Header header{.end = state.end, .over = state.over ? 1 : 0};
  return file.write(0, {reinterpret_cast<const char*>(&header), sizeof(header)});
}

/// At most `count` bytes from `offset` on, which are kept.
Result<std::string> read_kept(const DiskFile& file, std::int64_t offset, std::int64_t count) {
  std::string data;
  while (count > 0) {
    const std::int64_t piece = std::min(count, run_at(offset));
    OODML_ASSIGN_OR_RETURN(const std::string bytes, file.read(place_of(offset), static_cast<std::size_t>(piece)));
    data += bytes;
    if (std::ssize(bytes) < piece) break;
    offset += piece;
    count -= piece;
  }
  return data;
}

}  // namespace

Result<OutputState> look_at_output(const std::filesystem::path& path) {
  const auto file = DiskFile::open_to_read(path);
  if (!file && file.error().code() == StatusCode::kNotFound) return OutputState{};
  if (!file) return failure(file.error());
  return state_of(*file);
}

Result<OutputState> append_to_output(const std::filesystem::path& path, std::int64_t offset, std::string_view data,
                                     bool over) {
  OODML_ASSIGN_OR_RETURN(const DiskFile file, DiskFile::open_to_write(path));
  OODML_ASSIGN_OR_RETURN(OutputState state, state_of(file));
  if (offset > state.end) return state;
  data.remove_prefix(std::min(data.size(), static_cast<std::size_t>(state.end - offset)));
  if (data.empty() && (!over || state.over)) return state;
  while (!data.empty()) {
    const std::string_view piece = data.substr(0, static_cast<std::size_t>(run_at(state.end)));
    OODML_RETURN_IF_ERROR(file.write(place_of(state.end), piece));
    state.end += std::ssize(piece);
    data.remove_prefix(piece.size());
  }
  state.over = state.over || over;
  OODML_RETURN_IF_ERROR(write_header(file, state));
  return state;
}

Result<OutputBytes> read_output(const std::filesystem::path& path, std::int64_t offset) {
  const auto file = DiskFile::open_to_read(path);
  if (!file && file.error().code() == StatusCode::kNotFound) return OutputBytes{};
  if (!file) return failure(file.error());
  OODML_ASSIGN_OR_RETURN(const OutputState state, state_of(*file));
  OutputBytes result{.offset = offset < 0 ? std::max<std::int64_t>(state.end + offset, 0) : offset, .state = state};
  result.offset = std::min(result.offset, state.end);
  if (result.offset >= kOutputHead) result.offset = std::max(result.offset, state.tail_begin());
  const std::int64_t kept = result.offset < kOutputHead ? std::min(state.end, kOutputHead) : state.end;
  const std::int64_t count = std::min<std::int64_t>(kept - result.offset, job::kMaxChunkBytes);
  OODML_ASSIGN_OR_RETURN(result.data, read_kept(*file, result.offset, count));
  return result;
}

}  // namespace oodml::coordinator::artifacts

#include "core/data/idx_file.h"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <memory>

#include "core/base/foreign_file.h"
#include "core/base/printable.h"

namespace oodml::data {
namespace {

constexpr std::int64_t kMaxValues = std::int64_t{1} << 30;
constexpr std::size_t kPieceBytes = 1 << 20;

struct CloseGzip {
  void operator()(gzFile file) const { gzclose_r(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

std::string problem_of(gzFile file) {
  int code = Z_OK;
  const char* message = gzerror(file, &code);
  return code == Z_OK || code == Z_BUF_ERROR ? "the file is truncated" : "damaged gzip data: " + printable(message);
}

Status read_exactly(gzFile file, std::uint8_t* target, std::size_t count) {
  const int got = gzread(file, target, static_cast<unsigned>(count));
  if (got == static_cast<int>(count)) return {};
  return failure(StatusCode::kDataLoss, problem_of(file));
}

Result<std::vector<std::int64_t>> read_shape(gzFile file, std::size_t dimensions) {
  std::array<std::uint8_t, 4> word{};
  OODML_RETURN_IF_ERROR(read_exactly(file, word.data(), word.size()));
  if (word[0] != 0 || word[1] != 0 || word[2] != 8 || word[3] != dimensions) {
    return failure(StatusCode::kDataLoss,
                   "not an IDX file of unsigned bytes with " + std::to_string(dimensions) + " dimensions");
  }
  std::vector<std::int64_t> shape;
  std::int64_t values = 1;
  for (std::size_t i = 0; i < dimensions; ++i) {
    OODML_RETURN_IF_ERROR(read_exactly(file, word.data(), word.size()));
    const std::int64_t extent = std::int64_t{word[0]} << 24 | word[1] << 16 | word[2] << 8 | word[3];
    if (extent > kMaxValues || values * extent > kMaxValues) {
      return failure(StatusCode::kDataLoss, "the dimensions announce more than 1 GiB of values");
    }
    values *= extent;
    shape.push_back(extent);
  }
  return shape;
}

/// In pieces, so that memory grows with what is really there.
Status read_values(gzFile file, std::size_t count, std::vector<std::uint8_t>& values) {
  while (values.size() < count) {
    const std::size_t start = values.size();
    const std::size_t piece = std::min(kPieceBytes, count - start);
    values.resize(start + piece);
    OODML_RETURN_IF_ERROR(read_exactly(file, values.data() + start, piece));
  }
  std::uint8_t extra = 0;
  const int more = gzread(file, &extra, 1);  // also makes zlib compare the checksum
  if (more < 0) return failure(StatusCode::kDataLoss, problem_of(file));
  if (more > 0) return failure(StatusCode::kDataLoss, "there is more data than the dimensions say");
  int code = Z_OK;
  gzerror(file, &code);
  if (code != Z_OK) return failure(StatusCode::kDataLoss, problem_of(file));
  return {};
}

}  // namespace

Result<IdxFile> read_idx_file(const std::filesystem::path& path, std::size_t dimensions) {
  const std::string name = printable(path.native(), 4096);
  errno = 0;
  const GzipFile file(gzopen(path.c_str(), "rbe"));
  if (!file) return system_failure("open " + name, errno == 0 ? ENOMEM : errno);
  gzbuffer(file.get(), kPieceBytes);

  IdxFile idx;
  Result<std::vector<std::int64_t>> shape = read_shape(file.get(), dimensions);
  if (!shape) {
    const std::string_view kind = gzdirect(file.get()) != 0 ? foreign_kind_of_file(path) : "";
    const std::string told = kind.empty() ? "" : "is " + std::string(kind) + ", ";
    return failure(shape.error().code(), name + ": " + told + shape.error().message());
  }
  idx.shape = *std::move(shape);
  std::size_t count = 1;
  for (const std::int64_t extent : idx.shape) count *= static_cast<std::size_t>(extent);
  if (const Status status = read_values(file.get(), count, idx.values); !status.ok()) {
    return failure(status.code(), name + ": " + status.message());
  }
  return idx;
}

}  // namespace oodml::data

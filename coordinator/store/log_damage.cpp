#include "coordinator/store/log_damage.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <vector>

namespace oodml::coordinator::store {
namespace {

// https://www.sqlite.org/fileformat2.html#the_write_ahead_log
constexpr std::size_t kHeaderBytes = 32, kFrameHeaderBytes = 24;
constexpr std::uint32_t kMagic = 0x377f0682;  // the last bit: checksums are of big-endian words
constexpr std::uint32_t kLargestPage = 65536;

using Bytes = std::vector<unsigned char>;

std::uint32_t big_endian(const unsigned char* at) {
  return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | std::uint32_t{at[3]};
}
std::uint32_t little_endian(const unsigned char* at) {
  return std::uint32_t{at[3]} << 24 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[1]} << 8 | std::uint32_t{at[0]};
}

using Sum = std::array<std::uint32_t, 2>;

Sum add(Sum sum, const unsigned char* bytes, std::size_t size, bool big) {
  const auto word = big ? big_endian : little_endian;
  for (std::size_t at = 0; at < size; at += 8) {
    sum[0] += word(bytes + at) + sum[1];
    sum[1] += word(bytes + at + 4) + sum[0];
  }
  return sum;
}

struct Frame {
  bool of_this_log = false;  ///< and not what an earlier round left behind
  bool fits = false;         ///< the frame before it and this one are as they were written
  bool commits = false;
  Sum sum{};  ///< as it says
};

class Log {
 public:
  explicit Log(const std::filesystem::path& path) : file_(path, std::ios::binary), header_(kHeaderBytes) {}

  /// False: nothing that SQLite would read.
  bool begin() {
    if (!read(header_)) return false;
    const std::uint32_t magic = big_endian(header_.data()), page = big_endian(header_.data() + 8);
    if ((magic & ~1u) != kMagic || page == 0 || page > kLargestPage || page % 512 != 0) return false;
    big_ = (magic & 1) != 0;
    before_ = {big_endian(header_.data() + 24), big_endian(header_.data() + 28)};
    frame_.resize(kFrameHeaderBytes + page);
    return add({}, header_.data(), 24, big_) == before_;
  }

  std::optional<Frame> next() {
    if (!read(frame_)) return std::nullopt;
    const unsigned char* const at = frame_.data();
    Frame frame{.of_this_log = std::equal(at + 8, at + 16, header_.data() + 16),
                .commits = big_endian(at + 4) != 0,
                .sum = {big_endian(at + 16), big_endian(at + 20)}};
    const Sum sum = add(add(before_, at, 8, big_), at + kFrameHeaderBytes, frame_.size() - kFrameHeaderBytes, big_);
    frame.fits = frame.of_this_log && sum == frame.sum;
    before_ = frame.sum;
    return frame;
  }

  bool failed() const { return file_.bad(); }

 private:
  bool read(Bytes& bytes) {
    return static_cast<bool>(
        file_.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(bytes.size())));
  }

  std::ifstream file_;
  Bytes header_, frame_;
  Sum before_{};
  bool big_ = false;
};

std::string log_of(const std::filesystem::path& database) { return database.string() + "-wal"; }

}  // namespace

Result<std::optional<LogDamage>> find_log_damage(const std::filesystem::path& database) {
  Log log(log_of(database));
  if (!log.begin()) return std::nullopt;
  LogDamage damage;
  bool later_commit = false, after_commit = false;  // behind the damage
  bool proven = false;
  while (const auto frame = log.next()) {
    ++damage.pages;
    if (damage.page == 0 && frame->fits) continue;
    if (damage.page == 0) damage.page = damage.pages;
    if (!later_commit && !frame->of_this_log && damage.pages != damage.page) break;  // what an earlier round left
    proven = proven || (after_commit && frame->fits);
    after_commit = frame->of_this_log && frame->commits;
    later_commit = later_commit || after_commit;
  }
  if (log.failed()) return system_failure("read " + log_of(database), errno);
  if (!proven) return std::nullopt;
  return damage;
}

std::string text_of(const std::filesystem::path& database, const LogDamage& damage) {
  return "the write-ahead log " + log_of(database) + " is damaged in page " + std::to_string(damage.page) + " of " +
         std::to_string(damage.pages) +
         ": what was confirmed from there on cannot be read. Check the disk; then restore a backup, or start once with "
         "--accept-damaged-log to go on without it";
}

}  // namespace oodml::coordinator::store

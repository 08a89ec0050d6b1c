#include "core/images/jpeg_lanes.h"

#include <algorithm>

#include "core/images/jpeg_block_reader.h"

namespace oodml::images {

namespace {

constexpr std::size_t kAhead = 64;       // units from the first lane to where the second begins
constexpr std::size_t kLeastAhead = 24;  // below that a guess does not pay
constexpr std::size_t kValues = JpegBlockReader::kValues;

}  // namespace

struct JpegLanes::Lane {
  JpegBlockReader reader;
  const JpegUnit::Block* block;     ///< of the unit
  std::size_t units = 0, most = 0;  ///< that were read, and that are to be
  bool kept = true;                 ///< the coefficients as well
  std::array<std::int32_t, JpegUnit::kMostComponents> dc;
  const Lane* meets = nullptr;  ///< a guess; this lane stops where that proves right, at its unit `met`
  std::size_t met = 0;
  bool guess = false, joined = false, stopped = false;
  std::size_t room = 0, starts_room = 0;
  std::unique_ptr<std::int16_t[]> coefficients;
  std::unique_ptr<Start[]> starts;

  void make_room(std::size_t values) {
    if (values > room) coefficients = std::make_unique_for_overwrite<std::int16_t[]>(room = values);
    if (most > starts_room) starts = std::make_unique_for_overwrite<Start[]>((starts_room = most) + 1);
  }
};

namespace {

using Lane = JpegLanes::Lane;

template <bool kKept>
struct Walk {
  const JpegUnit& unit;
  const JpegScanBytes& bytes;

  OODML_IN_PLACE void note_start(const JpegBlockReader& reader, Lane& lane) const {
    lane.starts[lane.units] = {static_cast<std::uint32_t>(reader.bits.position(bytes.begin)), lane.dc};
  }

  OODML_IN_PLACE bool begin_block(JpegBlockReader& reader, Lane& lane) const {
    reader.ac = lane.block->ac;
    return reader.template begin<kKept>(*lane.block->dc, lane.dc[lane.block->component], unit.order);
  }

  /// False when the lane is to stop.
  OODML_IN_PLACE bool end_unit(JpegBlockReader& reader, Lane& lane) const {
    if (reader.bits.place() > bytes.end) return false;
    ++lane.units;
    lane.block = unit.blocks.data();
    note_start(reader, lane);
    if (lane.meets != nullptr) {
      const Lane& guess = *lane.meets;
      const std::uint32_t bit = lane.starts[lane.units].bit;
      if (lane.met > guess.units) lane.met = 0;  // it has begun anew
      while (lane.met < guess.units && guess.starts[lane.met].bit < bit) ++lane.met;
      lane.joined = guess.starts[lane.met].bit == bit;
    }
    return lane.units < lane.most && !lane.joined;
  }

  /// A guess that met a fault goes on a bit behind it; false for others, and at the end of the scan.
  OODML_IN_PLACE bool begin_anew(JpegBlockReader& reader, Lane& lane) const {
    if (!lane.guess || reader.bits.place() >= bytes.end) return false;
    reader.bits.fill();
    reader.bits.drop(1);
    reader.block = lane.coefficients.get();
    lane.units = 0;
    lane.block = unit.blocks.data();
    lane.dc = {};
    note_start(reader, lane);
    return true;
  }

  /// Behind a look that may have ended the block; false when the lane is to stop.
  OODML_IN_PLACE bool go_on(JpegBlockReader& reader, Lane& lane) const {
    const JpegBlockReader::Block state = reader.template last_step<kKept>(unit.order);
    if (state == JpegBlockReader::Block::kOpen) return true;
    bool well = state == JpegBlockReader::Block::kEnded;
    if (well) {
      if constexpr (kKept) reader.block += kValues;
      if (++lane.block == unit.blocks.data() + unit.count && !end_unit(reader, lane)) return false;
      well = begin_block(reader, lane);
    }
    while (!well) {
      if (!begin_anew(reader, lane)) return false;
      well = begin_block(reader, lane);
    }
    return true;
  }

  OODML_IN_PLACE void begin(Lane& lane) const {
    note_start(lane.reader, lane);
    bool well = begin_block(lane.reader, lane);
    while (!well && begin_anew(lane.reader, lane)) well = begin_block(lane.reader, lane);
    lane.stopped = !well;
  }

  /// Until one of them stops.
  OODML_IN_PLACE void both(Lane& one, Lane& other) const {
    JpegBlockReader a = one.reader, b = other.reader;
    const JpegOrder& order = unit.order;
    bool on = !one.stopped && !other.stopped;
    while (on) {
      a.bits.fill();
      b.bits.fill();
#pragma GCC unroll 3
      for (int i = 0; i < JpegBlockReader::kLooksAtOnce; ++i) {
        if (!a.template step<kKept>(order)) [[unlikely]] {
          on = go_on(a, one);
          one.stopped = !on;
          break;
        }
        if (!b.template step<kKept>(order)) [[unlikely]] {
          on = go_on(b, other);
          other.stopped = !on;
          break;
        }
      }
    }
    one.reader = a;
    other.reader = b;
  }

  OODML_IN_PLACE void alone(Lane& lane) const {
    JpegBlockReader reader = lane.reader;
    const JpegOrder& order = unit.order;
    while (!lane.stopped) {
      reader.bits.fill();
#pragma GCC unroll 3
      for (int i = 0; i < JpegBlockReader::kLooksAtOnce; ++i) {
        if (!reader.template step<kKept>(order)) [[unlikely]] {
          lane.stopped = !go_on(reader, lane);
          break;
        }
      }
    }
    lane.reader = reader;
  }

  OODML_IN_PLACE void run(Lane& one, Lane* other) const {
    begin(one);
    if (other != nullptr) {
      begin(*other);
      both(one, *other);
    }
    alone(one);
    if (other == nullptr) return;
    if (other->guess) {
      if (!one.joined) return;
      other->guess = false;                                   // what it read counts: it may not begin anew
      other->most = std::min(other->most, other->units + 1);  // the one that it has begun
    }
    alone(*other);
  }
};

OODML_IN_PLACE void run(const JpegUnit& unit, const JpegScanBytes& bytes, bool kept, Lane& one, Lane* other) {
  if (kept) {
    Walk<true>{unit, bytes}.run(one, other);
  } else {
    Walk<false>{unit, bytes}.run(one, other);
  }
}

using Run = void (*)(const JpegUnit&, const JpegScanBytes&, bool, Lane&, Lane*);

void run_plain(const JpegUnit& unit, const JpegScanBytes& bytes, bool kept, Lane& one, Lane* other) {
  run(unit, bytes, kept, one, other);
}
#if defined(__x86_64__)
[[gnu::target("avx2,bmi2")]] void run_avx2(const JpegUnit& unit, const JpegScanBytes& bytes, bool kept, Lane& one,
                                           Lane* other) {
  run(unit, bytes, kept, one, other);
}
#endif

Run run_for_this_processor() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) return run_avx2;
#endif
  return run_plain;
}

}  // namespace

JpegLanes::JpegLanes(const JpegUnit& unit, const JpegScanBytes& bytes, std::size_t bits_in_unit)
    : unit_(unit), bytes_(bytes), bits_in_unit_(bits_in_unit) {
  for (auto& lane : lanes_) lane = std::make_shared<Lane>();
}

void JpegLanes::begin(Lane& lane, const Start& start, std::size_t units, bool kept) {
  lane.most = units;
  lane.kept = kept;
  lane.make_room(kValues * (kept ? units * unit_.count : 1));
  lane.reader.bits = ScanBits::at(bytes_.begin, start.bit);
  lane.reader.block = lane.coefficients.get();
  lane.dc = start.dc;
  lane.block = unit_.blocks.data();
  lane.units = lane.met = 0;
  lane.meets = nullptr;
  lane.guess = lane.joined = lane.stopped = false;
}

void JpegLanes::run(bool kept, bool two) {
  static const Run run = run_for_this_processor();
  run(unit_, bytes_, kept, *lanes_[0], two ? lanes_[1].get() : nullptr);
}

JpegLanes::Stretch JpegLanes::stretch(const Lane& lane, std::size_t first, std::size_t from) const {
  return {.first = first,
          .units = lane.units - from,
          .coefficients = !lane.kept ? nullptr : lane.coefficients.get() + from * unit_.count * kValues,
          .starts = lane.starts.get() + from,
          .dc = {}};
}

void JpegLanes::read(std::size_t first, const Start& start, std::size_t units, bool kept) {
  Lane &one = *lanes_[0], &other = *lanes_[1];
  const std::size_t ahead = std::min(kAhead, units / 2), bit = start.bit + ahead * bits_in_unit_;
  const bool two = ahead >= kLeastAhead && bit < bytes_.bits();
  begin(one, start, two ? 2 * ahead : std::min(units, 2 * kAhead), kept);
  if (two) {
    begin(other, {.bit = static_cast<std::uint32_t>(bit), .dc = {}}, 2 * ahead, kept);
    other.guess = true;
    one.meets = &other;
  }
  run(kept, two);
  stretches_ = {stretch(one, first, 0), {}};
  if (!one.joined) return;
  stretches_[1] = stretch(other, first + one.units, one.met);
  for (std::size_t i = 0; i < one.dc.size(); ++i) stretches_[1].dc[i] = one.dc[i] - other.starts[one.met].dc[i];
}

void JpegLanes::read_both(const Known& one, const Known& other) {
  begin(*lanes_[0], one.start, one.units, true);
  begin(*lanes_[1], other.start, other.units, true);
  run(true, true);
  stretches_ = {stretch(*lanes_[0], one.first, 0), stretch(*lanes_[1], other.first, 0)};
}

}  // namespace oodml::images

#include "coordinator/store/figure_pack.h"

#include <cmath>

#include "coordinator/store/packed_bytes.h"

namespace oodml::coordinator::store {
namespace {

constexpr char kPackVersion = 1;
constexpr std::uint64_t kIsSelected = 1, kHasSelectedValue = 2;  // flags of a figure
constexpr std::size_t kSmallestFigure = 20;                      // bytes

double value_or_nan(bool is_there, packed::Reader& reader) {
  return is_there ? reader.raw<double>() : std::numeric_limits<double>::quiet_NaN();
}

Figures next_figures(packed::Reader& reader) {
  Figures next;
  next.series = packed::unfolded(reader.number());
  const std::uint64_t flags = reader.number();
  next.best = reader.raw<double>();
  next.best_epoch = packed::unfolded(reader.number());
  next.last = reader.raw<double>();
  next.last_epoch = packed::unfolded(reader.number());
  next.selected = value_or_nan((flags & kHasSelectedValue) != 0, reader);
  if ((flags & kIsSelected) != 0) next.selected_epoch = packed::unfolded(reader.number());
  return next;
}

}  // namespace

std::string pack_figures(const std::vector<Figures>& figures) {
  std::string bytes(1, kPackVersion);
  packed::put(bytes, figures.size());
  for (const Figures& one : figures) {
    const bool has_value = !std::isnan(one.selected);
    packed::put(bytes, packed::folded(one.series));
    packed::put(bytes, (one.selected_epoch ? kIsSelected : 0) | (has_value ? kHasSelectedValue : 0));
    packed::put_raw(bytes, one.best);
    packed::put(bytes, packed::folded(one.best_epoch));
    packed::put_raw(bytes, one.last);
    packed::put(bytes, packed::folded(one.last_epoch));
    if (has_value) packed::put_raw(bytes, one.selected);
    if (one.selected_epoch) packed::put(bytes, packed::folded(*one.selected_epoch));
  }
  return bytes;
}

Status unpack_figures(std::string_view bytes, std::vector<Figures>& figures) {
  packed::Reader reader{.bytes = bytes};
  const bool is_known = reader.raw<char>() == kPackVersion;
  const std::uint64_t count = reader.number();
  figures.clear();
  // What is said of their number cannot make us take memory.
  if (!is_known || !reader.is_good || count > bytes.size() / kSmallestFigure) {
    return failure(StatusCode::kDataLoss, "stored figures of a trial cannot be read");
  }
  for (std::uint64_t i = 0; i < count; ++i) figures.push_back(next_figures(reader));
  if (reader.is_good && reader.bytes.empty()) return {};
  return failure(StatusCode::kDataLoss, "stored figures of a trial cannot be read to their end");
}

}  // namespace oodml::coordinator::store

#include "core/sweep/number_range.h"

#include <algorithm>
#include <cmath>

#include "core/sweep/decimal.h"
#include "core/sweep/keys.h"
#include "core/sweep/typed_value.h"

namespace oodml::sweep {
namespace {

using Texts = std::vector<std::string>;

constexpr std::int64_t kMostNumbers = 100'000;

struct Range {
  Decimal from, to, step;
  std::int64_t count = 0;  ///< 0: by step.
  bool is_log = false;
};

class RangeReader {
 public:
  RangeReader(const Node& map, Diagnostics& diagnostics) : map_(map), diagnostics_(diagnostics) {}

  std::optional<Range> read() {
    const std::size_t errors = diagnostics_.count();
    check_words();
    Range range;
    if (const auto from = number("from", true)) range.from = *from;
    if (const auto to = number("to", true)) range.to = *to;
    read_scale(range);
    read_spacing(range);
    if (diagnostics_.count() == errors) check_ends(range);
    if (diagnostics_.count() > errors) return std::nullopt;
    return range;
  }

 private:
  void check_words() {
    for (const Node::Entry& entry : map_.entries) {
      const Texts words = {"from", "to", "step", "count", "scale"};
      if (std::find(words.begin(), words.end(), entry.key) == words.end())
        diagnostics_.error(entry.place, unknown_word("key of a range", entry.key, words));
    }
  }

  std::optional<Decimal> number(const char* word, bool is_needed) {
    const Node::Entry* entry = map_.find(word);
    if (entry == nullptr) {
      if (is_needed)
        diagnostics_.error(map_.place, std::string("a range needs `") + word + ":`, as in {from: 1, to: 9, step: 2}");
      return std::nullopt;
    }
    const auto value = number_of(entry->value) ? decimal_of(entry->value.text) : std::nullopt;
    if (!value) {
      diagnostics_.error(entry->value.place, std::string("`") + word + ":` of a range must be a number of at most " +
                                                 std::to_string(kMaxDecimalDigits) + " digits, as 0.5 or 1e-5, got " +
                                                 shown(entry->value));
    }
    return value;
  }

  void read_scale(Range& range) {
    const Node::Entry* scale = map_.find("scale");
    if (scale == nullptr) return;
    range.is_log = scale->value.is_scalar() && scale->value.text == "log";
    if (range.is_log || (scale->value.is_scalar() && scale->value.text == "linear")) return;
    diagnostics_.error(scale->value.place, "`scale:` must be linear or log, got " + shown(scale->value));
  }

  void read_spacing(Range& range) {
    const Node::Entry* count = map_.find("count");
    const Node::Entry* step = map_.find("step");
    if ((count == nullptr) == (step == nullptr)) {
      const Place& place = count == nullptr ? map_.place : step->place;
      return diagnostics_.error(place, "a range needs one of `count:` (how many numbers) and `step:` (how far apart)");
    }
    if (step != nullptr && range.is_log) {
      return diagnostics_.error(step->place, "a range with `scale: log` takes `count:`, not `step:`");
    }
    if (step != nullptr) {
      if (const auto value = number("step", false)) range.step = *value;
      if (range.step.mantissa < 0 || (range.step.mantissa == 0 && decimal_of(step->value.text))) {
        diagnostics_.error(step->value.place, "`step:` must be above 0, got " + shown(step->value));
      }
      return;
    }
    range.count = integer_of(count->value).value_or(0);
    if (range.count < 2 || range.count > kMostNumbers) {
      diagnostics_.error(count->value.place, "`count:` of a range must be an integer from 2 to " +
                                                 std::to_string(kMostNumbers) + ", got " + shown(count->value));
    }
  }

  void check_ends(const Range& range) {
    if (range.from.value() >= range.to.value()) {
      diagnostics_.error(map_.place, "the range from " + shortest_text(range.from) + " to " + shortest_text(range.to) +
                                         " is empty; `from:` is the smaller number");
    } else if (range.is_log && range.from.mantissa <= 0) {
      diagnostics_.error(map_.find("from")->value.place,
                         "a range with `scale: log` begins above 0, got " + shortest_text(range.from));
    }
  }

  const Node& map_;
  Diagnostics& diagnostics_;
};

/// The mantissas of both ends and of the step where all three are whole.
struct Aligned {
  std::int64_t from, to, step;
  int exponent;
};

std::optional<Aligned> aligned(const Range& range) {
  const int exponent = std::min({range.from.exponent, range.to.exponent, range.step.exponent});
  const auto from = mantissa_at(range.from, exponent), to = mantissa_at(range.to, exponent),
             step = mantissa_at(range.step, exponent);
  if (!from || !to || !step) return std::nullopt;
  return Aligned{*from, *to, *step, exponent};
}

std::optional<Texts> by_step(const Range& range, std::int64_t most) {
  const auto whole = aligned(range);
  if (!whole) return std::nullopt;
  Texts texts;
  const std::int64_t steps = std::min((whole->to - whole->from) / whole->step, most);
  for (std::int64_t i = 0; i <= steps; ++i)
    texts.push_back(shortest_text({whole->from + i * whole->step, whole->exponent}));
  return texts;
}

/// Digits before the one that is a thousandth of `distance`.
int digits_for(double value, double distance) {
  if (value == 0) return 1;
  const auto power = [](double number) { return static_cast<int>(std::floor(std::log10(std::abs(number)))); };
  return std::clamp(power(value) - power(distance) + 3, 1, kMaxDecimalDigits);
}

Texts linear(const Range& range) {
  const double from = range.from.value(), to = range.to.value();
  const double distance = (to - from) / static_cast<double>(range.count - 1);
  // An exact step gives exact numbers; only others are rounded.
  for (int digits = 1; digits <= 6; ++digits) {
    Range exact = range;
    exact.step = rounded(distance, digits);
    const auto whole = aligned(exact);
    const std::int64_t steps = range.count - 1;
    if (whole && (whole->to - whole->from) % steps == 0 && (whole->to - whole->from) / steps == whole->step)
      return *by_step(exact, range.count);
  }
  Texts texts;
  for (std::int64_t i = 0; i < range.count; ++i) {
    const double value = from + distance * static_cast<double>(i);
    const bool is_zero = std::abs(value) < distance / 1000;
    texts.push_back(is_zero ? "0" : shortest_text(rounded(value, digits_for(value, distance))));
  }
  texts.front() = shortest_text(range.from);
  texts.back() = shortest_text(range.to);
  return texts;
}

Texts logarithmic(const Range& range) {
  const double low = std::log10(range.from.value()), high = std::log10(range.to.value());
  const double distance = (high - low) / static_cast<double>(range.count - 1);
  const double growth = std::pow(10.0, distance) - 1;
  const int digits =
      std::clamp(3 - static_cast<int>(std::ceil(std::log10(std::min(growth, 1.0)))), 3, kMaxDecimalDigits);
  Texts texts;
  for (std::int64_t i = 0; i < range.count; ++i) {
    texts.push_back(shortest_text(rounded(std::pow(10.0, low + distance * static_cast<double>(i)), digits)));
  }
  texts.front() = shortest_text(range.from);
  texts.back() = shortest_text(range.to);
  return texts;
}

}  // namespace

bool is_number_range(const Node& node) {
  return node.is_map() && (node.find("from") != nullptr || (node.find("to") != nullptr && node.entries.size() > 1));
}

std::optional<Texts> number_range(const Node& map, std::int64_t most, Diagnostics& diagnostics) {
  const auto range = RangeReader(map, diagnostics).read();
  if (!range) return std::nullopt;
  if (range->count > 0) {
    Texts texts = range->is_log ? logarithmic(*range) : linear(*range);
    const std::size_t wanted = texts.size();
    texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
    if (texts.size() == wanted) return texts;
    diagnostics.error(map.place, "the range from " + shortest_text(range->from) + " to " + shortest_text(range->to) +
                                     " has no " + std::to_string(wanted) +
                                     " numbers that differ; give a smaller count");
    return std::nullopt;
  }
  const auto texts = by_step(*range, most);
  if (!texts) {
    diagnostics.error(map.place,
                      "`from:`, `to:` and `step:` are too far apart to be added up exactly; the most is 18 "
                      "digits between the largest and the last one");
  }
  return texts;
}

}  // namespace oodml::sweep

#include "coordinator/results/trial_selector.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <string_view>

namespace oodml::coordinator::results {
namespace {

constexpr std::string_view kRange = "..";

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// The labels of A..B; none where `text` is no range, or no label lies in it.
std::vector<std::string> labels_in_range(const job::Axis& axis, std::string_view text) {
  std::vector<std::string> labels;
  const auto dots = text.find(kRange);
  if (dots == text.npos) return labels;
  const auto from = number_of(text.substr(0, dots)), to = number_of(text.substr(dots + kRange.size()));
  if (!from || !to) return labels;
  std::ranges::copy_if(axis.labels, std::back_inserter(labels), [&](const std::string& label) {
    const auto number = number_of(label);
    return number && *number >= *from && *number <= *to;
  });
  return labels;
}

/// The longest label that stands at the start of `text`, up to a comma or its end.
std::optional<std::string> label_at_start(const job::Axis& axis, std::string_view text) {
  std::optional<std::string> longest;
  for (const std::string& label : axis.labels) {
    const bool stands = text.starts_with(label) && (text.size() == label.size() || text[label.size()] == ',');
    if (stands && (!longest || label.size() > longest->size())) longest = label;
  }
  return longest;
}

/// Reads one text of `where` from left to right.
Status add_terms(const std::vector<job::Axis>& axes, const std::string& sweep, const std::string& text,
                 Filter& filter) {
  const job::Axis* axis = nullptr;
  for (std::string_view rest = text;;) {
    const std::string_view piece = rest.substr(0, rest.find(','));
    const std::optional<std::string> label = axis == nullptr ? std::nullopt : label_at_start(*axis, rest);
    const auto equals = piece.find('=');
    if (!label && equals != piece.npos) {  // a label may have a sign in it: only what is none begins an axis
      const std::string name(piece.substr(0, equals));
      axis = find_axis(axes, name);
      if (axis == nullptr) return unknown_axis(axes, sweep, name);
      rest.remove_prefix(equals + 1);
      continue;
    }
    if (axis == nullptr) {
      return invalid_argument("'" + text + "' means no trials: AXIS=LABEL wanted, as in criterion=margin,split=1..3");
    }
    const std::vector<std::string> labels = label ? std::vector{*label} : labels_in_range(*axis, piece);
    if (labels.empty()) return unknown_label(*axis, sweep, std::string(piece));
    filter[axis->name].insert(labels.begin(), labels.end());
    rest.remove_prefix(label ? label->size() : piece.size());
    if (rest.empty()) return {};
    rest.remove_prefix(1);  // the comma
  }
}

}  // namespace

Result<Filter> select_trials(const std::vector<job::Axis>& axes, const std::string& sweep,
                             const std::vector<std::string>& where) {
  Filter filter;
  for (const std::string& text : where) OODML_RETURN_IF_ERROR(add_terms(axes, sweep, text, filter));
  return filter;
}

}  // namespace oodml::coordinator::results

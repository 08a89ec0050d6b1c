#include "core/catalogue/component.h"

#include <algorithm>

#include "core/base/words.h"
#include "core/catalogue/bounded.h"

namespace oodml::catalogue {

const char* to_text(ValueType type) {
  switch (type) {
    case ValueType::kFlag:
      return "true or false";
    case ValueType::kInteger:
      return "an integer";
    case ValueType::kNumber:
      return "a number";
    case ValueType::kText:
      return "a text";
    case ValueType::kIntegers:
      return "a list of integers";
    case ValueType::kNumbers:
      return "a list of numbers";
    case ValueType::kTexts:
      return "a list of texts";
  }
  return "a value";
}

namespace {

/// Limits of integers read better without a decimal point.
std::string limit(double bound, ValueType type) {
  const bool whole = type == ValueType::kInteger || type == ValueType::kIntegers;
  return whole ? std::to_string(static_cast<std::int64_t>(bound)) : to_display_text(Value(bound));
}

}  // namespace

std::string Parameter::range_text() const {
  if (!choices.empty()) return "one of " + joined(choices);
  if (is_interval) return "two numbers, the smaller first";
  const std::string low = at_least ? limit(*at_least, type) : above ? limit(*above, type) : "";
  const std::string high = at_most ? limit(*at_most, type) : below ? limit(*below, type) : "";
  if (!low.empty() && !high.empty()) {
    return (at_least ? "from " : "above ") + low + (at_most ? " to " : " to below ") + high;
  }
  if (!low.empty()) return at_least ? low + " or more" : "more than " + low;
  if (!high.empty()) return at_most ? high + " or less" : "less than " + high;
  return "";
}

const char* to_plural(Kind kind) {
  switch (kind) {
    case Kind::kCriterion:
      return "criteria";
    case Kind::kMiner:
      return "miners";
    case Kind::kSampler:
      return "samplers";
    case Kind::kBackbone:
      return "backbones";
    case Kind::kMetric:
      return "metrics";
    case Kind::kBenchmark:
      return "benchmarks";
  }
  return "components";
}

const char* to_text(Kind kind) {
  switch (kind) {
    case Kind::kCriterion:
      return "criterion";
    case Kind::kMiner:
      return "miner";
    case Kind::kSampler:
      return "sampler";
    case Kind::kBackbone:
      return "backbone";
    case Kind::kMetric:
      return "metric";
    case Kind::kBenchmark:
      return "benchmark";
  }
  return "component";
}

const Parameter* Component::find(std::string_view parameter) const {
  const auto found =
      std::find_if(parameters.begin(), parameters.end(), [&](const Parameter& p) { return p.name == parameter; });
  return found == parameters.end() ? nullptr : &*found;
}

Entry::Entry(Kind kind, std::string name, std::string summary) {
  component.kind = kind;
  component.name = std::move(name);
  component.summary = std::move(summary);
}

Entry& Entry::number(std::string name, double fallback, Bounds bounds, std::string help) {
  component.parameters.push_back(bounded(std::move(name), ValueType::kNumber, fallback, bounds, std::move(help)));
  return *this;
}

Entry& Entry::integer(std::string name, std::int64_t fallback, Bounds bounds, std::string help) {
  component.parameters.push_back(bounded(std::move(name), ValueType::kInteger, fallback, bounds, std::move(help)));
  return *this;
}

Entry& Entry::flag(std::string name, bool fallback, std::string help) {
  component.parameters.push_back(bounded(std::move(name), ValueType::kFlag, fallback, {}, std::move(help)));
  return *this;
}

Entry& Entry::integers(std::string name, std::vector<std::int64_t> fallback, Bounds bounds, std::string help) {
  component.parameters.push_back(
      bounded(std::move(name), ValueType::kIntegers, std::move(fallback), bounds, std::move(help)));
  return *this;
}

Entry& Entry::numbers(std::string name, std::vector<double> fallback, Bounds bounds, std::string help) {
  component.parameters.push_back(
      bounded(std::move(name), ValueType::kNumbers, std::move(fallback), bounds, std::move(help)));
  return *this;
}

Entry& Entry::interval(std::string name, double low, double high, Bounds bounds, std::string help) {
  numbers(std::move(name), {low, high}, bounds, std::move(help));
  component.parameters.back().is_interval = true;
  return *this;
}

Entry& Entry::texts(std::string name, std::vector<std::string> fallback, std::string help) {
  component.parameters.push_back(bounded(std::move(name), ValueType::kTexts, std::move(fallback), {}, std::move(help)));
  return *this;
}

Entry& Entry::text(std::string name, std::string fallback, std::string help) {
  component.parameters.push_back(bounded(std::move(name), ValueType::kText, std::move(fallback), {}, std::move(help)));
  return *this;
}

Entry& Entry::choice(std::string name, std::string fallback, std::vector<std::string> choices, std::string help) {
  component.parameters.push_back(bounded(std::move(name), ValueType::kText, std::move(fallback), {}, std::move(help)));
  component.parameters.back().choices = std::move(choices);
  return *this;
}

Entry& Entry::from(std::string paper) {
  component.paper = std::move(paper);
  return *this;
}

Entry& Entry::needs_miner() {
  component.needs_miner = true;
  return *this;
}

Entry& Entry::needs_miner(std::vector<std::string> allowed) {
  component.miners = std::move(allowed);
  return needs_miner();
}

Entry& Entry::may_mine() {
  component.may_mine = true;
  return *this;
}

Entry& Entry::reads(std::string input) {
  component.inputs.push_back(std::move(input));
  return *this;
}

Entry& Entry::in_paper_mode(std::string change) {
  component.paper_mode.push_back(std::move(change));
  return *this;
}

Entry& Entry::gives_sets() {
  component.gives_sets = true;
  return *this;
}

Entry& Entry::mines_triplets() {
  component.mines_triplets = true;
  return *this;
}

Entry& Entry::needs_validation() {
  component.needs_validation = true;
  return *this;
}

Entry& Entry::also_called(std::string alias) {
  component.aliases.push_back(std::move(alias));
  return *this;
}

Entry& Entry::trains_parameters() {
  component.trains_parameters = true;
  return *this;
}

Entry& Entry::expects_unit_rows() {
  component.expects_unit_rows = true;
  return *this;
}

}  // namespace oodml::catalogue

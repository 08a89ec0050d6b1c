#include "coordinator/cli/output/metric_rows.h"

#include <algorithm>

#include "coordinator/cli/output/json.h"
#include "core/base/clock.h"
#include "core/base/csv_text.h"

namespace oodml::cli {
namespace {

std::string key_of(const v1::Metric& metric) {
  return metric.set() + '\0' + figure_name(metric) + '\0' + std::to_string(metric.epoch());
}

std::map<std::string, std::string> labels_in(const v1::ReadMetricsReply& page, std::int64_t trial) {
  std::map<std::string, std::string> labels;
  for (const auto& entry : page.trials()) {
    if (entry.trial_id() != trial) continue;
    for (const auto& label : entry.labels()) labels[label.axis()] = label.label();
  }
  return labels;
}

}  // namespace

std::string figure_name(const v1::Metric& metric) {
  return metric.embeds().empty() || metric.embeds() == "embeds" ? metric.name() : metric.name() + "/" + metric.embeds();
}

std::string MetricRows::take(const v1::ReadMetricsReply& page) {
  std::string text;
  if (!has_head_) {
    axes_.assign(page.axes().begin(), page.axes().end());
    if (form_ == Form::kCsv) {
      text += "trial,";
      for (const std::string& axis : axes_) text += csv_field(axis) + ",";
      text += "attempt,epoch,set,metric,value,time\n";
    }
    has_head_ = true;
  }
  for (const v1::Event& point : page.points()) {
    if (point.trial_id() != trial_) {
      text += flush();
      trial_ = point.trial_id();
      labels_ = labels_in(page, trial_);
    }
    const auto [place, is_new] = places_.try_emplace(key_of(point.metric()), points_.size());
    if (is_new) points_.push_back(point);
    if (!is_new && points_[place->second].attempt() <= point.attempt()) points_[place->second] = point;
  }
  return text;
}

std::string MetricRows::finish() { return flush(); }

std::string MetricRows::flush() {
  std::ranges::stable_sort(points_, {}, [](const v1::Event& point) { return point.metric().epoch(); });
  std::string text;
  for (const v1::Event& point : points_) text += row(point);
  points_.clear();
  places_.clear();
  return text;
}

std::string MetricRows::row(const v1::Event& point) const {
  const v1::Metric& metric = point.metric();
  const std::string time = to_iso8601(from_millis(point.time_millis()));
  if (form_ == Form::kCsv) {
    std::string text = std::to_string(point.trial_id()) + ",";
    for (const std::string& axis : axes_) {
      const auto label = labels_.find(axis);
      text += (label == labels_.end() ? "" : csv_field(label->second)) + ",";
    }
    return text + std::to_string(point.attempt()) + "," + std::to_string(metric.epoch()) + "," +
           csv_field(metric.set()) + "," + csv_field(figure_name(metric)) + "," + csv_number(metric.value()) + "," +
           time + "\n";
  }
  Json labels = Json::object();
  for (const std::string& axis : axes_) {
    if (const auto label = labels_.find(axis); label != labels_.end()) labels[axis] = label->second;
  }
  Json json = {{"trial", point.trial_id()}, {"labels", std::move(labels)}, {"attempt", point.attempt()}};
  const Json figure = json_of(metric);
  json.update({{"epoch", figure.at("epoch")},
               {"set", metric.set()},
               {"metric", figure_name(metric)},
               {"value", figure.at("value")},
               {"time", time}});
  return json_line(std::move(json));
}

}  // namespace oodml::cli

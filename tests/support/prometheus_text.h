#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace oodml::testing {

/// A text in Prometheus' format 0.0.4, read as strictly as `promtool check metrics` does: what is wrong with it, and
/// its samples by `name{label="value",...}`.
class PrometheusText {
 public:
  explicit PrometheusText(const std::string& text) {
    if (!text.empty() && text.back() != '\n') problems_.push_back("the last line does not end");
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
      if (line.starts_with("# HELP ")) {
        begin(line.substr(7));
      } else if (line.starts_with("# TYPE ")) {
        type(line.substr(7));
      } else {
        sample(line);
      }
    }
    end_histogram();
  }

  const std::vector<std::string>& problems() const { return problems_; }
  bool has(const std::string& sample) const { return samples_.contains(sample); }
  /// -1: it is not there.
  double operator[](const std::string& sample) const {
    const auto found = samples_.find(sample);
    return found == samples_.end() ? -1 : found->second;
  }

 private:
  static bool is_name(std::string_view name) {
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz_";
    return !name.empty() && name.find_first_not_of(std::string(kLetters) + "0123456789") == name.npos &&
           kLetters.find(name[0]) != kLetters.npos;
  }
  void complain(const std::string& what) { problems_.push_back(family_ + ": " + what); }

  void begin(const std::string& rest) {
    end_histogram();
    family_ = rest.substr(0, rest.find(' '));
    type_.clear();
    if (!is_name(family_)) complain("no name");
    if (rest.size() < family_.size() + 2) complain("no help");
    if (!families_.insert(family_).second) complain("its samples do not stand together");
  }
  void type(const std::string& rest) {
    if (rest.substr(0, rest.find(' ')) != family_) complain("TYPE of another family");
    type_ = rest.substr(rest.find(' ') + 1);
    if (type_ == "counter" && !family_.ends_with("_total")) complain("a counter's name ends in _total");
    if (type_ != "counter" && family_.ends_with("_total")) complain("_total is for counters");
  }
  void sample(const std::string& line) {
    const auto at = line.rfind(' ');
    if (at == line.npos) return complain("no value: " + line);
    const std::string key = line.substr(0, at), name = key.substr(0, key.find('{'));
    std::size_t used = 0;
    double value = -1;
    try {
      value = std::stod(line.substr(at + 1), &used);
    } catch (const std::exception&) {
    }
    if (used != line.size() - at - 1) complain("no number: " + line);
    if (!samples_.emplace(key, value).second) complain("twice: " + key);
    const bool is_part =
        type_ == "histogram" && (name == family_ + "_bucket" || name == family_ + "_sum" || name == family_ + "_count");
    if (type_.empty() || (name != family_ && !is_part)) complain("a sample of no family: " + line);
    if (type_ == "counter" && value < 0) complain("below zero: " + line);
    if (name == family_ + "_bucket") bucket(key, value);
    if (name == family_ + "_count") count(key, value);
  }
  /// Buckets of one histogram come in order and only grow; the last one holds all.
  void bucket(const std::string& key, double value) {
    if (value < last_bucket_) complain("fewer than in the bucket before: " + key);
    last_bucket_ = value;
    if (key.find("le=\"+Inf\"") != key.npos) {
      all_ = value;
      last_bucket_ = 0;
    }
  }
  void count(const std::string&, double value) { count_ = value; }
  void end_histogram() {
    if (type_ == "histogram" && samples_.contains(family_ + "_count") && all_ != count_) {
      complain("_count is not what the last bucket holds");
    }
  }

  std::vector<std::string> problems_;
  std::map<std::string, double> samples_;
  std::set<std::string> families_;
  std::string family_, type_;
  double last_bucket_ = 0, all_ = -1, count_ = -1;
};

}  // namespace oodml::testing

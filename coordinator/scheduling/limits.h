#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/store/trial_table.h"

namespace oodml::coordinator::scheduling {

/// How many trials run at once of each sweep, owner and label that has a limit, and whether one more may begin. A limit
/// that is lowered below what runs stops nothing: the next one waits. Not thread-safe.
class Limits {
 public:
  /// 0: no limit.
  void set_of_sweep(SweepId sweep, std::int64_t most);
  void set_of_owner(const std::string& owner, std::int64_t most) { owners_[owner].most = most; }
  void set_of_label(const store::Label& label, std::int64_t most) { labels_[label].most = most; }
  std::int64_t of_owner(const std::string& owner) const;

  void begin(const store::Charge& charge, std::int64_t trials = 1) { count(charge, trials); }
  /// Whether one that waits may begin now which could not before.
  bool end(const store::Charge& charge);

  bool allow(const store::Charge& charge) const;
  /// How many more with this charge may begin; the largest number where no limit holds them.
  std::int64_t room(const store::Charge& charge) const;
  /// What holds it, for people: "sweep 3 runs 2 trials at once (max_parallel 2)".
  std::vector<std::string> what_holds(const store::Charge& charge) const;
  std::int64_t running_with(const store::Label& label) const;

 private:
  struct Counted {
    std::int64_t most = 0, running = 0;
    bool is_full() const { return most > 0 && running >= most; }
    std::int64_t room() const;
  };
  template <typename Key>
  static const Counted& at(const std::map<Key, Counted>& counts, const Key& key) {
    static const Counted none;
    const auto found = counts.find(key);
    return found == counts.end() ? none : found->second;
  }
  void count(const store::Charge& charge, std::int64_t by);

  std::map<SweepId, Counted> sweeps_;
  std::map<std::string, Counted> owners_;
  std::map<store::Label, Counted> labels_;
};

}  // namespace oodml::coordinator::scheduling

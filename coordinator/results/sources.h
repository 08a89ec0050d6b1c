#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "coordinator/results/row_groups.h"
#include "core/job/identity.h"

namespace oodml::coordinator::results {

/// What results were made of, to name those that do not belong into one figure.
class Sources {
 public:
  Sources(store::Connection& database, const MemberColumns& members) : database_(database), members_(members) {}

  /// "2 versions of split 3 of birds: 3f2a0b11 in trials 1, 2; 77ab90c2 in trial 7", one for each thing in which the
  /// members differ, and one when some say what they were made of and others do not. Empty: they belong together.
  std::vector<std::string> mixes(std::vector<std::uint32_t> members);

 private:
  /// Of many trials few differ in it.
  struct Made {
    job::Identity of;
    job::DataStamps stamps;
    bool is_unknown = false;
  };
  const Made& made_of(std::uint32_t member);
  bool are_alike(const std::vector<std::uint32_t>& members);

  store::Connection& database_;
  const MemberColumns& members_;
  std::map<std::int64_t, Made> made_;  ///< By source, those asked for.
};

/// The members behind the figures of a row: those of its complete units.
std::vector<std::uint32_t> counted_members(const RowGroup& group);

}  // namespace oodml::coordinator::results

#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/sweep/node.h"

namespace oodml::sweep {

/// The first line of a text that resolve_files put together, and what stands before the place on its lines.
inline constexpr std::string_view kMergedHead = "# put together from several files";
inline constexpr std::string_view kOriginMark = "  #@ ";

/// Collects what is wrong with a file, so that a person sees all of it at once.
class Diagnostics {
 public:
  Diagnostics(std::string_view file_name, std::size_t max_errors) : file_name_(file_name), max_errors_(max_errors) {}

  /// The same words at the same place count once: a bad row is met by each of its trials.
  void error(const Place& place, std::string what);
  /// Takes over the places that the lines of a merged text name; other texts change nothing.
  void read_line_origins(std::string_view text);

  std::size_t count() const { return problems_.size(); }
  bool any() const { return !problems_.empty(); }
  /// Far more errors than are shown: no use in going on.
  bool full() const { return problems_.size() >= 20 * max_errors_; }
  /// `file:line:column`, or what stands in its place.
  std::string text_of(const Place& place) const;
  /// One line an error in the order of the file, `file:line:column: what`; then "and 7 more errors".
  Failure failure() const;

 private:
  struct Problem {
    int line;
    int column;
    std::string place;
    std::string what;
    friend auto operator<=>(const Problem&, const Problem&) = default;
  };

  std::string file_name_;
  std::size_t max_errors_;
  std::vector<std::string> line_origins_;
  std::set<Problem> problems_;
};

}  // namespace oodml::sweep

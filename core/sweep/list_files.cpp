#include "core/sweep/list_files.h"

#include <algorithm>
#include <iterator>

#include "core/sweep/yaml_characters.h"

namespace oodml::sweep {
namespace {

class ListPutter {
 public:
  explicit ListPutter(const LinesOf& lines_of) : lines_of_(lines_of) {}

  Status put_in_block(Node& block) {
    for (Node::Entry& entry : block.entries) {
      if (entry.key == "matrix") OODML_RETURN_IF_ERROR(put_in_axes(entry.value));
      if (entry.key != "zip") continue;
      if (entry.value.is_map()) OODML_RETURN_IF_ERROR(put_in_axes(entry.value));
      for (Node& group : entry.value.items) OODML_RETURN_IF_ERROR(put_in_axes(group));
    }
    return {};
  }

  bool found = false;

 private:
  Status put_in_axes(Node& axes) {
    for (Node::Entry& axis : axes.entries) {
      Node one;  // a list of the value alone
      one.kind = Node::Kind::kList;
      one.place = axis.value.place;
      const bool is_file = file_named_by(axis.value) != nullptr;
      if (is_file) one.items.push_back(axis.value);
      OODML_RETURN_IF_ERROR(put_in_list(is_file ? one : axis.value));
      if (is_file) axis.value = std::move(one);
    }
    return {};
  }

  Status put_in_list(Node& list) {
    const auto names_file = [](const Node& item) { return file_named_by(item) != nullptr; };
    if (!list.is_list() || std::ranges::none_of(list.items, names_file)) return {};
    std::vector<Node> items;
    for (Node& item : list.items) {
      if (!names_file(item)) {
        items.push_back(std::move(item));
        continue;
      }
      OODML_ASSIGN_OR_RETURN(std::vector<Node> lines, lines_of_(*file_named_by(item)));
      std::ranges::move(lines, std::back_inserter(items));
    }
    list.items = std::move(items);
    found = true;
    return {};
  }

  const LinesOf& lines_of_;
};

std::string_view trimmed(std::string_view line) {
  constexpr std::string_view kSpaces = " \t\r";
  const auto first = line.find_first_not_of(kSpaces);
  return first == std::string_view::npos ? std::string_view()
                                         : line.substr(first, line.find_last_not_of(kSpaces) - first + 1);
}

}  // namespace

Result<bool> put_in_lists(Node& root, const LinesOf& lines_of) {
  ListPutter putter(lines_of);
  OODML_RETURN_IF_ERROR(putter.put_in_block(root));
  for (Node::Entry& entry : root.entries) {
    if (entry.key != "blocks") continue;
    for (Node& block : entry.value.items) OODML_RETURN_IF_ERROR(putter.put_in_block(block));
  }
  return putter.found;
}

Result<std::vector<Node>> read_list(std::string_view text, Diagnostics& diagnostics) {
  std::vector<Node> values;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  for (int line = 1; !text.empty(); ++line) {
    const std::string_view whole = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(whole.size() + 1, text.size()));
    const std::string_view value = trimmed(whole);
    const Place place{.line = line, .column = static_cast<int>(value.data() - whole.data()) + 1};
    if (value.empty() || value.starts_with('#')) continue;
    if (const auto problem = find_unreadable(value)) {
      diagnostics.error(place, problem->what);
    } else if (const auto odd = find_odd(value, Writing::kQuoted)) {
      diagnostics.error(place, odd->what);
    }
    values.push_back(scalar(std::string(value), place));
  }
  if (values.empty() && !diagnostics.any()) diagnostics.error({}, "no value; a list file has one a line");
  if (diagnostics.any()) return diagnostics.failure();
  return values;
}

}  // namespace oodml::sweep

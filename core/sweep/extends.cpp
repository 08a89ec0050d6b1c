#include <algorithm>
#include <deque>

#include "core/base/atomic_file.h"
#include "core/sweep/list_files.h"
#include "core/sweep/sweep.h"
#include "core/sweep/yaml_reader.h"
#include "core/sweep/yaml_text.h"

namespace oodml::sweep {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxChain = 8;

/// What is wrong with a file that another names, behind that place: findings stand below it, each in a line of its own.
std::string behind(const std::string& what) { return (what.find('\n') == std::string::npos ? ": " : ":\n") + what; }

/// Writes a tree as YAML in block style, one value a line, each line with the place it came from.
class TreeWriter {
 public:
  std::string text{kMergedHead};

  void write_entries(const Node& map, std::size_t indent) {
    for (const Node::Entry& entry : map.entries) {
      line(indent, yaml_text(entry.key) + ":", entry.value, *entry.place.named);
    }
  }

 private:
  void line(std::size_t indent, const std::string& head, const Node& value, const std::string& origin) {
    text += "\n" + std::string(indent, ' ') + head;
    const bool nested = !value.items.empty() || !value.entries.empty();
    if (!nested) text += " " + written(value);
    text += std::string(kOriginMark) + origin;
    write_entries(value, indent + 2);
    for (const Node& item : value.items) line(indent + 2, "-", item, *item.place.named);
  }

  static std::string written(const Node& node) {
    if (node.is_null()) return "null";
    if (node.is_list()) return "[]";
    if (node.is_map()) return "{}";
    const bool looks_like_a_number = std::all_of(node.text.begin(), node.text.end(), [](char c) {
      return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '+' || c == '-' || c == 'E';
    });
    const bool as_it_is = !node.quoted && looks_like_a_number && !node.text.empty() && node.text != "-";
    return as_it_is ? node.text : yaml_text(node.text);
  }
};

bool chooses_another(const Node& base, const Node& map) {
  const Node::Entry* before = base.find("name");
  const Node::Entry* after = map.find("name");
  return before != nullptr && after != nullptr && before->value.text != after->value.text;
}

void merge(Node& base, Node map, bool is_root) {
  for (Node::Entry& entry : map.entries) {
    const auto same = [&](const Node::Entry& other) { return other.key == entry.key; };
    const auto found = std::find_if(base.entries.begin(), base.entries.end(), same);
    if (entry.value.is_null()) {
      if (found != base.entries.end()) base.entries.erase(found);
    } else if (found == base.entries.end()) {
      base.entries.push_back(std::move(entry));
    } else if (found->value.is_map() && entry.value.is_map() &&
               (is_root || !chooses_another(found->value, entry.value))) {
      merge(found->value, std::move(entry.value), false);
    } else {
      *found = std::move(entry);
    }
  }
}

class Chain {
 public:
  Chain(const fs::path& first, const Limits& limits)
      : first_folder_(fs::absolute(first).lexically_normal().parent_path()), limits_(limits) {}

  /// The tree of the file with its bases merged in and its lists put in; `text` receives the file's own text.
  Result<Node> read(const fs::path& path, std::string* text) {
    const fs::path file = fs::absolute(path).lexically_normal();
    const std::string shown_name = shown(file);
    OODML_ASSIGN_OR_RETURN(std::string yaml, read_file(file, limits_.max_bytes));
    Diagnostics diagnostics(shown_name, limits_.max_errors);
    auto root = read_yaml(yaml, limits_.max_bytes, diagnostics);
    if (!root || diagnostics.any()) return diagnostics.failure();
    OODML_ASSIGN_OR_RETURN(const bool has_lists,
                           put_in_lists(*root, [&](const Node& name) { return read_lines(file, name, diagnostics); }));
    const Node::Entry* base = root->find("extends");
    is_put_together_ = is_put_together_ || has_lists || base != nullptr;
    if (text != nullptr) *text = std::move(yaml);
    if (base == nullptr) {
      name_places(*root, diagnostics);
      return std::move(*root);
    }
    return read_base(file, *root, base->value, diagnostics);
  }

  /// Whether other files are in it.
  bool is_put_together() const { return is_put_together_; }

 private:
  std::string shown(const fs::path& file) const { return file.lexically_relative(first_folder_).string(); }

  /// The file that `word: NAME` in `file` names.
  Result<fs::path> file_of(const fs::path& file, const std::string& word, const Node& name,
                           const Diagnostics& diagnostics) const {
    const auto refuse = [&](const std::string& what) {
      return invalid_argument(diagnostics.text_of(name.place) + ": `" + word + ":` names " + what + ", got " +
                              sweep::shown(name));
    };
    if (!name.is_scalar() || name.text.empty()) return refuse("one file");
    const fs::path named = (file.parent_path() / name.text).lexically_normal();
    const fs::path within = named.lexically_relative(first_folder_.parent_path());
    if (fs::path(name.text).is_absolute() || within.empty() || *within.begin() == "..") {
      return refuse("a file relative to this one, inside of " + first_folder_.parent_path().string());
    }
    return named;
  }

  Result<std::vector<Node>> read_lines(const fs::path& file, const Node& name, const Diagnostics& diagnostics) {
    OODML_ASSIGN_OR_RETURN(const fs::path list, file_of(file, "file", name, diagnostics));
    const auto explained = [&](const Status& status) {
      return failure(status.code(), diagnostics.text_of(name.place) + ": file " + name.text + behind(status.message()));
    };
    const auto text = read_file(list, limits_.max_bytes);
    if (!text) return explained(text.error());
    Diagnostics own(shown(list), limits_.max_errors);
    auto lines = read_list(*text, own);
    if (!lines) return explained(lines.error());
    for (Node& line : *lines) line.place = named(line.place, own);
    return lines;
  }

  Result<Node> read_base(const fs::path& file, Node& root, const Node& name, Diagnostics& diagnostics) {
    chain_.push_back(file);
    const auto refuse = [&](const std::string& what) {
      return invalid_argument(diagnostics.text_of(name.place) + ": " + what);
    };
    OODML_ASSIGN_OR_RETURN(const fs::path base, file_of(file, "extends", name, diagnostics));
    if (std::find(chain_.begin(), chain_.end(), base) != chain_.end()) {
      return refuse("`extends:` runs in a circle: " + base.filename().string() + " is being read already");
    }
    if (chain_.size() > kMaxChain) {
      return refuse("`extends:` goes more than " + std::to_string(kMaxChain) + " files deep");
    }
    auto merged = read(base, nullptr);
    if (!merged) {
      return failure(merged.error().code(),
                     diagnostics.text_of(name.place) + ": extends " + name.text + behind(merged.error().message()));
    }
    name_places(root, diagnostics);
    std::erase_if(root.entries, [](const Node::Entry& entry) { return entry.key == "extends"; });
    merge(*merged, std::move(root), true);
    return merged;
  }

  /// Makes every place one that says its file.
  void name_places(Node& node, const Diagnostics& diagnostics) {
    node.place = named(node.place, diagnostics);
    for (Node& item : node.items) name_places(item, diagnostics);
    for (Node::Entry& entry : node.entries) {
      // A single value is what most errors are about; a map's or list's own lines say their places themselves.
      entry.place = named(entry.value.is_scalar() ? entry.value.place : entry.place, diagnostics);
      name_places(entry.value, diagnostics);
    }
  }

  Place named(const Place& place, const Diagnostics& diagnostics) {
    names_.push_back(diagnostics.text_of(place));
    return {.named = &names_.back()};
  }

  fs::path first_folder_;
  Limits limits_;
  std::vector<fs::path> chain_;
  bool is_put_together_ = false;
  std::deque<std::string> names_;
};

}  // namespace

Result<std::string> resolve_files(const std::filesystem::path& path, const Limits& limits) {
  Chain chain(path, limits);
  std::string text;
  OODML_ASSIGN_OR_RETURN(const Node merged, chain.read(path, &text));
  if (!chain.is_put_together()) return text;
  TreeWriter writer;
  writer.write_entries(merged, 0);
  return writer.text + "\n";
}

}  // namespace oodml::sweep

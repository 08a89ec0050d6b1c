#include <nlohmann/json.hpp>

#include "core/base/words.h"
#include "core/splits/split_file.h"

namespace oodml::splits {
namespace {

using Names = std::vector<std::string>;

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

/// ["a", "b"]; class ids stand without quotes.
std::string list_text(const Names& names, bool by_id = false) {
  std::vector<std::string> words;
  for (const std::string& name : names) words.push_back(by_id ? name : quoted(name));
  return "[" + joined(words) + "]";
}

std::string block(const std::vector<std::string>& entries, const std::string& indent, char open, char close) {
  const std::string between = "\n" + indent + "  ";
  return open + between + joined(entries, "," + between) + "\n" + indent + close;
}

std::string files_text(const std::map<std::string, Names>& files, const std::string& indent) {
  std::vector<std::string> entries;
  for (const auto& [name, list] : files) entries.push_back(quoted(name) + ": " + list_text(list));
  return block(entries, indent, '{', '}');
}

std::string episodes_text(const Split& split) {
  const std::string indent(8, ' ');
  std::vector<std::string> shots_entries;
  const auto add = [&](std::int64_t shots, const std::vector<std::string>& episodes) {
    shots_entries.push_back(quoted(std::to_string(shots)) + ": " + block(episodes, indent, '[', ']'));
  };
  for (const auto& [shots, episodes] : split.test_episodes) {
    std::vector<std::string> texts;
    for (const auto& files : episodes) texts.push_back(files_text(files, indent + "  "));
    add(shots, texts);
  }
  for (const auto& [shots, episodes] : split.episode_classes) {
    std::vector<std::string> texts;
    for (const Names& classes : episodes) texts.push_back(list_text(classes, split.episodes_by_id));
    add(shots, texts);
  }
  return block(shots_entries, std::string(6, ' '), '{', '}');
}

std::string split_text(const Split& split) {
  std::vector<std::string> entries = {
      "\"train\": " + list_text(split.train),
      "\"test\": " + list_text(split.test),
      "\"fid\": " + (split.fid ? nlohmann::json(*split.fid).dump() : "null"),
  };
  if (!split.split_val.empty()) {
    entries.push_back("\"split_train\": " + list_text(split.split_train, split.validation_by_id));
    entries.push_back("\"split_val\": " + list_text(split.split_val, split.validation_by_id));
  }
  if (!split.test_episodes.empty() || !split.episode_classes.empty()) {
    entries.push_back("\"test_episodes\": " + episodes_text(split));
  }
  return block(entries, std::string(4, ' '), '{', '}');
}

}  // namespace

std::string to_json(const SplitFile& file) {
  std::vector<std::string> splits;
  for (const Split& split : file.splits) splits.push_back(quoted(split.id) + ": " + split_text(split));
  const std::vector<std::string> entries = {"\"version\": 1", "\"benchmark\": " + quoted(file.benchmark),
                                            "\"splits\": " + block(splits, "  ", '{', '}')};
  return block(entries, "", '{', '}') + "\n";
}

}  // namespace oodml::splits

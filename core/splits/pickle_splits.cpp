#include "core/splits/pickle_splits.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "core/base/printable.h"
#include "core/base/words.h"
#include "core/pickle/reader.h"
#include "core/splits/split_file_check.h"
#include "core/splits/split_values.h"

namespace oodml::splits {
namespace {

using Names = std::vector<std::string>;
using pickle::Document;
using pickle::Kind;
using Id = Document::Id;

constexpr pickle::Accepted kSplitFile = {.what = "split file", .globals = pickle::kPlainGlobals};
constexpr std::size_t kMaxNames = 8U << 20;        // one text can stand in many lists of a pickle,
constexpr std::size_t kMaxNameBytes = 256U << 20;  // but is copied into each of ours
constexpr std::int64_t kMaxEpisodes = 1000;
constexpr std::array<std::string_view, 6> kKeys = {"train", "test", "fid", "split_train", "split_val", "test_episodes"};

class Converter {
 public:
  explicit Converter(const Document& document) : document_(document) {}

  Result<SplitFile> file(const std::string& benchmark) {
    SplitFile file{.benchmark = benchmark, .splits = {}};
    OODML_ASSIGN_OR_RETURN(const auto entries, dict(document_.root(), "splits"));
    for (const auto& [key, value] : entries) {
      OODML_RETURN_IF_ERROR(check_split_id(key));
      OODML_ASSIGN_OR_RETURN(Split split, split_of(key, value));
      file.splits.push_back(std::move(split));
    }
    if (file.splits.empty()) return refuse(document_.root(), "splits", "wants a dict from id to split, not empty");
    return file;
  }

  /// A dict whose keys are texts or integers, in its order.
  Result<std::vector<std::pair<std::string, Id>>> dict(Id id, const std::string& place) {
    if (document_[id].kind != Kind::kDict) return wants(id, place, "a dict");
    const auto children = document_.children(id);
    std::vector<std::pair<std::string, Id>> entries;
    std::unordered_map<std::string, Kind> seen;
    for (std::size_t i = 0; i + 1 < children.size(); i += 2) {
      const Document::Value& key = document_[children[i]];
      if (key.kind != Kind::kText && key.kind != Kind::kInteger) {
        return wants(children[i], place, "a text or an integer as key");
      }
      std::string text = key.kind == Kind::kText ? std::string(key.text) : std::to_string(key.integer);
      OODML_RETURN_IF_ERROR(spend(children[i], place, text));
      if (const auto [first, is_new] = seen.try_emplace(text, key.kind); !is_new) {
        const bool mixed = first->second != key.kind;
        return refuse(children[i], place,
                      "the key '" + printable(text) + "' is there twice" + (mixed ? ", as integer and as text" : ""));
      }
      entries.emplace_back(std::move(text), children[i + 1]);
    }
    return entries;
  }

 private:
  Failure refuse(Id id, const std::string& place, const std::string& reason) const {
    return invalid_argument(place + " (byte " + std::to_string(document_[id].offset) + "): " + reason);
  }
  Failure wants(Id id, const std::string& place, const std::string& what) const {
    return refuse(id, place, "wants " + what + ", not " + to_text(document_[id].kind));
  }

  /// Every text that is copied counts.
  Status spend(Id id, const std::string& place, std::string_view text) {
    names_ += 1;
    bytes_ += text.size();
    if (names_ <= kMaxNames && bytes_ <= kMaxNameBytes) return {};
    return refuse(id, place, "more than 8388608 names or 256 MiB of them, the most that is read");
  }

  bool is_list(Id id) const {
    const Kind kind = document_[id].kind;
    return kind == Kind::kList || kind == Kind::kTuple || kind == Kind::kSet;
  }

  Result<Names> names(Id id, const std::string& place) {
    bool by_id = false;
    OODML_ASSIGN_OR_RETURN(Names read, classes(id, place, by_id));
    if (by_id) return refuse(id, place, "wants names, not integers");
    return read;
  }

  /// Names, or class ids: then `by_id` becomes true.
  Result<Names> classes(Id id, const std::string& place, bool& by_id) {
    if (!is_list(id)) return wants(id, place, "a list");
    Names read;
    bool integers = false;
    for (const Id entry : document_.children(id)) {
      const auto here = [&] { return place + "[" + std::to_string(read.size()) + "]"; };
      const Document::Value& value = document_[entry];
      const bool integer = value.kind == Kind::kInteger;
      if (!integer && value.kind != Kind::kText) return wants(entry, here(), "a name");
      if (!read.empty() && integer != integers) return refuse(entry, here(), "names and integers in one list");
      integers = integer;
      if (integer && value.integer < 1) return refuse(entry, here(), "wants a class id from 1 on");
      const std::string_view reason = integer ? "" : why_bad_name(value.text);
      if (!reason.empty()) return refuse(entry, here(), std::string(reason) + ": '" + printable(value.text) + "'");
      read.push_back(integer ? std::to_string(value.integer) : std::string(value.text));
      OODML_RETURN_IF_ERROR(spend(entry, place, read.back()));
    }
    by_id = by_id || integers;
    return read;
  }

  Result<std::optional<double>> checked_fid(Id id, const std::string& place, double fid) const {
    const std::string_view reason = why_bad_fid(fid);
    if (!reason.empty()) return refuse(id, place, std::string(reason));
    return fid;
  }

  Result<std::optional<double>> fid(Id id, const std::string& place) const {
    const Document::Value& value = document_[id];
    if (value.kind == Kind::kNone) return std::nullopt;
    if (value.kind == Kind::kInteger) return checked_fid(id, place, static_cast<double>(value.integer));
    if (value.kind != Kind::kReal) return wants(id, place, "a float");
    return checked_fid(id, place, value.real);
  }

  Status read_episode(Id id, const std::string& place, std::int64_t shots, Split& split) {
    const std::string_view reason = why_other_form(split, shots, !is_list(id));
    if (!reason.empty()) return refuse(id, place, std::string(reason));
    if (is_list(id)) {
      OODML_ASSIGN_OR_RETURN(Names read, classes(id, place, split.episodes_by_id));
      split.episode_classes[shots].push_back(std::move(read));
      return {};
    }
    OODML_ASSIGN_OR_RETURN(const auto entries, dict(id, place));
    std::map<std::string, Names> files;
    for (const auto& [name, list] : entries) {
      OODML_ASSIGN_OR_RETURN(files[name], names(list, place + "." + printable(name)));
    }
    split.test_episodes[shots].push_back(std::move(files));
    return {};
  }

  Status read_episodes(Id id, const std::string& place, Split& split) {
    OODML_ASSIGN_OR_RETURN(const auto all_shots, dict(id, place));
    for (const auto& [key, numbered] : all_shots) {
      OODML_ASSIGN_OR_RETURN(const std::int64_t shots, parse_shots(key, place));
      const std::string here = place + "." + key;
      OODML_ASSIGN_OR_RETURN(const auto episodes, dict(numbered, here));
      if (episodes.empty()) return refuse(numbered, here, "wants at least one episode");
      if (episodes.size() > kMaxEpisodes) return refuse(numbered, here, "more than 1000 episodes");
      const std::unordered_map<std::string, Id> by_number(episodes.begin(), episodes.end());
      for (std::size_t i = 0; i < episodes.size(); ++i) {
        const std::string number = std::to_string(i);
        const auto found = by_number.find(number);
        if (found == by_number.end()) return refuse(numbered, here, "episodes are numbered from 0 on; lacks " + number);
        OODML_RETURN_IF_ERROR(read_episode(found->second, here + "[" + number + "]", shots, split));
      }
    }
    return {};
  }

  Status read_member(const std::string& key, Id id, const std::string& place, Split& split) {
    if (key == "train") return assign(split.train, names(id, place));
    if (key == "test") return assign(split.test, names(id, place));
    if (key == "fid") return assign(split.fid, fid(id, place));
    if (key == "split_train") return assign(split.split_train, classes(id, place, split.validation_by_id));
    if (key == "split_val") return assign(split.split_val, classes(id, place, split.validation_by_id));
    if (key == "test_episodes") return read_episodes(id, place, split);
    return refuse(id, place, "unknown key; known: " + joined(kKeys));
  }

  template <typename T>
  static Status assign(T& target, Result<T> value) {
    OODML_RETURN_IF_ERROR(value);
    target = *std::move(value);
    return {};
  }

  Result<Split> split_of(const std::string& key, Id id) {
    const std::string place = "splits." + key;
    OODML_ASSIGN_OR_RETURN(const auto members, dict(id, place));
    for (const std::string_view needed : {"train", "test", "fid"}) {
      if (std::ranges::count(members, needed, &std::pair<std::string, Id>::first) == 0) {
        return refuse(id, place, "lacks " + std::string(needed));
      }
    }
    Split split;
    split.id = key;
    for (const auto& [name, value] : members) {
      OODML_RETURN_IF_ERROR(read_member(name, value, place + "." + printable(name), split));
    }
    OODML_RETURN_IF_ERROR(check_split(split, place));
    return split;
  }

  const Document& document_;
  std::size_t names_ = 0, bytes_ = 0;
};

}  // namespace

Result<SplitFile> parse_split_pickle(std::string_view bytes, const std::string& benchmark) {
  OODML_ASSIGN_OR_RETURN(const Document document, pickle::read(bytes, kSplitFile));
  return Converter(document).file(benchmark);
}

Result<std::vector<std::string>> split_ids_of_pickle(std::string_view bytes) {
  OODML_ASSIGN_OR_RETURN(const Document document, pickle::read(bytes, kSplitFile));
  OODML_ASSIGN_OR_RETURN(const auto entries, Converter(document).dict(document.root(), "splits"));
  std::vector<std::string> ids;
  for (const auto& [key, value] : entries) ids.push_back(key);
  return ids;
}

}  // namespace oodml::splits

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "coordinator/cli/commands/commands.h"
#include "core/job/worker_name.h"

namespace oodml::cli {
namespace {

constexpr std::int64_t kSweepsOffered = 50;
constexpr std::int64_t kTrialsOffered = 200;
/// A shell waits for it: whoever is slower or not there is not asked.
constexpr Client::Patience kShellPatience{.unseen = std::chrono::milliseconds(0),
                                          .known = std::chrono::milliseconds(0),
                                          .deadline = std::chrono::milliseconds(400)};

/// Letters, digits and -._:@: shells expand others.
bool is_harmless(const std::string& word) {
  return !word.empty() && word.front() != '-' && std::ranges::all_of(word, [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '-' || c == '.' || c == '_' || c == ':' || c == '@';
  });
}

Result<std::vector<std::string>> sweep_words(Client& client) {
  v1::ListRequest request;
  request.set_limit(kSweepsOffered);
  OODML_ASSIGN_OR_RETURN(const v1::ListReply reply, client.list(request));
  std::vector<std::string> words;
  for (const auto& sweep : reply.sweeps()) words.insert(words.end(), {std::to_string(sweep.sweep_id()), sweep.name()});
  return words;
}

/// Of the newest sweep.
Result<std::vector<std::string>> trial_words(Client& client) {
  v1::ListRequest list;
  list.set_limit(1);
  OODML_ASSIGN_OR_RETURN(const v1::ListReply newest, client.list(list));
  if (newest.sweeps().empty()) return std::vector<std::string>();
  v1::GetRequest request;
  request.mutable_sweep()->set_sweep_id(newest.sweeps(0).sweep_id());
  request.set_limit(kTrialsOffered);
  OODML_ASSIGN_OR_RETURN(const v1::GetReply reply, client.get(request));
  std::vector<std::string> words;
  for (const auto& trial : reply.trials()) words.push_back(std::to_string(trial.trial_id()));
  return words;
}

/// Names; where several have one, their ids as well.
Result<std::vector<std::string>> worker_words(Client& client) {
  OODML_ASSIGN_OR_RETURN(const v1::ListWorkersReply reply, client.workers());
  std::map<std::string, std::vector<std::string>> ids_by_name;
  for (const auto& summary : reply.workers()) {
    const std::string& id = summary.worker().worker_id();
    ids_by_name[job::worker_name(WorkerId{id})].push_back(id);
  }
  std::vector<std::string> words;
  for (const auto& [name, ids] : ids_by_name) {
    words.push_back(name);
    if (ids.size() > 1) words.insert(words.end(), ids.begin(), ids.end());
  }
  return words;
}

/// Without an answer nothing is said: a person in the middle of a line wants no message.
Result<int> complete(Session& session, const std::string& what) {
  const auto client = Client::open(session.connection, kShellPatience);
  if (!client) return kExitDone;
  const auto words = what == "sweeps"   ? sweep_words(**client)
                     : what == "trials" ? trial_words(**client)
                                        : worker_words(**client);
  std::set<std::string> had;
  std::string text;
  for (const std::string& word : words ? *words : std::vector<std::string>()) {
    if (is_harmless(word) && had.insert(word).second) text += word + "\n";
  }
  session.print(text);
  return kExitDone;
}

}  // namespace

void add_complete(CommandLine& line) {
  CLI::App* command =
      line.add("complete", "Print what completion scripts offer: ids and names that the coordinator knows", "",
               {"oodml complete sweeps"});
  auto what = std::make_shared<std::string>();
  command->add_option("what", *what, "sweeps, trials (of the newest sweep) or workers")
      ->required()
      ->type_name("WHAT")
      ->check(CLI::IsMember({"sweeps", "trials", "workers"}).description(""));
  line.on(command, [what](Session& session) { return complete(session, *what); }, {});
}

}  // namespace oodml::cli

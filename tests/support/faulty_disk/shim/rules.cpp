#include "tests/support/faulty_disk/shim/rules.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace oodml::faulty_disk {
namespace {

constexpr int kBadRules = 99;  // exit code: a rule that is not understood must not pass for a disk without faults

constexpr std::array<const char*, 10> kNames = {"open",      "write",  "pwrite", "fsync", "fdatasync",
                                                "ftruncate", "rename", "unlink", "mkdir", "rmdir"};
constexpr std::array<std::pair<const char*, int>, 8> kErrors = {{{"EIO", EIO},
                                                                 {"ENOSPC", ENOSPC},
                                                                 {"EDQUOT", EDQUOT},
                                                                 {"EROFS", EROFS},
                                                                 {"EACCES", EACCES},
                                                                 {"EINVAL", EINVAL},
                                                                 {"ENOENT", ENOENT},
                                                                 {"EMFILE", EMFILE}}};

struct Rule {
  std::string action;
  std::vector<std::string> calls;  // empty: all
  std::string path, program;
  std::int64_t after = 0, times = INT64_MAX, millis = 0;
  int error = EIO;
};

struct State {
  std::string text;               // of the control file
  std::vector<Rule> rules;        // in its order
  std::vector<std::int64_t> met;  // how many calls met each rule since the file was written
};

std::mutex mutex;  // guards state()

// A child that is forked while another thread holds the mutex must not wait for that thread, which it does not have.
[[gnu::constructor]] void survive_forks() {
  pthread_atfork([] { mutex.lock(); }, [] { mutex.unlock(); }, [] { mutex.unlock(); });
}

State& state() {
  static State* const kept = new State;  // outlives the destructors of the program
  return *kept;
}

void say(const std::string& line) {
  [[maybe_unused]] const long said = syscall(SYS_write, STDERR_FILENO, line.data(), line.size());
}

[[noreturn]] void refuse(const std::string& line) {
  say("faulty_disk: cannot understand the rule '" + line + "'\n");
  syscall(SYS_exit_group, kBadRules);
  abort();
}

std::string content_of(const char* path) {
  const long file = syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return "";
  std::string text;
  char buffer[4096];
  for (long count; (count = syscall(SYS_read, file, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  syscall(SYS_close, file);
  return text;
}

std::string link_text(const std::string& path) {
  char target[4096];
  const long length = syscall(SYS_readlinkat, AT_FDCWD, path.c_str(), target, sizeof(target));
  return length > 0 ? std::string(target, static_cast<std::size_t>(length)) : "";
}

int error_named(const std::string& name, const std::string& line) {
  for (const auto& [known, number] : kErrors) {
    if (name == known) return number;
  }
  refuse(line);
}

std::vector<std::string> call_list(const std::string& value, const std::string& line) {
  std::vector<std::string> calls;
  std::istringstream words(value);
  for (std::string word; std::getline(words, word, ',');) {
    if (std::find(kNames.begin(), kNames.end(), word) == kNames.end()) refuse(line);
    calls.push_back(word);
  }
  return calls;
}

Rule rule_of(const std::string& line) {
  Rule rule;
  std::istringstream words(line);
  words >> rule.action;
  static const std::array<std::string, 6> actions = {"fail", "kill", "tear", "lie", "clock", "record"};
  if (std::find(actions.begin(), actions.end(), rule.action) == actions.end()) refuse(line);
  for (std::string word; words >> word;) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos) refuse(line);
    const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
    if (key == "calls")
      rule.calls = call_list(value, line);
    else if (key == "path")
      rule.path = value;
    else if (key == "program")
      rule.program = value;
    else if (key == "after")
      rule.after = atoll(value.c_str());
    else if (key == "times")
      rule.times = atoll(value.c_str());
    else if (key == "errno")
      rule.error = error_named(value, line);
    else if (key == "millis")
      rule.millis = atoll(value.c_str());
    else
      refuse(line);
  }
  return rule;
}

/// Reads the control file, under mutex. Counts begin again whenever it says something else.
void refresh() {
  const char* const control = getenv("OODML_FAULTY_DISK");
  std::string text = control == nullptr ? "" : content_of(control);
  State& known = state();
  if (text == known.text) return;
  known.rules.clear();
  const std::string program = link_text("/proc/self/exe");
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == '#') continue;
    Rule rule = rule_of(line);
    if (program.find(rule.program) != std::string::npos) known.rules.push_back(std::move(rule));
  }
  known.met.assign(known.rules.size(), 0);
  known.text = std::move(text);
}

/// A line for the test that shows that the fault struck.
void note(const Rule& rule, Call call, const char* path) {
  const std::string file = std::string(getenv("OODML_FAULTY_DISK")) + ".log";
  const std::string line = rule.action + " " + kNames[static_cast<std::size_t>(call)] + " " + path + "\n";
  const long log = syscall(SYS_openat, AT_FDCWD, file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (log < 0) return;
  [[maybe_unused]] const long said = syscall(SYS_write, log, line.data(), line.size());
  syscall(SYS_close, log);
}

bool is_on(const Rule& rule, const char* path) {
  const std::string_view wanted = rule.path, given = path;
  if (!wanted.ends_with('$')) return given.find(wanted) != std::string_view::npos;
  return given.ends_with(wanted.substr(0, wanted.size() - 1));
}

bool concerns(const Rule& rule, Call call, const char* path, const char* other) {
  if (rule.action == "clock" || rule.action == "record") return false;
  if (!is_on(rule, path) && (other == nullptr || !is_on(rule, other))) return false;
  return rule.calls.empty() ||
         std::find(rule.calls.begin(), rule.calls.end(), kNames[static_cast<std::size_t>(call)]) != rule.calls.end();
}

}  // namespace

void die() {
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) syscall(SYS_pause);
}

Verdict judge(Call call, const char* path, const char* other) {
  const int kept = errno;
  const std::lock_guard lock(mutex);
  refresh();
  Verdict verdict;
  State& known = state();
  for (std::size_t i = 0; i < known.rules.size() && verdict.deed == Deed::kPass; ++i) {
    const Rule& rule = known.rules[i];
    if (!concerns(rule, call, path, other)) continue;
    const std::int64_t earlier = known.met[i]++;
    if (earlier < rule.after || earlier - rule.after >= rule.times) continue;
    note(rule, call, path);
    if (rule.action == "kill") die();
    if (rule.action == "fail") verdict = {Deed::kFail, rule.error};
    if (rule.action == "tear") verdict = {Deed::kTear, 0};
    if (rule.action == "lie") verdict = {Deed::kLie, 0};
  }
  errno = kept;
  return verdict;
}

std::string path_of(int descriptor) {
  const int kept = errno;
  std::string path = link_text("/proc/self/fd/" + std::to_string(descriptor));
  errno = kept;
  return path;
}

Verdict judge(Call call, int descriptor) { return judge(call, path_of(descriptor).c_str()); }

bool is_recorded(const char* path) {
  const int kept = errno;
  const std::lock_guard lock(mutex);
  refresh();
  const auto& rules = state().rules;
  const bool wanted = std::any_of(rules.begin(), rules.end(),
                                  [&](const Rule& rule) { return rule.action == "record" && is_on(rule, path); });
  errno = kept;
  return wanted;
}

void record(const std::string& head, const void* bytes, std::size_t size) {
  const int kept = errno;
  const std::string file = std::string(getenv("OODML_FAULTY_DISK")) + ".journal";
  // One write, so that a kill leaves whole entries.
  std::string entry = head + " " + std::to_string(size) + "\n";
  entry.append(static_cast<const char*>(bytes), size);
  const long journal = syscall(SYS_openat, AT_FDCWD, file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (journal < 0 || syscall(SYS_write, journal, entry.data(), entry.size()) != static_cast<long>(entry.size())) {
    say("faulty_disk: cannot write " + file + "\n");
    die();
  }
  syscall(SYS_close, journal);
  errno = kept;
}

std::int64_t wall_offset() {
  const int kept = errno;
  const std::lock_guard lock(mutex);
  refresh();
  std::int64_t millis = 0;
  for (const Rule& rule : state().rules) {
    if (rule.action == "clock") millis += rule.millis;
  }
  errno = kept;
  return millis;
}

}  // namespace oodml::faulty_disk

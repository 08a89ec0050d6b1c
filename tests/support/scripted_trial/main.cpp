// scripted_trial: takes the command line of `oodml-core run` and talks like it, without LibTorch. What it "trains" is a
// 64-bit state that every step changes, so its figures depend on every step having been done exactly once: a trial that
// was killed and resumed ends with the same bits as an undisturbed one, or a test sees it. What else it does: script.h.

#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/base/atomic_file.h"
#include "core/base/replace_folder.h"
#include "core/base/results_version.h"
#include "core/base/seeds.h"
#include "core/base/sha256.h"
#include "core/identity/data_reader.h"
#include "core/protocol/lines.h"
#include "core/sweep/sweep.h"
#include "core/warm/serve.h"
#include "tests/support/scripted_trial/fake_cuda.h"
#include "tests/support/scripted_trial/script.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

volatile sig_atomic_t stop_wanted = 0;

struct Options {
  fs::path trial_file, run_dir, benchmarks_root;
  std::vector<fs::path> resume_from;
  std::string device = "cpu";
  bool die_with_parent = false;
};

struct State {
  std::uint64_t value = 0;
  std::int64_t step = 0;
  std::vector<job::Metric> history;  ///< Said again after a resume, since an earlier attempt may not have been heard.
};

[[noreturn]] void die(const std::string& why) {
  std::fprintf(stderr, "scripted_trial: %s\n", why.c_str());
  std::exit(2);
}

void write_raw(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::write(protocol::kEventDescriptor, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

void say(job::EventBody body) { write_raw(protocol::encode(body)); }

Options read_options(int argc, char** argv) {
  Options options;
  options.trial_file = argc > 2 ? argv[2] : "";
  for (int i = 3; i < argc; ++i) {
    const std::string name = argv[i];
    if (name == "--die-with-parent") {
      options.die_with_parent = true;
      continue;
    }
    if (i + 1 == argc) die(name + " wants a value");
    const std::string value = argv[++i];
    if (name == "--run-dir")
      options.run_dir = value;
    else if (name == "--benchmarks-root")
      options.benchmarks_root = value;
    else if (name == "--resume-from")
      options.resume_from.emplace_back(value);
    else if (name == "--device")
      options.device = value;
    else if (name != "--threads" && name != "--weights-root")
      die("unknown option " + name);
  }
  return options;
}

std::int64_t attempt_number(const fs::path& run_dir) {
  const std::string name = run_dir.filename().string();
  return name.starts_with("attempt-") ? std::atoll(name.c_str() + std::strlen("attempt-")) : 1;
}

double to_unit(std::uint64_t value) { return static_cast<double>(value >> 11) * 0x1.0p-53; }

class Trial {
 public:
  Trial(Options options, job::TrialSpec spec, Script script)
      : options_(std::move(options)), spec_(std::move(spec)), script_(std::move(script)) {
    state_.value = Seeds(std::strtoull(sweep::fingerprint(spec_).substr(0, 15).c_str(), nullptr, 16)).derive("init");
  }

  int run() {
    say(job::Hello{1, options_.device, ::getpid()});
    const SystemClock clock;
    data_ = job::stamps_text(identity::DataReader("", clock).of_trial(
        {.benchmark = spec_.benchmark(), .split = spec_.split()}, options_.benchmarks_root, ""));
    say(job::Identity{kResultsVersion, OODML_VERSION, data_});
    state_.value = Seeds(state_.value).derive(data_);
    resume();
    const std::int64_t epochs = spec_.values.integer("epochs");
    if (epochs == 0) evaluate(0);
    while (state_.step < epochs * script_.steps) {
      if (state_.step == script_.at_step) act();
      take_step(epochs);
      if (stop_wanted != 0 && script_.action != "deaf") return stop();
    }
    say(job::Done{epochs});
    return script_.action == "busy_exit" ? script_.code : 0;
  }

 private:
  std::int64_t epoch() const { return state_.step / script_.steps; }

  void take_step(std::int64_t epochs) {
    std::this_thread::sleep_for(std::chrono::milliseconds(script_.step_millis));
    state_.value = Seeds(state_.value).derive("step", {static_cast<std::uint64_t>(state_.step)});
    ++state_.step;
    say(job::Progress{epoch(), epochs, state_.step, epochs * script_.steps, to_unit(state_.value), -1.0, "training"});
    if (state_.step % script_.steps != 0) return;
    evaluate(epoch());
    checkpoint();
  }

  void evaluate(std::int64_t epoch) {
    const auto tell = [&](const std::string& set, const std::string& name) {
      const double value = to_unit(Seeds(state_.value).derive(set + "/" + name));
      state_.history.push_back({epoch, set, "embeds", name, value});
      say(state_.history.back());
    };
    tell("train", "loss");
    for (const std::string& set : spec_.values.texts("evaluate.sets")) {
      for (const std::string& name : spec_.values.texts("evaluate.metrics")) tell(set, name);
    }
  }

  void checkpoint() {
    json saved = {{"value", state_.value}, {"step", state_.step}, {"data", data_}, {"history", json::array()}};
    for (const job::Metric& m : state_.history) saved["history"].push_back({m.epoch, m.set, m.name, m.value});
    char name[32];
    std::snprintf(name, sizeof(name), "%08lld", static_cast<long long>(state_.step));
    const std::string network = filling();
    const json manifest = {
        {"version", 3},
        {"parts", {{"state.json", sha256_hex(saved.dump())}, {"network.safetensors", sha256_hex(network)}}}};
    if (const Status written = write_checkpoint(name, saved.dump(), network, manifest.dump()); !written.ok()) {
      say(job::Failed{"infrastructure", written.message()});
      std::exit(1);
    }
    say(job::Checkpoint{epoch(), "checkpoints/" + std::string(name), sha256_hex(manifest.dump())});
  }

  /// Of the size that the script says, and another one after each step.
  std::string filling() const {
    std::string bytes(static_cast<std::size_t>(script_.checkpoint_mib) << 20, 'n');
    const std::string value = std::to_string(state_.value);
    if (!bytes.empty()) bytes.replace(0, value.size(), value);
    return bytes;
  }

  /// In its place whole or not at all, as the core does it.
  Status write_checkpoint(const std::string& name, const std::string& state, const std::string& network,
                          const std::string& manifest) const {
    const fs::path folder = options_.run_dir / "checkpoints", fresh = folder / (".unfinished-" + name);
    OODML_RETURN_IF_ERROR(make_folders(fresh));
    OODML_RETURN_IF_ERROR(write_file_atomically(fresh / "state.json", state));
    OODML_RETURN_IF_ERROR(write_file_atomically(fresh / "network.safetensors", network));
    OODML_RETURN_IF_ERROR(write_file_atomically(fresh / "manifest.json", manifest));
    return replace_folder(fresh, folder / name);
  }

  void resume() {
    std::vector<fs::path> folders = {options_.run_dir};
    folders.insert(folders.end(), options_.resume_from.begin(), options_.resume_from.end());
    for (const fs::path& folder : folders) {
      if (!fs::is_directory(folder / "checkpoints")) continue;
      std::vector<fs::path> saved;
      for (const auto& entry : fs::directory_iterator(folder / "checkpoints")) {
        const bool is_whole = !entry.path().filename().string().starts_with(".");
        if (is_whole && fs::exists(entry.path() / "state.json")) saved.push_back(entry.path() / "state.json");
      }
      if (saved.empty()) continue;
      load(*std::max_element(saved.begin(), saved.end()));
      return;
    }
  }

  void load(const fs::path& file) {
    const auto text = read_file(file, 64 << 20);
    const json saved = text.has_value() ? json::parse(*text, nullptr, false) : json();
    if (!saved.is_object()) die("cannot read " + file.string());
    if (saved.at("data") != data_) return say(job::Warning{"not resumed: the checkpoint is of other data"});
    state_.value = saved.at("value").get<std::uint64_t>();
    state_.step = saved.at("step").get<std::int64_t>();
    for (const json& m : saved.at("history")) {
      state_.history.push_back({m.at(0), m.at(1), "embeds", m.at(2), m.at(3)});
      say(state_.history.back());
    }
    std::fprintf(stderr, "resumed from %s\n", file.c_str());
  }

  int stop() {
    checkpoint();
    say(job::Stopped{epoch(), state_.step});
    return 75;
  }

  void act() {
    const std::string& action = script_.action;
    if (action == "crash") {
      ::signal(script_.signal, SIG_DFL);
      ::raise(script_.signal);
    } else if (action == "kill_worker") {
      ::kill(::getppid(), SIGKILL);
      while (true) ::pause();  // it dies with its worker
    } else if (action == "exit") {
      ::_exit(script_.code);
    } else if (action == "fail") {
      say(job::Failed{script_.kind, script_.message});
      ::_exit(1);
    } else if (action == "hang") {
      while (true) ::pause();
    } else if (action == "garbage") {
      write_raw("metric epoch=three\n\n\x01\xff\xfe binary\nnew_verb key=value\n" + std::string(10'000, 'x') + "\n");
    } else if (action == "torn") {
      write_raw("metric epoch=1 set=test embeds=emb");
      ::kill(::getpid(), SIGKILL);
    } else if (action == "flood") {
      const std::string line(1023, 'f');
      for (std::int64_t i = 0; i < script_.mib * 1024; ++i) std::puts(line.c_str());
      std::fflush(stdout);
    } else if (action == "chatter") {
      for (std::int64_t i = 0; i < script_.count; ++i) {
        say(job::Metric{0, "chatter", "embeds", "m" + std::to_string(i),
                        to_unit(Seeds(7).derive("chatter", {static_cast<std::uint64_t>(i)}))});
      }
    } else if (action == "grandchild" || action == "escapee") {
      leave_process(action == "escapee");
    }
  }

  static void leave_process(bool own_session) {
    if (::fork() != 0) return;
    if (own_session) ::setsid();
    ::signal(SIGTERM, SIG_IGN);
    while (true) ::pause();
  }

  Options options_;
  job::TrialSpec spec_;
  Script script_;
  State state_;
  std::string data_;  ///< What its figures depend on beside the specification.
};

int run_trial(int argc, char** argv) {
  Options options = read_options(argc, argv);
  if (options.die_with_parent) ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::signal(SIGTERM, [](int) { stop_wanted = 1; });
  const auto text = read_file(options.trial_file, 1 << 20);
  if (!text.has_value()) die(text.error().message());
  auto spec = sweep::parse_trial_file(*text, options.trial_file.string());
  if (!spec.has_value()) die(spec.error().message());
  auto script = read_script(options.benchmarks_root, spec->seed(), attempt_number(options.run_dir));
  if (!script.has_value()) die(script.error().message());
  return Trial(std::move(options), std::move(*spec), std::move(*script)).run();
}

int be(int argc, char** argv);

int be_template() {
  auto words = warm::serve();
  if (!words) return 0;
  std::vector<char*> arguments;
  for (std::string& word : *words) arguments.push_back(word.data());
  return be(static_cast<int>(arguments.size()), arguments.data());
}

int be(int argc, char** argv) {
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "template") return be_template();
  if (verb == "probe") return std::puts(fake_probe(argc > 3).c_str()) < 0 ? 1 : 0;
  if (verb == "run") return run_trial(argc, argv);
  std::fprintf(stderr, "usage: scripted_trial run trial.yaml --run-dir DIR ... | probe --json [--exercise]\n");
  return 2;
}

}  // namespace
}  // namespace oodml::testing

int main(int argc, char** argv) { return oodml::testing::be(argc, argv); }

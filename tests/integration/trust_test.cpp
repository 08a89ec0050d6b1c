// How the real programs find, trust and leave each other: addresses, client.toml, certificates, tokens, modes of files.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <nlohmann/json.hpp>

#include "tests/integration/cluster.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

using namespace std::chrono_literals;

/// The files below `folder` that others than their owner can reach.
std::string open_to_others(const std::filesystem::path& folder) {
  std::string names;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    struct stat info{};
    if (entry.is_regular_file() && ::stat(entry.path().c_str(), &info) == 0 && (info.st_mode & 077) != 0)
      names += entry.path().string() + " ";
  }
  return names;
}

class TrustTest : public ::testing::Test {
 protected:
  static ClusterTerms direct() {
    return {.lease = "20", .heartbeat = "1", .restart_grace = "20", .through_proxy = false};
  }

  /// The state that `oodml workers` shows of the worker with this name; empty: it is not listed.
  std::string state_of(const std::string& name) const {
    const auto listed = nlohmann::json::parse(cluster_.oodml({"workers", "-o", "json"}).out, nullptr, false);
    if (!listed.is_object()) return "no answer";
    for (const auto& worker : listed.at("workers")) {
      if (worker.at("id").get<std::string>().starts_with(name + "-")) return worker.at("state");
    }
    return "";
  }
  bool becomes(const std::string& name, const std::string& state) const {
    return wait_until([&] { return state_of(name) == state; });
  }
  Output worker_with(std::vector<std::string> words, std::map<std::string, std::string> environment = {}) {
    const std::filesystem::path core =
        std::filesystem::path(program("oodml")).parent_path().parent_path() / "tests" / "scripted_trial";
    words.insert(words.begin(), {program("oodml-worker"), "--state-dir", folder_ / "tried", "--benchmarks-root",
                                 folder_ / "benchmarks", "--core", core, "--exit-when-idle", "1"});
    return run(words, {.environment = environment});
  }
  Output coordinator_with(std::vector<std::string> words) {
    words.insert(words.begin(), {program("oodml-coordinator"), "--database", folder_ / "tried.db"});
    return run(words, {});
  }
  void write_private(const std::string& name, const std::string& text, mode_t mode = 0600) {
    std::filesystem::create_directories((folder_ / name).parent_path());
    write_text(folder_ / name, text);
    ASSERT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
  }

  TemporaryFolder folder_;
  Cluster cluster_{folder_.path(), "{}", direct()};
};

TEST_F(TrustTest, EveryProgramSaysWhatAnAddressIs) {
  for (const char* given : {"https://gpu1:7070", "::1:7070", "gpu1", "gpu1:0", "dns:///gpu1:7070", "gpu1:7070/"}) {
    const std::vector<std::pair<std::string, Output>> answers = {
        {"--coordinator", run({program("oodml"), "list", "--coordinator", given})},
        {"OODML_COORDINATOR", run({program("oodml"), "list"}, {.environment = {{"OODML_COORDINATOR", given}}})},
        {"--coordinator", worker_with({"--coordinator", given})},
        {"OODML_COORDINATOR", worker_with({}, {{"OODML_COORDINATOR", given}})}};
    for (const auto& [place, answer] : answers) {
      EXPECT_EQ(answer.exit_code, 2) << given << ": " << answer.err;
      EXPECT_NE(answer.err.find(place + " '" + given + "': "), std::string::npos) << answer.err;
      EXPECT_NE(answer.err.find("HOST:PORT wanted"), std::string::npos) << answer.err;
    }
    if (std::string(given) == "gpu1:0") continue;  // which a listener may say
    const Output listening = coordinator_with({"--listen", given});
    EXPECT_EQ(listening.exit_code, 2) << given << ": " << listening.err;
    EXPECT_NE(listening.err.find("--listen '" + std::string(given) + "': "), std::string::npos) << listening.err;
  }
}

TEST_F(TrustTest, ATokenDoesNotTravelToAHostThatLooksLikeThisMachine) {
  for (const char* host : {"127.evil.example:7070", "127.0.0.1.example:7070"}) {
    const std::map<std::string, std::string> environment = {{"OODML_TOKEN", "0123456789abcdef"},
                                                            {"OODML_COORDINATOR", host}};
    for (const Output& answer :
         {run({program("oodml"), "list"}, {.environment = environment}), worker_with({}, environment)}) {
      EXPECT_EQ(answer.exit_code, 2);
      EXPECT_NE(answer.err.find("the token would travel readably to " + std::string(host)), std::string::npos)
          << answer.err;
    }
  }
}

TEST_F(TrustTest, AClientTomlIsAllThatWorkersAndCommandsNeed) {
  cluster_.start_coordinator();
  std::string text = "coordinator = \"" + cluster_.address() + "\"\n";
  if (Security::wanted()) {
    write_private("config/oodml/ca.crt", cluster_.security().authority(), 0644);
    text += std::string("tls-ca = \"ca.crt\"\ntoken = \"") + Security::kSubmitterToken + "\"\n";
  }
  write_private("config/oodml/client.toml", text);
  const std::map<std::string, std::string> environment = {{"XDG_CONFIG_HOME", folder_ / "config"}};
  const Output listed = run({program("oodml"), "workers"}, {.environment = environment});
  EXPECT_EQ(listed.exit_code, 0) << listed.err;

  if (Security::wanted())
    text.replace(text.find(Security::kSubmitterToken), std::string(Security::kSubmitterToken).size(),
                 Security::kWorkerToken);
  write_private("config/oodml/client.toml", text);
  const Output worked = worker_with({"--name", "filed"}, environment);
  EXPECT_EQ(worked.exit_code, 0) << worked.err;
  EXPECT_NE(worked.err.find("registered worker=filed-"), std::string::npos) << worked.err;

  write_private("config/oodml/client.toml", "coordinator = \"gpu1\"\n");
  for (const Output& refused :
       {run({program("oodml"), "workers"}, {.environment = environment}), worker_with({}, environment)}) {
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("client.toml:1: coordinator 'gpu1': the port is missing"), std::string::npos)
        << refused.err;
  }
}

TEST_F(TrustTest, AWorkerThatLeavesIsShownAsLeftAtOnce) {
  cluster_.start_coordinator();
  cluster_.start_worker("first");
  cluster_.start_worker("second");
  ASSERT_TRUE(becomes("first", "ready") && becomes("second", "ready"));
  Process& first = cluster_.worker("first");
  first.signal(SIGTERM);
  EXPECT_EQ(first.wait(), 0);
  EXPECT_EQ(state_of("first"), "left");
  // Three heartbeats that are missing, one a second; when twenty seconds have passed it is lost.
  cluster_.kill_worker("second");
  EXPECT_TRUE(wait_until([&] { return state_of("second") == "not answering" || state_of("second") == "lost"; }))
      << state_of("second");
  cluster_.submit(faults_sweep(1));
  EXPECT_NE(cluster_.oodml({"show", "faults"}).out.find("no worker is connected"), std::string::npos)
      << cluster_.oodml({"show", "faults"}).out;
  cluster_.stop_coordinator();
}

TEST_F(TrustTest, FilesOfTheProgramsAreNobodyElsesWhateverTheUmaskIs) {
  const mode_t before = ::umask(0);
  cluster_.start_with(faults_sweep(1));
  ::umask(before);
  ASSERT_TRUE(cluster_.all_succeed());
  EXPECT_EQ(open_to_others(cluster_.database().parent_path()), "");
  EXPECT_EQ(open_to_others(cluster_.state("first") / "spool"), "");
  for (const char* part : {"spool", "runs"}) {
    struct stat info{};
    ASSERT_EQ(::stat((cluster_.state("first") / part).c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777, 0700u) << part;
  }
  cluster_.stop();
}

TEST_F(TrustTest, TokenFilesThatOthersCanReadAreRefused) {
  write_private("open.token", "0123456789abcdef", 0644);
  write_private("open.tokens", "worker 0123456789abcdef", 0640);
  const std::string token = folder_ / "open.token", tokens = folder_ / "open.tokens";
  for (const Output& refused :
       {run({program("oodml"), "list", "--token-file", token}), worker_with({"--token-file", token})}) {
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("do `chmod 600 " + token + "`"), std::string::npos) << refused.err;
  }
  const Output coordinator = coordinator_with({"--listen", "127.0.0.1:0", "--tokens", tokens});
  EXPECT_EQ(coordinator.exit_code, 2);
  EXPECT_NE(coordinator.err.find("do `chmod 600 " + tokens + "`"), std::string::npos) << coordinator.err;
}

TEST_F(TrustTest, CertificatesThatDoNotHoldAreRefusedAtTheStart) {
  const CertificateAuthority authority, old({.from = -48h, .until = -24h});
  const auto over = authority.issue("IP:127.0.0.1", {.from = -48h, .until = -24h}), good = authority.issue();
  write_private("over.crt", over.certificate);
  write_private("over.key", over.key);
  write_private("good.crt", good.certificate);
  write_private("old-ca.crt", old.certificate());
  const auto start = [&](const std::string& certificate, const std::string& key) {
    return coordinator_with(
        {"--listen", "127.0.0.1:0", "--tls-cert", folder_ / certificate, "--tls-key", folder_ / key});
  };
  const Output expired = start("over.crt", "over.key"), mismatched = start("good.crt", "over.key");
  EXPECT_EQ(expired.exit_code, 2);
  EXPECT_NE(expired.err.find("over.crt: the certificate of CN=coordinator expired on 20"), std::string::npos)
      << expired.err;
  EXPECT_EQ(mismatched.exit_code, 2);
  EXPECT_NE(mismatched.err.find("over.key is not the key of the certificate in "), std::string::npos) << mismatched.err;
  const std::string ca = folder_ / "old-ca.crt";
  for (const Output& refused : {run({program("oodml"), "list", "--tls-ca", ca}), worker_with({"--tls-ca", ca})}) {
    EXPECT_EQ(refused.exit_code, 2);
    EXPECT_NE(refused.err.find("--tls-ca: " + ca + ": the certificate of CN=authority "), std::string::npos)
        << refused.err;
    EXPECT_NE(refused.err.find(" expired on 20"), std::string::npos) << refused.err;
  }
}

TEST_F(TrustTest, EndsThatDoNotBothSpeakTlsSaySo) {
  const CertificateAuthority authority;
  write_private("other-ca.crt", authority.certificate());
  cluster_.start_coordinator();
  const std::vector<std::string> in_the_clear = {program("oodml"),   "list",     "--coordinator",
                                                 cluster_.address(), "--tls-ca", ""};
  const std::vector<std::string> over_tls = {program("oodml"),   "list",     "--coordinator",
                                             cluster_.address(), "--tls-ca", folder_ / "other-ca.crt"};
  const Output answer = run(Security::wanted() ? in_the_clear : over_tls);
  EXPECT_EQ(answer.exit_code, 7);
  EXPECT_NE(
      answer.err.find(Security::wanted() ? "if it has TLS, give --tls-ca FILE" : "somebody answers there without it"),
      std::string::npos)
      << answer.err;
  // gRPC calls such a handshake an error; the coordinator's log is for what is one, and nowhere in gRPC's own form.
  EXPECT_EQ(cluster_.coordinator_log().find("chttp2"), std::string::npos) << cluster_.coordinator_log();
  EXPECT_EQ(answer.err.find(".cc:"), std::string::npos) << answer.err;
  cluster_.stop_coordinator();
}

TEST_F(TrustTest, ATokenIsOneWorkersAlsoAfterARestartUntilItsLineIsTakenOut) {
  if (!Security::wanted()) GTEST_SKIP() << "in the clear";
  constexpr const char* kOwn = "the-token-of-one-worker";
  const auto tokens = folder_ / "security" / "tokens";
  const std::string others = read_text(tokens);
  write_private("own.token", kOwn);
  write_private("security/tokens", others + "worker " + kOwn + " rack\n");
  cluster_.start_coordinator();
  const auto try_as = [&](const std::string& name) {
    std::filesystem::remove_all(folder_ / "tried");
    return worker_with({"--name", name, "--coordinator", cluster_.address(), "--token-file", folder_ / "own.token",
                        "--tls-ca", folder_ / "security" / "ca.crt"});
  };
  EXPECT_EQ(try_as("one").exit_code, 0);
  EXPECT_EQ(try_as("one").exit_code, 0) << "with a new state folder";
  for (const bool restarted : {false, true}) {
    if (restarted) {
      cluster_.stop_coordinator();
      cluster_.start_coordinator();
    }
    const Output refused = try_as("two");
    EXPECT_EQ(refused.exit_code, 4);
    EXPECT_NE(
        refused.err.find("this token belongs to the worker one, which registered with it; give two one of its own"),
        std::string::npos)
        << refused.err;
  }
  for (const std::string& lines : {others, others + "worker " + kOwn + "\n"}) {
    write_private("security/tokens", lines);
    const std::size_t heard = cluster_.coordinator_log().size();
    cluster_.coordinator().signal(SIGHUP);
    ASSERT_TRUE(
        wait_until([&] { return cluster_.coordinator_log().find("tokens read again", heard) != std::string::npos; }));
  }
  EXPECT_EQ(try_as("two").exit_code, 0) << "it was released";
  cluster_.stop_coordinator();
}

}  // namespace
}  // namespace oodml::testing

#include "core/connection/client_settings.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

class ClientSettingsTest : public ::testing::Test {
 protected:
  ClientSettingsTest() {
    environment_["XDG_CONFIG_HOME"] = folder_.path();
    std::filesystem::create_directories(file_.parent_path());
  }
  std::string write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    testing::write_text(folder_ / name, text);
    EXPECT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
    return folder_ / name;
  }
  Result<ClientSettings> settings() {
    return client_settings(options_, [this](const char* name) {
      const auto found = environment_.find(name);
      return found == environment_.end() ? std::nullopt : std::optional(found->second);
    });
  }
  std::string refusal() {
    const auto read = settings();
    return read ? "accepted" : read.error().message();
  }

  testing::TemporaryFolder folder_;
  const std::filesystem::path file_ = folder_ / "oodml/client.toml";
  std::map<std::string, std::string> environment_;
  ClientOptions options_;
};

TEST_F(ClientSettingsTest, WithoutAnythingItIsThisMachine) {
  const auto read = settings();
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->coordinator.text(), "127.0.0.1:7070");
  EXPECT_FALSE(read->coordinator_given);
  EXPECT_TRUE(read->token.empty() && read->tls_ca.empty());
}

TEST_F(ClientSettingsTest, OneFileSaysAllThree) {
  write("oodml/alice.token", "alices-token\n");
  write("oodml/client.toml",
        "# the lab\ncoordinator = \"coord.example:7070\"\ntls-ca = \"ca.crt\"\ntoken-file = \"alice.token\"\n", 0644);
  const auto read = settings();
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->coordinator.text(), "coord.example:7070");
  EXPECT_TRUE(read->coordinator_given);
  EXPECT_EQ(read->tls_ca, folder_ / "oodml/ca.crt") << "relative to the file's folder";
  EXPECT_EQ(read->token, "alices-token");
}

TEST_F(ClientSettingsTest, TheHomesConfigurationIsUsedWithoutXdg) {
  environment_ = {{"HOME", folder_.path()}};
  std::filesystem::create_directories(folder_ / ".config/oodml");
  write(".config/oodml/client.toml", "coordinator = \"gpu1:1\"\n");
  EXPECT_EQ(settings()->coordinator.text(), "gpu1:1");
  environment_ = {};
  EXPECT_EQ(settings()->coordinator.text(), "127.0.0.1:7070");
}

TEST_F(ClientSettingsTest, TheOptionComesBeforeTheEnvironmentAndThatBeforeTheFile) {
  write("oodml/client.toml", "coordinator = \"file:1\"\ntls-ca = \"file.crt\"\ntoken = \"token-of-the-file\"\n");
  EXPECT_EQ(settings()->token, "token-of-the-file");
  environment_["OODML_COORDINATOR"] = "variable:2";
  environment_["OODML_TLS_CA"] = "variable.crt";
  environment_["OODML_TOKEN_FILE"] = write("second", "token-of-a-file");
  EXPECT_EQ(settings()->coordinator.text(), "variable:2");
  EXPECT_EQ(settings()->tls_ca, "variable.crt");
  EXPECT_EQ(settings()->token, "token-of-a-file");
  environment_["OODML_TOKEN"] = "token-itself";
  EXPECT_EQ(settings()->token, "token-itself");
  options_ = {.coordinator = "option:3", .tls_ca = "option.crt", .token_file = write("third", "token-of-the-option")};
  EXPECT_EQ(settings()->coordinator.text(), "option:3");
  EXPECT_EQ(settings()->tls_ca, "option.crt");
  EXPECT_EQ(settings()->token, "token-of-the-option");
}

TEST_F(ClientSettingsTest, AnEmptyOptionStandsForNoneAndAnEmptyVariableForNothing) {
  write("oodml/client.toml", "coordinator = \"file:1\"\ntls-ca = \"file.crt\"\ntoken = \"token-of-the-file\"\n");
  environment_["OODML_TLS_CA"] = "";
  EXPECT_EQ(settings()->tls_ca, folder_ / "oodml/file.crt");
  options_ = {.coordinator = "", .tls_ca = "", .token_file = ""};
  const auto read = settings();
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->coordinator.text(), "127.0.0.1:7070");
  EXPECT_TRUE(read->token.empty() && read->tls_ca.empty());
}

TEST_F(ClientSettingsTest, FailuresNameThePlace) {
  options_.coordinator = "https://gpu1:7070";
  EXPECT_EQ(refusal().find("--coordinator 'https://gpu1:7070': leave out 'https://'"), 0u) << refusal();
  options_.coordinator.reset();
  environment_["OODML_COORDINATOR"] = "gpu1";
  EXPECT_EQ(refusal().find("OODML_COORDINATOR 'gpu1': the port is missing"), 0u) << refusal();
  environment_.erase("OODML_COORDINATOR");
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"# my lab\ncoordinator = \"gpu1\"\n", ":2: coordinator 'gpu1': the port is missing"},
      {"coordinator = gpu1:7070\n", ":1:"},
      {"coordinator = 7070\n", ":1: coordinator wants a text in quotes"},
      {"\ntls_ca = \"ca.crt\"\n", ":2: unknown setting 'tls_ca'; coordinator, tls-ca, token-file or token wanted"},
      {"[client]\ncoordinator = \"gpu1:7070\"\n", ":1: unknown setting 'client'"},
      {"coordinator = \"a:1\"\ncoordinator = \"b:1\"\n", ":2:"},
      {"token = \"a\"\ntoken-file = \"b\"\n", ":1: token and token-file both"},
      {"token = \"\"\n", ":1: token wants a text in quotes"},
      {"token = \"two words\"\n", ":1: token holds more than one word"},
      {"token-file = \"none\"\n", ":1: token-file: token file "},
  };
  for (const auto& [text, words] : cases) {
    write("oodml/client.toml", text);
    EXPECT_EQ(refusal().find(file_.string() + words), 0u) << refusal();
  }
}

TEST_F(ClientSettingsTest, WhatHoldsATokenHasToBePrivate) {
  write("oodml/client.toml", "token = \"token-of-the-file\"\n", 0644);
  EXPECT_NE(refusal().find("client.toml can be read or written by others (mode 0644); do `chmod 600 "),
            std::string::npos)
      << refusal();
  write("oodml/client.toml", "");
  options_.token_file = write("token", "a-token", 0640);
  EXPECT_NE(refusal().find("--token-file: token file " + *options_.token_file +
                           " can be read or written by others (mode 0640)"),
            std::string::npos)
      << refusal();
}

TEST_F(ClientSettingsTest, ATokenFileHoldsATokenAlone) {
  const auto said = [&](const std::string& text) {
    options_.token_file = write("token", text);
    return refusal();
  };
  EXPECT_EQ(said("  a-token \r\n"), "accepted");
  EXPECT_EQ(settings()->token, "a-token");
  EXPECT_NE(said(" \n").find("holds no token"), std::string::npos);
  EXPECT_NE(said("worker a-token\n").find("holds more than one word"), std::string::npos);
  EXPECT_NE(said("a\xc2\xa0token").find("printable ASCII"), std::string::npos);
  EXPECT_NE(said(std::string(1 << 20, 'x')).find("larger than"), std::string::npos);
}

TEST_F(ClientSettingsTest, ATokenTravelsReadablyOnlyOnThisMachine) {
  environment_["OODML_TOKEN"] = "a-token";
  for (const char* address : {"127.0.0.1:1", "localhost:1", "[::1]:1", "127.5.5.5:1"}) {
    options_.coordinator = address;
    EXPECT_EQ(refusal(), "accepted") << address;
  }
  for (const char* address : {"127.evil.example:1", "localhost.example:1", "gpu1:1", "10.0.0.1:1"}) {
    options_.coordinator = address;
    EXPECT_NE(refusal().find("the token would travel readably to " + std::string(address)), std::string::npos)
        << refusal();
  }
  options_.insecure = true;
  EXPECT_EQ(refusal(), "accepted");
  options_.insecure = false;
  options_.tls_ca = "ca.crt";
  EXPECT_EQ(refusal(), "accepted");
}

}  // namespace
}  // namespace oodml

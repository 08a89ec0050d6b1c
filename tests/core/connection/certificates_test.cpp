#include "core/connection/certificates.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/certificates.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml {
namespace {

using namespace std::chrono_literals;
using testing::CertificateAuthority;
using testing::ValidFor;

class CertificatesTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const std::string& name, const std::string& text, mode_t mode = 0600) {
    testing::write_text(folder_ / name, text);
    EXPECT_EQ(::chmod((folder_ / name).c_str(), mode), 0);
    return folder_ / name;
  }
  std::string said_of_authorities(const std::string& text) {
    const auto read = read_authorities(write("ca.crt", text), now_);
    return read ? "accepted" : read.error().message();
  }
  std::string said_of_server(const std::string& certificate, const std::string& key, mode_t mode = 0600) {
    const auto read = read_server_certificate(write("server.crt", certificate), write("server.key", key, mode), now_);
    return read ? "accepted" : read.error().message();
  }
  void expect_in(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }

  const Time now_ = SystemClock().now();
  testing::TemporaryFolder folder_;
  const CertificateAuthority authority_;
};

TEST_F(CertificatesTest, WhatIsValidForLongIsTakenWithoutAWord) {
  const auto [certificate, key] = authority_.issue();
  const auto server = read_server_certificate(write("server.crt", certificate), write("server.key", key), now_);
  ASSERT_TRUE(server.has_value()) << server.error().text();
  EXPECT_TRUE(server->warnings.empty());
  EXPECT_EQ(server->chain, certificate);
  const auto authorities = read_authorities(write("ca.crt", authority_.certificate()), now_);
  ASSERT_TRUE(authorities.has_value());
  EXPECT_TRUE(authorities->warnings.empty());
}

TEST_F(CertificatesTest, OneThatIsOverOrNotYetValidIsRefusedWithItsDate) {
  const auto over = authority_.issue("IP:127.0.0.1", {.from = -48h, .until = -24h});
  expect_in(said_of_server(over.certificate, over.key),
            "server.crt: the certificate of CN=coordinator expired on " + to_iso8601(now_ - 24h).substr(0, 10));
  const auto early = authority_.issue("IP:127.0.0.1", {.from = 24h, .until = 48h});
  expect_in(said_of_server(early.certificate, early.key), "is valid only from " + to_iso8601(now_ + 24h).substr(0, 10));
  expect_in(said_of_server(early.certificate, early.key), "this machine's clock says " + to_iso8601(now_));
  const CertificateAuthority old({.from = -48h, .until = -1h});
  expect_in(said_of_authorities(old.certificate()), " expired on ");
}

TEST_F(CertificatesTest, OneThatEndsWithinTwoWeeksIsWarnedOf) {
  const auto soon = authority_.issue("IP:127.0.0.1", {.until = 13 * 24h + 12h});
  const auto server =
      read_server_certificate(write("server.crt", soon.certificate), write("server.key", soon.key), now_);
  ASSERT_TRUE(server.has_value()) << server.error().text();
  ASSERT_EQ(server->warnings.size(), 1u);
  expect_in(server->warnings[0], "the certificate of CN=coordinator expires on ");
  expect_in(server->warnings[0], ", in 13 days");
  const CertificateAuthority ending({.until = 5h});
  const auto authorities = read_authorities(write("ca.crt", ending.certificate()), now_);
  ASSERT_EQ(authorities->warnings.size(), 1u);
  expect_in(authorities->warnings[0], ", within a day");
}

TEST_F(CertificatesTest, AnAuthorityThatIsOverMayStandBesideOneThatIsNot) {
  const CertificateAuthority old({.from = -48h, .until = -1h});
  const auto both = read_authorities(write("ca.crt", old.certificate() + authority_.certificate()), now_);
  ASSERT_TRUE(both.has_value()) << both.error().text();
  EXPECT_EQ(both->warnings.size(), 1u);
  expect_in(said_of_authorities(old.certificate() + old.certificate()), "and no other in it is valid now");
}

TEST_F(CertificatesTest, AChainIsRefusedForAnyOfItsLinks) {
  const CertificateAuthority old({.from = -48h, .until = -1h});
  const auto own = authority_.issue();
  expect_in(said_of_server(own.certificate + old.certificate(), own.key),
            "server.crt: the certificate of CN=authority ");
}

TEST_F(CertificatesTest, AKeyHasToBeTheFirstCertificates) {
  const auto one = authority_.issue(), other = authority_.issue();
  expect_in(said_of_server(one.certificate, other.key), "server.key is not the key of the certificate in ");
  expect_in(said_of_server(authority_.certificate() + one.certificate, one.key),
            "the server's own certificate has to come first, before its chain; it is number 2");
}

TEST_F(CertificatesTest, OtherFilesAreCalledByTheirName) {
  const auto own = authority_.issue();
  expect_in(said_of_authorities(""), "no certificate in PEM form in it: it is empty");
  expect_in(said_of_authorities(own.key), "it holds a private key");
  expect_in(said_of_authorities("-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n"),
            "it holds a request");
  expect_in(said_of_authorities(std::string("\x30\x82\x01\x0a", 4) + "der"), "it is DER");
  expect_in(said_of_authorities("<html>"), "no certificate in PEM form in it");
  std::string damaged = own.certificate;
  damaged.replace(damaged.size() / 2, 8, "********");
  expect_in(said_of_authorities(authority_.certificate() + damaged), "the certificate number 2 in it is damaged");
  expect_in(said_of_server(own.certificate, own.certificate),
            "no private key in PEM form in it: it holds a certificate");
  expect_in(said_of_server(own.certificate,
                           "-----BEGIN ENCRYPTED PRIVATE KEY-----\nMIIB\n-----END ENCRYPTED PRIVATE KEY-----\n"),
            "the private key is encrypted");
  std::filesystem::remove(folder_ / "ca.crt");
  expect_in(read_authorities(folder_ / "ca.crt", now_).error().message(), "ca.crt");
}

TEST_F(CertificatesTest, AKeyThatOthersCanReadIsRefused) {
  const auto own = authority_.issue();
  expect_in(said_of_server(own.certificate, own.key, 0644),
            "server.key can be read or written by others (mode 0644); do `chmod 600 ");
}

}  // namespace
}  // namespace oodml

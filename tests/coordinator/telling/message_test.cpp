#include "coordinator/telling/message.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace oodml::coordinator::telling {
namespace {

const SweepView kSweep{.id = {7},
                       .name = "grid",
                       .state = "finished",
                       .trials = 12,
                       .counts = {.succeeded = 9, .failed = 2, .cancelled = 1},
                       .owner = "ann"};

TEST(MessageTest, ASweepThatFinishedIsToldInASentence) {
  EXPECT_EQ(finished(kSweep).text, "Sweep 7 grid finished: 9 of 12 trials succeeded, 2 failed, 1 cancelled.");
  EXPECT_EQ(finished({.id = {1}, .name = "one", .trials = 1, .counts = {.succeeded = 1}}).text,
            "Sweep 1 one finished: 1 of 1 trial succeeded.");
}

TEST(MessageTest, TheDocumentSaysWhatHappenedToWhat) {
  const auto json = nlohmann::json::parse(body_of(finished(kSweep), Format::kJson, "abc", from_millis(0)));
  EXPECT_EQ(json, nlohmann::json::parse(R"({"version": 1, "delivery": "abc", "kind": "finished",
      "time": "1970-01-01T00:00:00Z",
      "text": "Sweep 7 grid finished: 9 of 12 trials succeeded, 2 failed, 1 cancelled.",
      "sweep": {"id": 7, "name": "grid", "owner": "ann", "state": "finished", "trials": 12, "succeeded": 9,
                "failed": 2, "cancelled": 1}})"));
  const auto lost =
      nlohmann::json::parse(body_of(worker_lost("gpu-1", {{3}, {4}}), Format::kJson, "abc", from_millis(0)));
  EXPECT_EQ(lost["worker"], nlohmann::json::parse(R"({"id": "gpu-1", "running": [3, 4]})"));
  EXPECT_FALSE(lost.contains("sweep"));
}

TEST(MessageTest, SlackReadsNoMarkupInNames) {
  SweepView sweep = kSweep;
  sweep.paused_because = "<!channel> & more";
  EXPECT_EQ(body_of(paused(sweep), Format::kSlack, "abc", from_millis(0)),
            R"({"text":"Sweep 7 grid was paused: &lt;!channel&gt; &amp; more. `oodml resume 7` goes on."})");
}

TEST(MessageTest, TheSignatureIsThatOfAnyOtherHmac) {
  // printf '1700000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
  EXPECT_EQ(signature_of("0123456789abcdef", from_millis(1'700'000'000'999), R"({"a":1})"),
            "t=1700000000,v1=9eb18f493f8ec135d9eb2dad817c369bb4e9cbfa818657897a7437c1cd8c3a23");
}

}  // namespace
}  // namespace oodml::coordinator::telling

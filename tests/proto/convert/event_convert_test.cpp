#include "proto/convert/event_convert.h"

#include <gtest/gtest.h>

#include <cmath>

namespace oodml::convert {
namespace {

job::Event event_with(job::EventBody body) {
  return {.trial = TrialId{7},
          .attempt = 2,
          .sequence = 5,
          .time = from_millis(1'700'000'000'123),
          .body = std::move(body)};
}

v1::Event valid_message() { return to_proto(event_with(job::Done{.epochs = 3})); }

std::string refusal(const v1::Event& message) {
  const auto event = from_proto(message);
  return event.has_value() ? "accepted" : event.error().message();
}

TEST(EventConvertTest, EveryBodyComesBackAsItWas) {
  const job::EventBody bodies[] = {
      job::Hello{.version = 1, .device = "cuda:0", .pid = 4711},
      job::Progress{3, 200, 1200, 9000, 0.412, 81.5, "training"},
      job::Metric{3, "test", "embeds", "e_recall@1", 0.6523},
      job::Checkpoint{3, "checkpoints/0003", std::string(64, 'a')},
      job::Warning{"2 images skipped"},
      job::Done{200},
      job::Stopped{4, 1300},
      job::Failed{"out_of_memory", "CUDA out of memory"},
      job::Identity{2, "0.1.0", "images of birds=3f2a;split 3 of birds=77ab"},
  };
  for (const job::EventBody& body : bodies) {
    const job::Event event = event_with(body);
    std::string bytes;
    ASSERT_TRUE(to_proto(event).SerializeToString(&bytes));
    v1::Event received;
    ASSERT_TRUE(received.ParseFromString(bytes));
    const auto back = from_proto(received);
    ASSERT_TRUE(back.has_value()) << back.error().text();
    EXPECT_EQ(*back, event) << "body " << body.index();
  }
}

TEST(EventConvertTest, WhateverATrialSaysIsAccepted) {
  const job::EventBody bodies[] = {
      job::Hello{.version = -1, .device = "cuda\n0", .pid = -2},
      job::Progress{.epoch = -1, .epochs_total = -2, .step = -3, .steps_total = -4},
      job::Metric{.epoch = -1, .set = "", .name = "two\nlines"},
      job::Metric{.set = std::string(500, 's'), .embeds = "", .name = std::string(500, 'n')},
      job::Checkpoint{.epoch = -1, .path = "", .sha256 = ""},
      job::Done{-1},
      job::Stopped{-1, -1},
      job::Failed{.kind = "", .message = "no kind"},
      job::Identity{.results_version = -1, .program = "", .data = job::stamps_text({{"a\tb", ""}, {"", "x"}})},
  };
  for (const job::EventBody& body : bodies) {
    EXPECT_EQ(refusal(to_proto(event_with(body))), "accepted") << "body " << body.index();
  }
}

TEST(EventConvertTest, NotANumberSurvives) {
  const auto back = from_proto(to_proto(job::Metric{1, "test", "embeds", "nmi", std::nan("")}));
  ASSERT_TRUE(back.has_value());
  EXPECT_TRUE(std::isnan(back->value));
}

TEST(EventConvertTest, BytesOfATrialThatAreNotUtf8StillTravel) {
  const v1::Event message =
      to_proto(event_with(job::Failed{"infrastructure", "cannot read caf\xe9.jpg" + std::string(20'000, '!')}));
  std::string bytes;
  ASSERT_TRUE(message.SerializeToString(&bytes));
  v1::Event received;
  ASSERT_TRUE(received.ParseFromString(bytes));
  EXPECT_EQ(refusal(received), "accepted");
}

TEST(EventConvertTest, RefusalsNameTheField) {
  v1::Event message = valid_message();
  message.set_trial_id(0);
  EXPECT_EQ(refusal(message), "trial_id: 0; 1 or more wanted");

  message = valid_message();
  message.set_attempt(-1);
  EXPECT_EQ(refusal(message), "attempt: -1; 1 or more wanted");

  message = valid_message();
  message.set_sequence(0);
  EXPECT_EQ(refusal(message), "sequence: 0; 1 or more wanted");

  message = valid_message();
  message.clear_body();
  EXPECT_EQ(refusal(message).substr(0, 14), "body: missing ");

  message = valid_message();
  message.mutable_metric()->set_set("test");
  EXPECT_EQ(refusal(message), "metric.name: empty; 1 to 128 bytes without control characters wanted");

  message = valid_message();
  message.mutable_progress()->set_step(-5);
  EXPECT_EQ(refusal(message), "progress.step: -5; 0 or more wanted");

  message = valid_message();
  message.mutable_warning()->set_message(std::string(8193, 'x'));
  EXPECT_EQ(refusal(message), "warning.message: 8193 bytes; at most 8192 wanted");
}

}  // namespace
}  // namespace oodml::convert

#include "core/protocol/lines.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/seeds.h"
#include "core/base/utf8.h"

namespace oodml::protocol {
namespace {

std::string without_newline(std::string line) {
  EXPECT_TRUE(line.ends_with('\n'));
  line.pop_back();
  return line;
}

job::EventBody decoded(std::string_view line) {
  auto result = decode(line);
  if (!result.has_value()) {
    ADD_FAILURE() << line << ": " << result.error().message();
    return {};
  }
  if (!result->has_value()) {
    ADD_FAILURE() << line << ": skipped";
    return {};
  }
  return **result;
}

std::string why_refused(std::string_view line) {
  const auto result = decode(line);
  if (result.has_value()) return "accepted";
  EXPECT_EQ(result.error().code(), StatusCode::kInvalidArgument);
  return result.error().message();
}

TEST(LinesTest, WritesTheVerbsAsDocumented) {
  EXPECT_EQ(encode(job::Hello{.version = 1, .device = "cuda:0", .pid = 4711}),
            "hello version=1 device=cuda:0 pid=4711\n");
  EXPECT_EQ(encode(job::Metric{.epoch = 3, .set = "test", .embeds = "embeds", .name = "e_recall@1", .value = 0.6523}),
            "metric epoch=3 set=test embeds=embeds name=e_recall@1 value=0.6523\n");
  EXPECT_EQ(encode(job::Done{.epochs = 200}), "done epochs=200\n");
  EXPECT_EQ(encode(job::Failed{.kind = "out_of_memory", .message = "CUDA out of memory"}),
            "failed kind=out_of_memory message=CUDA%20out%20of%20memory\n");
}

TEST(LinesTest, AnIdentityComesBackWithItsData) {
  const job::Identity identity{
      .results_version = 2, .program = "0.1.0", .data = "images of birds=3f2a;split 3 of birds=77ab"};
  const std::string line = without_newline(encode(identity));
  EXPECT_EQ(line,
            "identity results_version=2 program=0.1.0 data=images%20of%20birds%3D3f2a;split%203%20of%20birds%3D77ab");
  EXPECT_EQ(decoded(line), job::EventBody(identity));
  EXPECT_EQ(decoded("identity results_version=1"),
            job::EventBody(job::Identity{.results_version = 1, .program = "", .data = ""}));
}

TEST(LinesTest, ReadsTheDocumentedExamples) {
  EXPECT_EQ(decoded("hello version=1 device=cuda:0 pid=4711"),
            job::EventBody(job::Hello{.version = 1, .device = "cuda:0", .pid = 4711}));
  EXPECT_EQ(decoded("progress epoch=3 step=1200 steps_total=9000 loss=0.412"),
            job::EventBody(job::Progress{.epoch = 3, .step = 1200, .steps_total = 9000, .loss = 0.412}));
  EXPECT_EQ(decoded("stopped"), job::EventBody(job::Stopped{}));
}

TEST(LinesTest, EscapesWhatWouldBreakTheLine) {
  const std::string message = "a b%c=d\ne\tf\x7f \xc3\xa9";
  const std::string line = without_newline(encode(job::Warning{message}));
  EXPECT_EQ(line, "warning message=a%20b%25c%3Dd%0Ae%09f%7F%20%C3%A9");
  EXPECT_EQ(decoded(line), job::EventBody(job::Warning{message}));
}

TEST(LinesTest, KeepsEveryBitOfNumbersAndTheirSpecialValues) {
  const double values[] = {0.0,
                           -0.0,
                           0.1,
                           1.0 / 3.0,
                           1e-308,
                           std::numeric_limits<double>::denorm_min(),
                           std::numeric_limits<double>::max(),
                           INFINITY,
                           -INFINITY};
  for (const double value : values) {
    const auto body = decoded(without_newline(encode(job::Metric{.value = value})));
    const double read = std::get<job::Metric>(body).value;
    EXPECT_EQ(read, value);
    EXPECT_EQ(std::signbit(read), std::signbit(value));
  }
  const auto body = decoded(without_newline(encode(job::Metric{.value = NAN})));
  EXPECT_TRUE(std::isnan(std::get<job::Metric>(body).value));
}

TEST(LinesTest, UnknownVerbsAndKeysAreSkipped) {
  const auto unknown = decode("heartbeat_of_2031 x=1");
  ASSERT_TRUE(unknown.has_value());
  EXPECT_FALSE(unknown->has_value());
  EXPECT_EQ(decoded("done colour=blue epochs=2 shape="), job::EventBody(job::Done{2}));
}

TEST(LinesTest, RefusesMalformedLinesNamingWhatIsWrong) {
  EXPECT_NE(why_refused("").find("no verb"), std::string::npos);
  EXPECT_NE(why_refused(" done epochs=1").find("no verb"), std::string::npos);
  EXPECT_NE(why_refused("done epochs").find("not a key=value: 'epochs'"), std::string::npos);
  EXPECT_NE(why_refused("done  epochs=1").find("not a key=value"), std::string::npos);
  EXPECT_NE(why_refused("done epochs=1 epochs=2").find("'epochs' stands twice"), std::string::npos);
  EXPECT_NE(why_refused("done").find("done has no epochs"), std::string::npos);
  EXPECT_NE(why_refused("done epochs=2.5").find("epochs='2.5' is not an integer"), std::string::npos);
  EXPECT_NE(why_refused("done epochs=99999999999999999999").find("is not an integer of 64 bits"), std::string::npos);
  EXPECT_NE(why_refused("progress epoch=1 step=2 loss=abc").find("loss='abc' is not a number"), std::string::npos);
  EXPECT_NE(why_refused("progress epoch=1 step=2 loss=1e999").find("is not a number"), std::string::npos);
  EXPECT_NE(why_refused("warning message=%4").find("two hexadecimal digits"), std::string::npos);
  EXPECT_NE(why_refused("warning message=%zz").find("two hexadecimal digits"), std::string::npos);
  EXPECT_NE(why_refused("warning message=%FF").find("not UTF-8"), std::string::npos);
  EXPECT_NE(why_refused("warning message=\x01").find("must be escaped"), std::string::npos);
  EXPECT_NE(why_refused("warning message=" + std::string(5000, 'x')).find("the most is 4096"), std::string::npos);
}

TEST(LinesTest, CutsALongMessageInItsLastTextAtACharacter) {
  std::string message;
  while (message.size() < 9000) message += "x\xe2\x82\xac ";  // x, the euro sign, a space
  for (int shift = 0; shift < 16; ++shift) {
    const std::string shifted = std::string(static_cast<std::size_t>(shift), 'y') + message;
    const std::string line = encode(job::Failed{.kind = "numeric", .message = shifted});
    EXPECT_LE(line.size(), kMaxLine);
    EXPECT_GT(line.size(), kMaxLine - 9);  // nothing is wasted: the next character did not fit
    const auto body = std::get<job::Failed>(decoded(without_newline(line)));
    EXPECT_EQ(body.kind, "numeric");
    EXPECT_TRUE(shifted.starts_with(body.message));
  }
}

TEST(LinesTest, CutsEarlierTextsWhenTheLastIsNotEnough) {
  const job::Metric metric{
      .set = std::string(3000, ' '), .embeds = "embeds", .name = std::string(3000, 'n'), .value = 0.5};
  const std::string line = encode(metric);
  EXPECT_LE(line.size(), kMaxLine);
  const auto body = std::get<job::Metric>(decoded(without_newline(line)));
  EXPECT_EQ(body.value, 0.5);
  EXPECT_EQ(body.name, "");
}

TEST(LinesTest, BytesThatAreNoTextAreReplacedWhenWritten) {
  const auto body =
      decoded(without_newline(encode(job::Warning{"a\xff"
                                                  "b"})));
  EXPECT_EQ(std::get<job::Warning>(body).message,
            "a\xef\xbf\xbd"
            "b");
}

// Random messages of every kind read back as they were.
class RandomBodies {
 public:
  explicit RandomBodies(std::uint64_t seed) : random_(seed) {}

  std::string text() {
    std::string result;
    for (std::int64_t i = random_.below(40); i > 0; --i) {
      static const char* kOthers[] = {"\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"};
      const std::int64_t kind = random_.below(10);
      result +=
          kind == 0 ? std::string(kOthers[random_.below(3)]) : std::string(1, static_cast<char>(random_.below(128)));
    }
    return result;
  }
  std::int64_t integer() { return static_cast<std::int64_t>(random_.next()) >> random_.below(64); }
  double number() { return (random_.uniform() - 0.5) * std::pow(10.0, static_cast<double>(random_.below(40) - 20)); }

  job::EventBody body() {
    switch (random_.below(8)) {
      case 0:
        return job::Hello{integer(), text(), integer()};
      case 1:
        return job::Progress{integer(), integer(), integer(), integer(), number(), number(), text()};
      case 2:
        return job::Metric{integer(), text(), text(), text(), number()};
      case 3:
        return job::Checkpoint{integer(), text(), text()};
      case 4:
        return job::Warning{text()};
      case 5:
        return job::Done{integer()};
      case 6:
        return job::Stopped{integer(), integer()};
      default:
        return job::Failed{text(), text()};
    }
  }

 private:
  Random random_;
};

TEST(LinesTest, EveryMessageReadsBackAsItWas) {
  RandomBodies random(7);
  for (int i = 0; i < 20000; ++i) {
    const job::EventBody body = random.body();
    const std::string line = encode(body);
    ASSERT_EQ(decoded(without_newline(line)), body) << line;
  }
}

TEST(LinesTest, NoBytesBringTheReaderDown) {
  Random random(11);
  RandomBodies bodies(12);
  for (int i = 0; i < 20000; ++i) {
    std::string line;
    if (i % 2 == 0) {
      for (std::int64_t n = random.below(200); n > 0; --n) line += static_cast<char>(random.below(256));
    } else {  // nearly right lines reach deeper
      line = without_newline(encode(bodies.body()));
      for (std::int64_t n = random.below(4); n > 0 && !line.empty(); --n) {
        line[static_cast<std::size_t>(random.below(static_cast<std::int64_t>(line.size())))] =
            static_cast<char>(random.below(256));
      }
    }
    const auto result = decode(line);
    if (!result.has_value()) {
      EXPECT_FALSE(result.error().message().empty());
      EXPECT_FALSE(first_invalid_utf8(result.error().message()));
    } else if (result->has_value()) {
      EXPECT_LE(encode(**result).size(), kMaxLine);
    }
  }
}

}  // namespace
}  // namespace oodml::protocol

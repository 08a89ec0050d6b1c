#include "core/trial/figure_log.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "core/trial/csv_log.h"
#include "core/trial/tensorboard_log.h"
#include "core/trial/tensorboard_records.h"
#include "tests/support/fake_clock.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::trial {
namespace {

job::Metric figure(std::int64_t epoch, std::string set, std::string name, double value) {
  return {epoch, std::move(set), "embeds", std::move(name), value};
}

TEST(LogPlaceTest, FiguresStandWhereTheReferencesLogThem) {
  const auto text = [](const job::Metric& metric) {
    const LogPlace place = log_place_of(metric);
    return place.sub + "|" + place.group + "|" + place.segment;
  };
  EXPECT_EQ(text(figure(1, "test", "e_recall@4", 0)), "Test|embeds_e_recall|e_recall@4");
  EXPECT_EQ(text(figure(1, "train", "nmi", 0)), "Train|embeds_nmi|nmi");
  EXPECT_EQ(text(figure(1, "train", "loss", 0)), "Train|loss|loss");
  EXPECT_EQ(text(figure(1, "train", "seconds", 0)), "Train|time|time");
  EXPECT_EQ(text(figure(1, "train", "data_wait", 0)), "Train|data_wait|data_wait");
  EXPECT_EQ(text(figure(1, "train", "push_triplets", 0)), "Train|push_triplets|push_triplets");
  EXPECT_EQ(text(figure(1, "train", "grad_l2", 0)), "Model Grad|L2|Grad L2");
}

TEST(CsvLogTest, AFileAGroupWithARowAnEpoch) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "Data_Old_group.csv", "of an earlier attempt");
  testing::write_text(folder / "notes.txt", "not ours");
  const auto log = CsvLog::open(folder.path());
  ASSERT_TRUE(log.has_value()) << log.error().message();
  for (const std::int64_t epoch : {2, 4}) {
    EXPECT_TRUE((*log)->add(figure(epoch, "test", "e_recall@1", 0.25 * static_cast<double>(epoch))).ok());
    EXPECT_TRUE((*log)->add(figure(epoch, "test", "e_recall@2", epoch == 2 ? NAN : 1e-9)).ok());
    EXPECT_TRUE((*log)->add(figure(epoch, "train", "loss", 0.5)).ok());
    ASSERT_TRUE((*log)->flush().ok());
  }
  EXPECT_EQ(testing::read_text(folder / "Data_Test_embeds_e_recall.csv"),
            "epoch,e_recall@1,e_recall@2\n2,0.5,\n4,1,1e-09\n");
  EXPECT_EQ(testing::read_text(folder / "Data_Train_loss.csv"), "epoch,loss\n2,0.5\n4,0.5\n");
  EXPECT_FALSE(std::filesystem::exists(folder / "Data_Old_group.csv"));
  EXPECT_TRUE(std::filesystem::exists(folder / "notes.txt"));
}

TEST(CsvLogTest, AFolderThatCannotBeMadeIsNamed) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "file", "");
  const auto log = CsvLog::open(folder / "file" / "logs");
  ASSERT_FALSE(log.has_value());
  EXPECT_NE(log.error().message().find("file/logs"), std::string::npos) << log.error().message();
}

// RFC 3720, B.4, and the customary check value.
TEST(Crc32cTest, EqualsTheVectorsOfItsStandard) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283U);
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8a9136aaU);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62a8ab43U);
}

std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes.data(), bytes.size());
  return value;
}

/// The payloads of a file of TFRecords whose checksums are right.
std::vector<std::string> payloads(std::string_view file) {
  const auto masked = [](std::string_view bytes) {
    const std::uint32_t crc = crc32c(bytes);
    return static_cast<std::uint32_t>(((crc >> 15) | (crc << 17)) + 0xa282ead8U);
  };
  std::vector<std::string> found;
  while (!file.empty()) {
    const auto length = little_endian(file.substr(0, 8));
    EXPECT_EQ(little_endian(file.substr(8, 4)), masked(file.substr(0, 8)));
    found.emplace_back(file.substr(12, length));
    EXPECT_EQ(little_endian(file.substr(12 + length, 4)), masked(found.back()));
    file.remove_prefix(16 + length);
  }
  return found;
}

// The bytes of event.proto's messages, put together by hand.
TEST(TensorboardLogTest, AFileBeginsWithItsVersionAndHoldsAScalarAFigure) {
  const testing::TemporaryFolder folder;
  testing::FakeClock clock;
  {
    const auto log = TensorboardLog::open(folder.path(), clock);
    ASSERT_TRUE(log.has_value()) << log.error().message();
    ASSERT_TRUE((*log)->add(figure(300, "train", "loss", 0.5)).ok());
    ASSERT_TRUE((*log)->add(figure(1, "test", "nmi", 1.0)).ok());
    ASSERT_TRUE((*log)->flush().ok());
  }
  const auto records = payloads(testing::read_text(folder / "events.out.tfevents.oodml"));
  ASSERT_EQ(records.size(), 3U);
  const double now = static_cast<double>(to_millis(clock.now())) / 1000.0;
  std::string wall(9, '\x09');
  std::memcpy(wall.data() + 1, &now, 8);
  EXPECT_EQ(records[0], wall +
                            "\x1a\x0d"
                            "brain.Event:2");
  const std::string half("\x15\x00\x00\x00\x3f", 5), one("\x15\x00\x00\x80\x3f", 5);
  EXPECT_EQ(records[1], wall +
                            "\x10\xac\x02"
                            "\x2a\x13"
                            "\x0a\x11"
                            "\x0a\x0a"
                            "Train/loss" +
                            half);
  EXPECT_EQ(records[2], wall +
                            "\x10\x01"
                            "\x2a\x1c"
                            "\x0a\x1a"
                            "\x0a\x13"
                            "Test/embeds_nmi/nmi" +
                            one);
}

}  // namespace
}  // namespace oodml::trial

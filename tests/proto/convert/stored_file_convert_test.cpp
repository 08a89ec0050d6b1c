#include "proto/convert/stored_file_convert.h"

#include <gtest/gtest.h>

namespace oodml::convert {
namespace {

v1::StoredFile message() {
  v1::StoredFile file;
  file.set_path("checkpoints/0003/network.safetensors");
  file.set_kind("checkpoint");
  file.set_epoch(3);
  file.set_sha256(std::string(64, 'a'));
  file.set_bytes(12);
  return file;
}

std::string refusal(const v1::StoredFile& file) {
  const auto read = from_proto(file);
  return read.has_value() ? "" : read.error().message();
}

TEST(StoredFileConvertTest, AFileComesBackAsItWas) {
  const auto read = from_proto(message());
  ASSERT_TRUE(read.has_value()) << read.error().text();
  EXPECT_EQ(read->kind, job::FileKind::kCheckpoint);
  EXPECT_EQ(from_proto(to_proto(*read)).value(), *read);
}

TEST(StoredFileConvertTest, NoPathLeavesItsFolder) {
  for (const char* path : {"", "/etc/passwd", "..", "../x", "a/../x", "a/..", "./a", "a//b", "a/", "a/."}) {
    v1::StoredFile file = message();
    file.set_path(path);
    EXPECT_EQ(refusal(file).substr(0, 6), "path: ") << path;
  }
  v1::StoredFile dots = message();
  dots.set_path("a..b/.hidden");
  EXPECT_EQ(refusal(dots), "");
}

TEST(StoredFileConvertTest, WhatIsNoHashOrKindIsRefusedByName) {
  v1::StoredFile file = message();
  file.set_sha256("abc");
  EXPECT_EQ(refusal(file), "sha256: 'abc'; 64 lower-case hexadecimal digits wanted");
  file = message();
  file.set_kind("weights");
  EXPECT_EQ(refusal(file), "kind: 'weights' is none of checkpoint, best, last, log, results, csv, tensorboard");
}

TEST(StoredFileConvertTest, APathThatComesTwiceIsRefused) {
  StoredFileList list;
  *list.Add() = message();
  *list.Add() = message();
  EXPECT_EQ(stored_files("files", list).error().message(),
            "files[1].path: checkpoints/0003/network.safetensors comes twice");
}

}  // namespace
}  // namespace oodml::convert

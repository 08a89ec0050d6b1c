#include "core/base/foreign_file.h"

#include <gtest/gtest.h>

#include <string>

namespace oodml {
namespace {

using namespace std::string_literals;

TEST(ForeignFileTest, KindsAreKnownByTheirFirstBytes) {
  EXPECT_EQ(foreign_kind("GIF87a..."), "a GIF image");
  EXPECT_EQ(foreign_kind("\x89PNG\r\n\x1A\n"), "a PNG image");
  EXPECT_EQ(foreign_kind("RIFF\x10\0\0\0WEBPVP8 "s), "a WebP image");
  EXPECT_EQ(foreign_kind("RIFF\x10\0\0\0AVI LIST"s), "a video");
  EXPECT_EQ(foreign_kind("BM\x36\0\0\0\0\0\0\0\x36\0\0\0"s), "a BMP image");
  EXPECT_EQ(foreign_kind("II*\0\x08\0\0\0"s), "a TIFF image, or a camera's raw one");
  EXPECT_EQ(foreign_kind("\0\0\0\x0CjP  \r\n\x87\n"s), "a JPEG 2000 image");
  EXPECT_EQ(foreign_kind("%PDF-1.7"), "a PDF document");
  EXPECT_EQ(foreign_kind("\x1F\x8B\x08"), "a gzip file");
  EXPECT_EQ(foreign_kind("a/1.jpg" + std::string(250, '\0') + "ustar"), "a tar archive");
  EXPECT_EQ(foreign_kind(std::string(4096, '\0')), "nothing but zero bytes");
}

TEST(ForeignFileTest, IsoMediaFilesAreToldApartByTheirBrands) {
  const auto media = [](const std::string& brands) {
    return foreign_kind(
        "\0\0\0\x20"
        "ftyp"s +
        brands);
  };
  EXPECT_EQ(media("heic\0\0\0\0mif1heic"s), "a HEIC image");
  EXPECT_EQ(media("mif1\0\0\0\0mif1heic"s), "a HEIC image");
  EXPECT_EQ(media("mif1\0\0\0\0miafavif"s), "an AVIF image");
  EXPECT_EQ(media("avif\0\0\0\0"s), "an AVIF image");
  EXPECT_EQ(media("mif1\0\0\0\0miaf"s), "a HEIF image");
  EXPECT_EQ(media("isom\0\0\2\0"s), "a video or audio file");
}

TEST(ForeignFileTest, WhatServersAndToolsLeaveInAFilesPlace) {
  for (const char* page : {"<!DOCTYPE html>", "\xEF\xBB\xBF\r\n <HTML>", "<head>", "<!-- x --><html>"}) {
    EXPECT_EQ(foreign_kind(page), "an HTML page, as servers send in place of a file") << page;
  }
  EXPECT_EQ(foreign_kind("<?xml version='1.0'?><Error>"), "an XML document");
  EXPECT_TRUE(foreign_kind("version https://git-lfs.github.com/spec/v1\n").starts_with("a Git LFS pointer"));
  EXPECT_TRUE(foreign_kind("/annex/objects/SHA256E-s1--0.jpg\n").starts_with("a git-annex pointer"));
}

TEST(ForeignFileTest, WhatReadersTakeIsNotForeign) {
  for (const std::string& bytes : {""s, "{\"version\": 1}"s, "\x80\x03}"s, "1.5,2.5\n"s, "B"s, "<"s, "id,label\n"s}) {
    EXPECT_EQ(foreign_kind(bytes), "") << bytes;
  }
}

TEST(ForeignFileTest, TextHasNoControlCharacters) {
  EXPECT_TRUE(looks_like_text("../a.jpg\r\n\tcaf\xC3\xA9"));
  EXPECT_TRUE(looks_like_text("x" + std::string(510, 'x') + "\xC3\xA9")) << "a character that the cut goes through";
  EXPECT_FALSE(looks_like_text(""));
  EXPECT_FALSE(looks_like_text("a\0b"s));
  EXPECT_FALSE(looks_like_text("caf\xE9"));
}

}  // namespace
}  // namespace oodml

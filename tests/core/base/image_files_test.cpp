#include "core/base/image_files.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

TEST(ImageFilesTest, ExtensionsAreKnownInAnyCase) {
  for (const char* name : {"a.jpg", "a.JPG", "a.jpeg", "a.png", "a.PnG", "a.webp", "a.b.WEBP", ".jpg"}) {
    EXPECT_TRUE(has_image_extension(name)) << name;
  }
  for (const char* name : {"jpg", "a.jpg.txt", "a.gif", "a", "", "a."}) EXPECT_FALSE(has_image_extension(name)) << name;
}

TEST(ImageFilesTest, WhatSystemsAndProgramsLeaveBehindTakesNoPart) {
  for (const char* name :
       {"@eaDir", "__MACOSX", ".ipynb_checkpoints", ".DS_Store", "Thumbs.db", "THUMBS.DB", "._a.jpg", "a._b",
        "desktop.ini", "$RECYCLE.BIN", "System Volume Information", "lost+found", "#recycle", "__pycache__", ".git"}) {
    EXPECT_NE(why_left_out(name), "") << name;
  }
  for (const char* name : {"001.Black_footed_Albatross", "@home", "thumbs", "a.jpg", "recycle", "__A"}) {
    EXPECT_EQ(why_left_out(name), "") << name;
  }
}

}  // namespace
}  // namespace oodml

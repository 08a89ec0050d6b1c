#include <gtest/gtest.h>

#include "core/pickle/reader.h"
#include "tests/core/pickle/pickle_text.h"
#include "tests/core/pickle/shown.h"

// Pickles of Python programs: objects stay names with arguments.

namespace oodml::pickle {
namespace {

using namespace pickled;

constexpr Accepted kObjects = {.what = "weight file", .objects = true, .followed = true};

std::string read(const std::string& body, int protocol = 2, const Limits& limits = {}) {
  const std::string bytes = file(body, protocol);
  const auto document = pickle::read(bytes, kObjects, limits);
  return document ? shown(*document, document->root()) : document.error().message();
}

const std::string kOrderedDict = global("collections", "OrderedDict");

TEST(PickleObjectsTest, StayWhatTheyWouldBeMadeOf) {
  EXPECT_EQ(read(global("os", "system") + text("id") + "\x85R"), "os.system('id'){}");
  EXPECT_EQ(read(text("os") + text("system") + "\x93)R", 4), "os.system(){}");
  EXPECT_EQ(read(global("argparse", "Namespace") + ")\x81}(" + text("lr") + real(0.5) + "ub"),
            "argparse.Namespace(){}");
  EXPECT_EQ(read(kOrderedDict + ")R(" + text("a") + "K\1" + text("b") + "K\2u"),
            "collections.OrderedDict(){'a', 1, 'b', 2}");
  EXPECT_EQ(read(kOrderedDict + ")R" + text("a") + "K\1s"), "collections.OrderedDict(){'a', 1}");
  EXPECT_EQ(read(global("mine", "List") + ")\x81(K\1K\2e"), "mine.List(){1, 2}");
  EXPECT_EQ(read(global("a", "b") + ")R)R"), "a.b(){}(){}");
  EXPECT_EQ(read("(" + text("storage") + global("torch", "FloatStorage") + "tQ"),
            "stored('storage', torch.FloatStorage)");
  // PyTorch before 1.6 stored a module's class with its source text
  EXPECT_EQ(read("(" + text("module") + global("mine", "Net") + "tQ)\x81}b"), "stored('module', mine.Net)(){}");
  // numpy's scalars too: whoever reads weights has no use for them
  EXPECT_EQ(read(global("numpy", "dtype") + text("f8") + "\x89\x88\x87R"), "numpy.dtype('f8', False, True){}");
}

TEST(PickleObjectsTest, TextsOfPython2AreTextsWhereTheyAreUtf8) {
  EXPECT_EQ(read("U\3abc"), "'abc'");
  EXPECT_EQ(read("T" + little(3, 4) + "abc"), "'abc'");
  EXPECT_EQ(read("U\2\xFF\xFE"), "b'\xFF\xFE'");
}

TEST(PickleObjectsTest, MoreMayFollowAndIsLeftAlone) {
  const std::string bytes = file("K\1", 2) + "anything";
  const auto document = pickle::read(bytes, kObjects);
  ASSERT_TRUE(document);
  EXPECT_EQ(document->bytes_read(), 5U);
  EXPECT_TRUE(pickle::read(bytes, kObjects, {.bytes = 5}));
  EXPECT_FALSE(pickle::read(bytes, kObjects, {.bytes = 4}));
}

TEST(PickleObjectsTest, WhatIsNoObjectIsRefused) {
  EXPECT_EQ(read(text("a") + ")R"), "byte 9: an object made of a text with a tuple; it takes a global and a tuple");
  EXPECT_EQ(read(kOrderedDict + "]R"),
            "byte 28: an object made of a global with a list; it takes a global and a tuple");
  EXPECT_EQ(read("R"), "byte 2: the opcode takes 2 values, but 0 are on the stack");
  EXPECT_EQ(read("}}b"), "byte 4: BUILD of a dict; it takes a new numpy dtype");
  EXPECT_EQ(read("Q"), "byte 2: the opcode takes 1 values, but 0 are on the stack");
  EXPECT_EQ(read("i"), "byte 2: opcode INST is refused: weight files do without it");
  EXPECT_EQ(read(kOrderedDict + ")R(Nu"), "byte 31: a key without a value");
  EXPECT_EQ(read(kOrderedDict + ")Rq\1" + text("a") + "h\1s"),
            "byte 39: a container changes that is part of another or of itself (a cycle)");
  std::string deep = ")";
  for (int i = 0; i < 9; ++i) deep = global("a", "b") + deep + "R\x85";
  EXPECT_NE(read(deep).find("nested more than 8 levels deep"), std::string::npos);
  EXPECT_NE(read(global("a", std::string(200, 'n')), 2, {.decoded_bytes = 100}).find("more than 100 bytes"),
            std::string::npos);
}

}  // namespace
}  // namespace oodml::pickle

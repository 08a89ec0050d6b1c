#include "core/pickle/reader.h"

#include <gtest/gtest.h>

#include <ostream>

#include "tests/core/pickle/pickle_text.h"
#include "tests/core/pickle/shown.h"

namespace oodml::pickle {
namespace {

using namespace pickled;
using namespace std::string_literals;

constexpr Accepted kPlainData = {.what = "split file", .globals = kPlainGlobals};

/// What a pickle of this body holds, or why it is refused.
std::string read(const std::string& body, int protocol = 3, const Limits& limits = {}) {
  const std::string bytes = file(body, protocol);
  const auto document = pickle::read(bytes, kPlainData, limits);
  return document ? shown(*document, document->root()) : document.error().message();
}

TEST(PickleReaderTest, PlainValuesOfEveryOpcode) {
  EXPECT_EQ(read("N"), "None");
  EXPECT_EQ(read("](\x88\x89"
                 "e"),
            "[True, False]");
  EXPECT_EQ(read("](" + integer(-2) +
                 "K\xFFM\x01\x02\x8A\x01\x80\x8A\x02\xFF\x7F"
                 "e"),
            "[-2, 255, 513, -128, 32767]");
  EXPECT_EQ(read(std::string("\x8A\0", 2)), "0");
  EXPECT_EQ(read(real(-2.5)), "-2.500000");
  EXPECT_EQ(read(text("\xC3\xA9")), "'\xC3\xA9'");
  EXPECT_EQ(read("\x8C\x02"
                 "ab",
                 4),
            "'ab'");
  EXPECT_EQ(read("\x8D" + little(2, 8) + "ab", 4), "'ab'");
  EXPECT_EQ(read(bytes("ab")), "b'ab'");
  EXPECT_EQ(read("B" + little(2, 4) + "ab"), "b'ab'");
  EXPECT_EQ(read("\x8E" + little(2, 8) + "ab", 4), "b'ab'");
}

TEST(PickleReaderTest, ContainersOfEveryOpcode) {
  EXPECT_EQ(read("]K\x01"
                 "aK\x02"
                 "a"),
            "[1, 2]");
  EXPECT_EQ(read("](K\x01K\x02"
                 "e(K\x03"
                 "e"),
            "[1, 2, 3]");
  EXPECT_EQ(read(")"), "()");
  EXPECT_EQ(read("K\x01\x85"), "(1)");
  EXPECT_EQ(read("K\x01K\x02\x86"), "(1, 2)");
  EXPECT_EQ(read("K\x01K\x02K\x03\x87"), "(1, 2, 3)");
  EXPECT_EQ(read("(K\x01K\x02K\x03K\x04t"), "(1, 2, 3, 4)");
  EXPECT_EQ(read("}K\x01K\x02s"), "{1, 2}");
  EXPECT_EQ(read(dict({{text("a"), integer(1)}, {text("b"), texts({"x"})}})), "{'a', 1, 'b', ['x']}");
  EXPECT_EQ(read("\x8F(K\x01K\x02\x90", 4), "{1, 2}");
  EXPECT_EQ(read("(K\x01K\x02\x91", 4), "{1, 2}");
  EXPECT_EQ(read(global("builtins", "set") + texts({"a", "b"}) + "\x85R"), "{'a', 'b'}");
}

TEST(PickleReaderTest, MemoAndFrames) {
  EXPECT_EQ(read("](" + text("a") + "q\x07" + get(7) +
                 "h\x07"
                 "e"),
            "['a', 'a', 'a']");
  EXPECT_EQ(read("](" + text("a") + put(70'000) + get(70'000) + "e"), "['a', 'a']");
  EXPECT_EQ(read("\x95" + little(10, 8) +
                     "]\x94(\x8C\x01"
                     "a\x94h\x01"
                     "e",
                 4),
            "['a', 'a']");
}

TEST(PickleReaderTest, NumpyScalarsBecomePlainValues) {
  EXPECT_EQ(read(numpy_text("Audi A5 2012")), "'Audi A5 2012'");
  EXPECT_EQ(read(numpy_real(8.5)), "8.500000");
  EXPECT_EQ(read(scalar(dtype("U4", 16), little('a', 4) + little(0x20AC, 4) + little(0x1F600, 4) + little(0, 4))),
            "'a\xE2\x82\xAC\xF0\x9F\x98\x80'");
  EXPECT_EQ(read(scalar(dtype("i8", -1), little(static_cast<std::uint64_t>(-3), 8))), "-3");
  EXPECT_EQ(read(scalar(dtype("u1", -1, "|"), "\xFF")), "255");
  EXPECT_EQ(read(global("numpy", "dtype") + text("f8") + "\x89\x88\x87R"), "a numpy dtype");
  // One dtype for many scalars, from the memo; the global as protocol 4 and as numpy 2 write it.
  const std::string scalar_of_memo = text("numpy._core.multiarray") + text("scalar") + "\x93";
  EXPECT_EQ(read("](" + scalar_of_memo + dtype("U1", 4) + put(1) + bytes(little('a', 4)) + "\x86R" + scalar_of_memo +
                     get(1) + bytes(little('b', 4)) +
                     "\x86R"
                     "e",
                 4),
            "['a', 'b']");
  // Protocol 2 writes bytes as Latin-1 text.
  EXPECT_EQ(read(global("numpy.core.multiarray", "scalar") + dtype("u2", -1) + global("_codecs", "encode") +
                     text("\xC3\xBF\x01") + text("latin1") + "\x86R\x86R",
                 2),
            "511");
}

struct Hostile {
  const char* name;
  std::string bytes;
  std::string expected;  ///< The whole message.
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

class HostilePickleTest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostilePickleTest, IsRefusedWithTheByteAndTheReason) {
  const auto document = pickle::read(GetParam().bytes, kPlainData);
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(document.error().message(), GetParam().expected);
}

std::string refused_opcode(std::string_view name) {
  return "byte 2: opcode " + std::string(name) + " is refused: split files do without it";
}

const std::string kKnownGlobals =
    "numpy dtype, numpy.core.multiarray scalar, numpy._core.multiarray scalar, _codecs encode, builtins set, "
    "__builtin__ set";

INSTANTIATE_TEST_SUITE_P(
    Messages, HostilePickleTest,
    ::testing::Values(
        Hostile{"empty", "", "byte 0: not a pickle of protocol 2 to 5, which begins with byte 0x80"},
        Hostile{"protocol_0", "(lp0\n.", "byte 0: not a pickle of protocol 2 to 5, which begins with byte 0x80"},
        Hostile{"protocol_1", file("N", 1), "byte 0: pickle protocol 1; accepted: 2 to 5"},
        Hostile{"protocol_6", file("N", 6), "byte 0: pickle protocol 6; accepted: 2 to 5"},
        Hostile{"no_version", "\x80", "byte 0: wants 1 more bytes, but the file ends after 0"},
        Hostile{"no_stop", "\x80\x03N", "byte 3: the file ends before the pickle does (no STOP); it is cut off"},
        Hostile{"trailing", file("N") + "xyz", "byte 3: 3 bytes after the end of the pickle"},
        Hostile{"two_values", file("NN"), "byte 4: STOP wants one value left on the stack"},
        Hostile{"nothing", file(""), "byte 2: STOP wants one value left on the stack"},
        Hostile{"open_mark", file("N("), "byte 4: STOP wants one value left on the stack"},
        Hostile{"system", file(global("os", "system") + text("id") + "\x85R"),
                "byte 2: the global 'os system' is refused; a split file needs none but " + kKnownGlobals},
        Hostile{"stack_global", file(text("builtins") + text("eval") + "\x93", 4),
                "byte 24: the global 'builtins eval' is refused; a split file needs none but " + kKnownGlobals},
        Hostile{"unprintable_global", file(global("os\x1B[2J", "\xFF")),
                "byte 2: the global 'os\\x1b[2J \\xff' is refused; a split file needs none but " + kKnownGlobals},
        Hostile{"global_of_numbers", file("K\1K\2\x93", 4), "byte 6: a global is named by two texts"},
        Hostile{"endless_global",
                "\x80\x03"
                "c" +
                    std::string(300, 'a'),
                "byte 2: wants a line of at most 256 bytes"},
        Hostile{"persid", file("Pid\n"), refused_opcode("PERSID")},
        Hostile{"binpersid", file("Q"), refused_opcode("BINPERSID")},
        Hostile{"inst", file("ios\nsystem\n"), refused_opcode("INST")},
        Hostile{"obj", file("o"), refused_opcode("OBJ")}, Hostile{"newobj", file("\x81"), refused_opcode("NEWOBJ")},
        Hostile{"newobj_ex", file("\x92", 4), refused_opcode("NEWOBJ_EX")},
        Hostile{"ext1", file("\x82\x01"), refused_opcode("EXT1")},
        Hostile{"ext4", file("\x84\x01\x01\x01\x01"), refused_opcode("EXT4")},
        Hostile{"long4", file("\x8B\xFF\xFF\xFF\x7F"), refused_opcode("LONG4")},
        Hostile{"dup", file("2"), refused_opcode("DUP")}, Hostile{"pop", file("0"), refused_opcode("POP")},
        Hostile{"text_number", file("I1\n"), refused_opcode("INT")},
        Hostile{"python_2_text", file("U\1a", 2), refused_opcode("SHORT_BINSTRING")},
        Hostile{"bytearray", file("\x96", 5), refused_opcode("BYTEARRAY8")},
        Hostile{"next_buffer", file("\x97", 5), refused_opcode("NEXT_BUFFER")},
        Hostile{"second_proto", file("\x80\x03"), refused_opcode("PROTO")},
        Hostile{"no_opcode", file("\xFE"), "byte 2: byte 0xfe is no opcode; the file is damaged or no pickle"},
        Hostile{"reduce_of_text", file(text("a") + ")R"),
                "byte 9: REDUCE of a text with a tuple; it takes a global and a tuple"},
        Hostile{"reduce_of_list", file(global("numpy", "dtype") + "]R"),
                "byte 16: REDUCE of a global with a list; it takes a global and a tuple"},
        Hostile{"build_of_dict", file("}}b"), "byte 4: BUILD of a dict; it takes a new numpy dtype"},
        Hostile{"build_twice", file(dtype("f8", -1) + ")b"),
                "byte 59: BUILD of a numpy dtype; it takes a new numpy dtype"},
        Hostile{"object_dtype", file(global("numpy", "dtype") + text("O8") + "\x89\x88\x87R"),
                "byte 25: numpy type 'O8'; accepted: U1 to U1024, f8, i1, i2, i4, i8, u1, u2, u4, u8"},
        Hostile{
            "huge_dtype", file(global("numpy", "dtype") + text("U9999999999999999999") + "\x89\x88\x87R"),
            "byte 43: numpy type 'U9999999999999999999'; accepted: U1 to U1024, f8, i1, i2, i4, i8, u1, u2, u4, u8"},
        Hostile{"wrong_size", file(dtype("U2", 4)), "byte 57: numpy dtype U2 with a size of 4"},
        Hostile{"big_endian", file(dtype("f8", -1, ">")), "byte 57: a numpy dtype that is not little-endian"},
        Hostile{"scalar_of_text", file(global("numpy.core.multiarray", "scalar") + text("f8") + text("a") + "\x86R"),
                "byte 46: numpy scalar takes (dtype, bytes)"},
        Hostile{"short_scalar", file(scalar(dtype("f8", -1), "abc")),
                "byte 94: a numpy scalar with 3 bytes, but its type has 8"},
        Hostile{"surrogate", file(scalar(dtype("U1", 4), little(0xD800, 4))),
                "byte 95: character 0 of the numpy text is no Unicode character"},
        Hostile{"encode_of_utf16", file(global("_codecs", "encode") + text("a") + text("utf16") + "\x86R"),
                "byte 35: _codecs encode takes (text, 'latin1')"},
        Hostile{"not_utf8", file(text("a\xFF")), "byte 2: a text that is not UTF-8"},
        Hostile{"long_text", file(text(std::string(4097, 'a'))), "byte 2: a text of 4097 bytes; at most 4096 are read"},
        Hostile{"huge_text", file("X\xFF\xFF\xFF\xFF"), "byte 2: a text of 4294967295 bytes; at most 4096 are read"},
        Hostile{"huger_text", file("\x8D\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 4),
                "byte 2: a text of 18446744073709551615 bytes; at most 4096 are read"},
        Hostile{"cut_text", file("X\x0A\0\0\0abc"s), "byte 2: wants 10 more bytes, but the file ends after 4"},
        Hostile{"cut_number", "\x80\x03J\x01", "byte 2: wants 4 more bytes, but the file ends after 1"},
        Hostile{"huge_integer", file("\x8A\x09" + std::string(9, '\1')),
                "byte 2: an integer of 9 bytes; at most 8 are read"},
        Hostile{"huge_frame", file("\x95\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF", 4),
                "byte 2: a frame of 18446744073709551615 bytes, but only 1 are left"},
        Hostile{"memo_bomb", file("N" + put(4'000'000'000)), "byte 3: memo entry 4000000000; at most 5000000 are kept"},
        Hostile{"memo_unwritten", file(get(3)), "byte 2: memo entry 3 is used, but was never written"},
        Hostile{"memo_of_nothing", file("q\1"), "byte 2: the opcode takes 1 values, but 0 are on the stack"},
        Hostile{"deep", file(std::string(9, ']') + std::string(8, 'a')), "byte 18: nested more than 8 levels deep"},
        Hostile{"deep_tuples", file(")" + std::string(100'000, '\x85')), "byte 10: nested more than 8 levels deep"},
        Hostile{"marks", file(std::string(100'000, '(')), "byte 66: more than 64 open marks, the most that is read"},
        Hostile{"own_member", file("]q\1h\1a"),
                "byte 7: a container changes that is part of another or of itself (a cycle)"},
        Hostile{"cycle_of_two", file("]q\1]h\1aa"),
                "byte 9: a container changes that is part of another or of itself (a cycle)"},
        Hostile{"cycle_of_dict", file("}q\1" + text("a") + "h\1s"),
                "byte 13: a container changes that is part of another or of itself (a cycle)"},
        Hostile{"odd_dict", file("}(Nu"), "byte 5: a key without a value"},
        Hostile{"append_to_dict", file("}Na"), "byte 4: the opcode fills a list, but finds a dict"},
        Hostile{"append_to_nothing", file("Na"), "byte 3: the opcode wants a list below its values"},
        Hostile{"append_across_mark", file("](Na"), "byte 5: the opcode wants a list below its values"},
        Hostile{"no_mark", file("]e"), "byte 3: the opcode goes back to a mark, but there is none"},
        Hostile{"tuple_across_mark", file("N(N\x86"), "byte 5: the opcode takes 2 values, but 1 are on the stack"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(LimitsTest, EachIsEnforced) {
  EXPECT_EQ(read("NNN", 3, {.bytes = 5}), "byte 0: more than 5 bytes, the most that is read");
  EXPECT_EQ(read("NNNNN", 3, {.opcodes = 4}), "byte 5: more than 4 opcodes, the most that is read");
  EXPECT_EQ(read("NNNNN", 3, {.values = 4}), "byte 6: more than 4 values, the most that is read");
  EXPECT_EQ(read("]]]", 3, {.containers = 2}), "byte 4: more than 2 lists and maps, the most that is read");
  EXPECT_EQ(read("Nq\2", 3, {.memo = 2}), "byte 3: memo entry 2; at most 2 are kept");
  EXPECT_EQ(read("](]((", 3, {.marks = 2}), "byte 6: more than 2 open marks, the most that is read");
  EXPECT_EQ(read("]]]aa", 3, {.depth = 2}), "byte 6: nested more than 2 levels deep");
  EXPECT_EQ(read(text("abc"), 3, {.text_bytes = 2}), "byte 2: a text of 3 bytes; at most 2 are read");
}

TEST(LimitsTest, OneLongNumpyTextDecodedAgainAndAgainIsCountedEachTime) {
  std::string wide;
  for (int i = 0; i < 60; ++i) wide += little('a', 4);
  std::string all = "(" + global("numpy.core.multiarray", "scalar") + put(0) + dtype("U60", 240) + bytes(wide) +
                    "\x86" + put(1) + "R";
  for (int i = 0; i < 100; ++i) all += get(0) + get(1) + "R";
  EXPECT_NE(read(all + "t", 3, {.decoded_bytes = 1000}).find("more than 1000 bytes of numpy texts"), std::string::npos);
}

}  // namespace
}  // namespace oodml::pickle

# cmake -DPAGE= -DOUTPUT= -P: writes OUTPUT, a source with every file below PAGE as bytes (coordinator/web/page_files.h).
file(GLOB_RECURSE paths RELATIVE "${PAGE}" "${PAGE}/*")
list(SORT paths)
set(arrays "")
set(table "")
set(number 0)
foreach(path IN LISTS paths)
  file(READ "${PAGE}/${path}" bytes HEX)
  string(LENGTH "${bytes}" digits)
  math(EXPR size "${digits} / 2")
  string(REGEX REPLACE "(................................................................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(APPEND arrays "constexpr unsigned char kFile${number}[] = {\n${bytes}0x00};\n")
  string(APPEND table "    {\"${path}\", kFile${number}, ${size}},\n")
  math(EXPR number "${number} + 1")
endforeach()
file(WRITE "${OUTPUT}" "// Written by cmake/write_page_data.cmake.
#include \"coordinator/web/page_files.h\"

namespace oodml::coordinator::web {
namespace {

${arrays}
constexpr EmbeddedFile kFiles[] = {
${table}};

}  // namespace

std::span<const EmbeddedFile> embedded_files() { return kFiles; }

}  // namespace oodml::coordinator::web
")

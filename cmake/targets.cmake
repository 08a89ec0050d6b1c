# oodml_library(NAME [SOURCES a.cpp ...] DEPENDS oodml::base ... [PCH base|grpc|torch|torch_threads])
# oodml_program(NAME [SOURCES ...] DEPENDS ... [PCH ...])      lands in build/bin
# oodml_test(NAME [SOURCES ...] DEPENDS ... [PCH ...])         one GoogleTest executable, one ctest entry; labelled fuzz where
#                                                            a source is called *fuzz_test.cpp
# Without SOURCES: every .cpp of the folder and of those below it, so that a new component or test needs no line here.
#
# A library lists what it includes. PCH names the precompiled header that is shared by the targets of that kind. Tests that
# know no LibTorch have their own, with GoogleTest in it, and are not optimised: most of a build's time would be theirs.

add_compile_definitions(OODML_VERSION="${PROJECT_VERSION}")
add_library(oodml_options INTERFACE)
target_include_directories(oodml_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_options(oodml_options INTERFACE -Wall -Wextra -Wno-missing-field-initializers)
if(OODML_WERROR AND NOT OODML_SANITIZE)  # what GCC suspects of instrumented code is often wrong
  target_compile_options(oodml_options INTERFACE -Werror)
endif()
if(OODML_SANITIZE)
  add_compile_options(-fsanitize=${OODML_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${OODML_SANITIZE})
endif()

set(OODML_PCH_base <algorithm> <chrono> <cstdint> <expected> <filesystem> <functional> <map> <memory> <mutex> <optional>
    <string> <string_view> <thread> <unordered_map> <variant> <vector>)
set(OODML_PCH_grpc ${OODML_PCH_base} <grpcpp/grpcpp.h>)
set(OODML_PCH_torch ${OODML_PCH_base} <torch/types.h> <torch/nn/module.h>)
set(OODML_PCH_LINK_grpc gRPC::grpc++ protobuf::libprotobuf)
set(OODML_PCH_LINK_torch torch)
# For sources with at::parallel_for, which without this option is a plain loop and says nothing of it.
set(OODML_PCH_torch_threads ${OODML_PCH_torch})
set(OODML_PCH_LINK_torch_threads torch)
set(OODML_PCH_OPTIONS_torch_threads -fopenmp)
foreach(kind base grpc)
  set(OODML_PCH_${kind}_test ${OODML_PCH_${kind}} <gtest/gtest.h>)
  set(OODML_PCH_LINK_${kind}_test ${OODML_PCH_LINK_${kind}} GTest::gtest)
  set(OODML_PCH_OPTIONS_${kind}_test $<$<CONFIG:Release>:-O0>)
endforeach()

# Most of what a small source costs that knows LibTorch or gRPC is their headers: instances of templates, found anew in
# each. With OODML_UNITY several sources of a target are compiled as one. Names in unnamed namespaces are then shared by a
# folder.
function(oodml_join_sources target kind)
  if(OODML_UNITY AND kind MATCHES "^(torch|torch_threads|grpc)$")
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
  endif()
endfunction()

function(oodml_use_pch target kind)
  if(NOT TARGET oodml_pch_${kind})
    if(NOT EXISTS ${CMAKE_BINARY_DIR}/pch/${kind}.cpp)  # a new time would compile everything anew
      file(WRITE ${CMAKE_BINARY_DIR}/pch/${kind}.cpp "")
    endif()
    add_library(oodml_pch_${kind} OBJECT ${CMAKE_BINARY_DIR}/pch/${kind}.cpp)
    target_link_libraries(oodml_pch_${kind} PRIVATE oodml_options Threads::Threads ${OODML_PCH_LINK_${kind}})
    target_compile_options(oodml_pch_${kind} PRIVATE ${OODML_PCH_OPTIONS_${kind}})
    target_precompile_headers(oodml_pch_${kind} PRIVATE ${OODML_PCH_${kind}})
  endif()
  target_compile_options(${target} PRIVATE ${OODML_PCH_OPTIONS_${kind}})
  if(kind STREQUAL "torch_threads")
    target_link_libraries(${target} PUBLIC $<LINK_ONLY:OpenMP::OpenMP_CXX>)
  endif()
  target_precompile_headers(${target} REUSE_FROM oodml_pch_${kind})
  oodml_join_sources(${target} ${kind})
endfunction()

# Executables compile with -fPIC instead of -fPIE: a precompiled header is used only under equal flags.
function(oodml_use_pch_in_executable target kind)
  set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${target} PRIVATE -fPIC)
  oodml_use_pch(${target} ${kind})
endfunction()

macro(oodml_parse)
  cmake_parse_arguments(ARG "" "PCH" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_PCH)
    set(ARG_PCH base)
  endif()
  if(NOT ARG_SOURCES)
    file(GLOB_RECURSE ARG_SOURCES CONFIGURE_DEPENDS "*.cpp")
  endif()
endmacro()

function(oodml_library name)
  oodml_parse(${ARGN})
  add_library(oodml_${name} STATIC ${ARG_SOURCES})
  add_library(oodml::${name} ALIAS oodml_${name})
  target_link_libraries(oodml_${name} PUBLIC oodml_options Threads::Threads ${ARG_DEPENDS})
  oodml_use_pch(oodml_${name} ${ARG_PCH})
endfunction()

function(oodml_program name)
  oodml_parse(${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE oodml_options Threads::Threads ${ARG_DEPENDS})
  oodml_use_pch_in_executable(${name} ${ARG_PCH})
endfunction()

function(oodml_test name)
  oodml_parse(${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(${name} PRIVATE oodml_options Threads::Threads ${ARG_DEPENDS} GTest::gtest_main)
  if(OODML_SANITIZE STREQUAL "thread" AND ARG_PCH STREQUAL "torch")
    target_sources(${name} PRIVATE ${CMAKE_SOURCE_DIR}/tests/support/followed_openmp.cpp)
    target_link_options(${name} PRIVATE -Wl,--wrap=GOMP_parallel)
  endif()
  if(NOT ARG_PCH STREQUAL "torch")
    string(APPEND ARG_PCH _test)
  endif()
  oodml_use_pch_in_executable(${name} ${ARG_PCH})
  add_test(NAME ${name} COMMAND ${name} --gtest_brief=1)
  # One OpenMP thread each: on a busy machine LibTorch's threads would wait for each other most of the time. Sanitizers
  # want several. Nobody's own client.toml.
  set(openmp_threads 1)
  set(seconds 600)
  if(OODML_SANITIZE AND ARG_PCH STREQUAL "torch")
    set(openmp_threads 3)
    set(seconds 1800)
  endif()
  set_tests_properties(${name} PROPERTIES TIMEOUT ${seconds}
    ENVIRONMENT "OODML_BIN=${CMAKE_BINARY_DIR}/bin;OODML_SOURCE=${CMAKE_SOURCE_DIR};OMP_NUM_THREADS=${openmp_threads};XDG_CONFIG_HOME=${CMAKE_BINARY_DIR}/no-settings")
  if("${ARG_SOURCES}" MATCHES "fuzz_test\\.cpp")
    set_tests_properties(${name} PROPERTIES LABELS fuzz TIMEOUT 3600)  # an input has a minute of its own
  endif()
endfunction()

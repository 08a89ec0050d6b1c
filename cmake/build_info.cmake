# oodml::build_info: version, commit and build type (core/base/build_info.h). Git is asked at every build, and the one
# small source is written only where its answer changed, so that a new commit compiles this file and links what prints it.
set(OODML_COMMIT "" CACHE STRING "Commit of the sources, where they come without git; empty: git is asked")

set(oodml_build_info_source ${CMAKE_BINARY_DIR}/generated/build_info.cpp)
add_custom_target(oodml_ask_git
  COMMAND ${CMAKE_COMMAND} -DVERSION=${PROJECT_VERSION} -DBUILD_TYPE=${CMAKE_BUILD_TYPE} -DCOMMIT=${OODML_COMMIT}
    -DSOURCE=${CMAKE_SOURCE_DIR} -DOUTPUT=${oodml_build_info_source} -P ${CMAKE_SOURCE_DIR}/cmake/write_build_info.cmake
  BYPRODUCTS ${oodml_build_info_source}
  COMMENT "Asking git for the commit")
add_library(oodml_build_info STATIC ${oodml_build_info_source})
add_library(oodml::build_info ALIAS oodml_build_info)
target_link_libraries(oodml_build_info PUBLIC oodml_options)
add_dependencies(oodml_build_info oodml_ask_git)

# cpack makes a .deb and a relocatable tarball; deploy/package.sh runs all of it. Both carry LibTorch. The .deb leaves
# every other library to Debian's packages, which dpkg-shlibdeps finds; the tarball carries those too.
set(CPACK_PACKAGE_NAME oodml)
set(CPACK_PACKAGE_VENDOR "the oodml authors")
set(CPACK_PACKAGE_CONTACT "the oodml authors")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Experiment sweeps of deep metric learning under growing distribution shift")
set(CPACK_PACKAGE_DESCRIPTION "A coordinator turns a YAML file of benchmarks, splits, criteria and seeds into trials;
workers on GPU or CPU machines train them; one table shows means and intervals. LibTorch is part of the package.")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/packages)
set(CPACK_GENERATOR "DEB;TGZ")
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/cmake/package_components.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libopenblas0-pthread | libblas.so.3")  # before shlibdeps's own, much slower, libblas3
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "gnuplot-nox")  # draws reports; without it their numbers and scripts are written
if(OODML_TORCH)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${TORCH_INSTALL_PREFIX}/lib")
endif()
include(CPack)

# What `cmake --install build --prefix DIR` and cpack (cmake/package.cmake) put where below the prefix:
#
#   bin/                          the programs; each looks for the others in its own folder
#   lib/oodml/torch/, nvidia/     LibTorch, and the CUDA libraries of its wheel, lying to each other as in the wheel
#   lib/oodml/                    the system's libraries: only in the tarball (component `libraries`)
#   lib/systemd/system/           units of coordinator and worker
#   share/man, bash-completion..  manual pages and completion files, written from what the programs say (target `pages`)
#   share/oodml/                  configuration examples, sweeps, splits; python/: what scripts tell oodml by
#   share/doc/oodml/              README, LICENSE, docs/
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY TRUE)  # cpack is not to build the tests
set(oodml_programs oodml oodml-coordinator oodml-worker)
if(OODML_TORCH)
  list(APPEND oodml_programs oodml-core)
endif()

# DT_RPATH instead of the linker's usual DT_RUNPATH: it also holds for what the libraries themselves need, so Debian's
# libraries work in the tarball as they are. Relative, so that a tree may be moved.
foreach(program IN LISTS oodml_programs)
  set_target_properties(${program} PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/oodml;$ORIGIN/../lib/oodml/torch/lib")
  target_link_options(${program} PRIVATE -Wl,--disable-new-dtags)
endforeach()
install(TARGETS ${oodml_programs} RUNTIME DESTINATION bin COMPONENT programs)

set(oodml_pages ${CMAKE_BINARY_DIR}/pages)
add_custom_command(OUTPUT ${oodml_pages}/written
  COMMAND bash ${CMAKE_SOURCE_DIR}/deploy/write_pages.sh ${CMAKE_BINARY_DIR}/bin ${oodml_pages}/share
  COMMAND ${CMAKE_COMMAND} -E touch ${oodml_pages}/written
  DEPENDS ${oodml_programs} ${CMAKE_SOURCE_DIR}/deploy/write_pages.sh
  COMMENT "Writing manual pages and completion files")
add_custom_target(pages DEPENDS ${oodml_pages}/written)
install(CODE "execute_process(COMMAND \"${CMAKE_COMMAND}\" --build \"${CMAKE_BINARY_DIR}\" --target pages COMMAND_ERROR_IS_FATAL ANY)"
  COMPONENT programs)
install(DIRECTORY ${oodml_pages}/share/ DESTINATION share COMPONENT programs)

install(FILES configs/coordinator.toml configs/worker.toml configs/scale_slurm.yaml configs/scale_kubernetes.yaml DESTINATION share/oodml COMPONENT programs)
install(DIRECTORY configs/sweeps configs/splits DESTINATION share/oodml COMPONENT programs)
install(FILES deploy/python/oodml_trial.py DESTINATION share/oodml/python COMPONENT programs)
configure_file(deploy/python/oodml_trial.py ${CMAKE_BINARY_DIR}/share/oodml/python/oodml_trial.py COPYONLY)  # for build/bin
install(DIRECTORY deploy/k8s DESTINATION share/oodml COMPONENT programs PATTERN secrets EXCLUDE)
install(FILES LICENSE README.md DESTINATION share/doc/oodml COMPONENT programs)
install(DIRECTORY docs/ DESTINATION share/doc/oodml/docs COMPONENT programs)
install(FILES deploy/systemd/oodml-coordinator.service deploy/systemd/oodml-worker.service
  DESTINATION lib/systemd/system COMPONENT programs)

if(OODML_TORCH)
  include(cmake/install_libtorch.cmake)
endif()
configure_file(cmake/install_libraries.cmake.in ${CMAKE_BINARY_DIR}/install_libraries.cmake @ONLY)
install(SCRIPT ${CMAKE_BINARY_DIR}/install_libraries.cmake COMPONENT libraries EXCLUDE_FROM_ALL)

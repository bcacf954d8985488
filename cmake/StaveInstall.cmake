# Installs the binary with its man pages and completions, the libraries, and how programs find them:
# `find_package(stave)` gives `stave::stave` (C++, an archive) and `stave::shared` (C, libstave.so);
# pkg-config has the first as `stave-cpp` and the second as `stave`.
include(CMakePackageConfigHelpers)
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME package)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/stave)

install(TARGETS stave EXPORT stave-targets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS stave_shared EXPORT stave-shared-targets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS stave_binary RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/stave DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
# Where Debian looks for it.
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/examples DESTINATION ${CMAKE_INSTALL_DOCDIR}
        PATTERN __pycache__ EXCLUDE)

install(EXPORT stave-targets NAMESPACE stave:: DESTINATION ${package_folder})
install(EXPORT stave-shared-targets NAMESPACE stave:: DESTINATION ${package_folder})
configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/stave-config.cmake.in
  ${PROJECT_BINARY_DIR}/stave-config.cmake INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/stave-config-version.cmake
  COMPATIBILITY SameMajorVersion)
install(FILES ${PROJECT_BINARY_DIR}/stave-config.cmake ${PROJECT_BINARY_DIR}/stave-config-version.cmake
        DESTINATION ${package_folder})

# Relative, so that a package may be moved.
file(RELATIVE_PATH prefix_from_pkgconfig /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
foreach(package stave stave-cpp)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/${package}.pc.in ${PROJECT_BINARY_DIR}/${package}.pc @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/${package}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

# What goes with the binary, in the installed package and in the portable archive.
function(install_beside_binary)
  install(${ARGN} COMPONENT package)
  install(${ARGN} COMPONENT portable EXCLUDE_FROM_ALL)
endfunction()
install_beside_binary(DIRECTORY ${STAVE_MAN_PAGES}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_SOURCE_DIR}/docs/man/stave.3 DESTINATION ${CMAKE_INSTALL_MANDIR}/man3)
set(completions ${PROJECT_SOURCE_DIR}/tools/cli/completion)
install_beside_binary(FILES ${completions}/stave.bash
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME stave)
install_beside_binary(FILES ${completions}/stave.zsh
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _stave)
install_beside_binary(FILES ${completions}/stave.fish
  DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# `cpack -G DEB`: a package for Debian of all that is installed. `cpack -G TGZ`: the binary with the
# libraries that it needs, for other machines. Both are made of what is built already.
if(TARGET stave_portable)
  install(TARGETS stave_portable RUNTIME_DEPENDENCY_SET portable_libraries
    RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT portable EXCLUDE_FROM_ALL)
  install(RUNTIME_DEPENDENCY_SET portable_libraries
    PRE_EXCLUDE_REGEXES "^lib[cm]\\.so" "^ld-linux" LIBRARY DESTINATION lib COMPONENT portable EXCLUDE_FROM_ALL)
  install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/THIRD_PARTY.md ${PROJECT_SOURCE_DIR}/CHANGELOG.md
    DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT portable EXCLUDE_FROM_ALL)
  install(IMPORTED_RUNTIME_ARTIFACTS stave_opened_isal stave_opened_simdjson
    RUNTIME_DEPENDENCY_SET portable_libraries LIBRARY DESTINATION lib COMPONENT portable EXCLUDE_FROM_ALL)
  # Who gives a library on gives its licence along: of those beside the binary, and of those in it.
  foreach(package libisal2 libsimdjson14)
    if(EXISTS /usr/share/doc/${package}/copyright)
      install(FILES /usr/share/doc/${package}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}/licences
        RENAME ${package}.txt COMPONENT portable EXCLUDE_FROM_ALL)
    endif()
  endforeach()
  foreach(package libfmt9 libtomlplusplus3 libxxhash0 liblz4-1 libzstd1 libsodium23 libbz2-1.0 libbrotli1 libsnappy1v5
          libthrift-0.17.0 libedit2 libbsd0 libmd0 libtinfo6 libabsl20220623 libstdc++6 libgcc-s1)
    if(EXISTS /usr/share/doc/${package}/copyright)
      install_beside_binary(FILES /usr/share/doc/${package}/copyright DESTINATION ${CMAKE_INSTALL_DOCDIR}/licences
        RENAME ${package}.txt)
    endif()
  endforeach()
endif()

set(CPACK_PACKAGE_NAME stave)
set(CPACK_PACKAGE_VENDOR Stave)
set(CPACK_PACKAGE_CONTACT "The maintainers of Stave <maintainers@stave.example>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "embedded columnar store for music streaming")
set(CPACK_PACKAGE_DESCRIPTION "Keeps plays and catalogue of a music service in a folder and answers questions
about them: KPIs, royalties, a query language. The program stave, libstave.so
with its C interface, and the library for C++.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_DIRECTORY ${PROJECT_BINARY_DIR}/packages)
set(CPACK_STRIP_FILES ON)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_SOURCE_DIR}/cmake/package-choice.cmake)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
# The libraries are opened when they are used.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "tzdata, libisal2, libsimdjson14")
# Opened when a workbook is written.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libxlsxwriter4)
# Of programs in C++ that link the archive.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "libfmt-dev, libtomlplusplus-dev, libhowardhinnant-date-dev, libabsl-dev, libexpected-dev, \
libboost1.81-dev, liblz4-dev, libzstd-dev, libxxhash-dev, libsodium-dev, libbz2-dev, \
libbrotli-dev, libsnappy-dev, libthrift-dev, libhwy-dev")

set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
include(CPack)

# The libraries of Debian 12 that Stave stands on; tools/install-dependencies.sh installs them.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(fmt REQUIRED)
find_package(Boost 1.81 REQUIRED)
find_package(BZip2 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(tomlplusplus REQUIRED)
find_package(date REQUIRED)
find_package(absl REQUIRED)
pkg_check_modules(lz4 REQUIRED IMPORTED_TARGET liblz4)
pkg_check_modules(zstd REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(libedit REQUIRED IMPORTED_TARGET libedit)
pkg_check_modules(isal REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(simdjson REQUIRED IMPORTED_TARGET simdjson)
pkg_check_modules(xlsxwriter REQUIRED IMPORTED_TARGET xlsxwriter)
pkg_check_modules(xxhash REQUIRED IMPORTED_TARGET libxxhash)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(hwy REQUIRED IMPORTED_TARGET libhwy)
# Headers only, but for the assertions that these have in debug builds and under Clang's sanitizers: the
# library would cost every start of the program some milliseconds.
set(STAVE_HWY_IF_NEEDED -Wl,--push-state,--as-needed,-lhwy,--pop-state)
set_property(TARGET PkgConfig::hwy PROPERTY INTERFACE_LINK_LIBRARIES ${STAVE_HWY_IF_NEEDED})
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlidec)
pkg_check_modules(flatbuffers REQUIRED IMPORTED_TARGET flatbuffers)  # headers only
pkg_check_modules(snappy REQUIRED IMPORTED_TARGET snappy)
pkg_check_modules(thrift REQUIRED IMPORTED_TARGET thrift)
# The whole library brings OpenSSL along, which costs every start of a program two milliseconds; of
# the archive only the few objects that are used become part of it. It is not for shared libraries.
find_library(STAVE_THRIFT_ARCHIVE libthrift.a HINTS ${thrift_LIBRARY_DIRS})
if(STAVE_THRIFT_ARCHIVE)
  get_target_property(thrift_libraries PkgConfig::thrift INTERFACE_LINK_LIBRARIES)
  set_property(TARGET PkgConfig::thrift PROPERTY INTERFACE_LINK_LIBRARIES
    "$<IF:$<STREQUAL:$<TARGET_PROPERTY:TYPE>,EXECUTABLE>,${STAVE_THRIFT_ARCHIVE},${thrift_libraries}>")
endif()
# Headers only: these libraries are opened when they are used. libxlsxwriter brings OpenSSL along, and
# simdjson the C++ runtime.
set_property(TARGET PkgConfig::xlsxwriter PROPERTY INTERFACE_LINK_LIBRARIES)
# `stave_opened_library(NAME)`: the target's file, by the name that its version has, becomes
# STAVE_NAME_FILE, and the imported target `stave_opened_NAME`, which packages take along.
function(stave_opened_library NAME)
  list(GET ${NAME}_LINK_LIBRARIES 0 library)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${library} OUTPUT_VARIABLE headers)
  if(NOT headers MATCHES "SONAME +([^ \n]+)")
    message(FATAL_ERROR "No shared library: ${library}")
  endif()
  string(TOUPPER ${NAME} upper)
  set(STAVE_${upper}_FILE ${CMAKE_MATCH_1} PARENT_SCOPE)
  file(REAL_PATH ${library} real)
  add_library(stave_opened_${NAME} SHARED IMPORTED)
  set_target_properties(stave_opened_${NAME} PROPERTIES IMPORTED_LOCATION ${real} IMPORTED_SONAME ${CMAKE_MATCH_1})
  set_property(TARGET PkgConfig::${NAME} PROPERTY INTERFACE_LINK_LIBRARIES)
endfunction()
stave_opened_library(isal)
stave_opened_library(simdjson)

# Text files as string literals of the library, so that the binary needs no file at run time.

# stave_embed(TARGET FILE VARIABLE): `extern const std::string_view VARIABLE` of namespace stave, to be
# declared where it is used. Configures again when FILE changes.
function(stave_embed TARGET FILE VARIABLE)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${FILE})
  file(READ ${FILE} STAVE_EMBEDDED_TEXT)
  set(STAVE_EMBEDDED_VARIABLE ${VARIABLE})
  set(generated ${CMAKE_CURRENT_BINARY_DIR}/embedded/${VARIABLE}.cc)
  configure_file(${PROJECT_SOURCE_DIR}/cmake/embedded.cc.in ${generated} @ONLY)
  # A script can be longer than compilers have to take.
  set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS -Wno-overlength-strings)
  target_sources(${TARGET} PRIVATE ${generated})
endfunction()

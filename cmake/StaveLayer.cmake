# One function makes a layer: an object library of every source in the folder, with the project's
# warnings, linked to the layers and libraries it may see.
add_library(stave_flags INTERFACE)
target_compile_options(stave_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wconversion -Wno-error=deprecated-declarations)
# GCC 12 takes concatenated strings for overlapping memory (its bug 105651, mended in GCC 13).
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  target_compile_options(stave_flags INTERFACE -Wno-restrict)
endif()
target_include_directories(stave_flags INTERFACE
  $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
if(STAVE_SANITIZE)
  target_compile_options(stave_flags INTERFACE
    -fsanitize=${STAVE_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(stave_flags INTERFACE -fsanitize=${STAVE_SANITIZE})
endif()
if(STAVE_FUZZ)
  target_compile_options(stave_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(STAVE_COVERAGE)
  target_compile_options(stave_flags INTERFACE --coverage)
  target_link_options(stave_flags INTERFACE --coverage)
endif()

# stave_layer(NAME BELOW layer LIBRARIES lib...)
function(stave_layer NAME)
  cmake_parse_arguments(LAYER "" "BELOW" "LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  list(FILTER sources EXCLUDE REGEX "/tools/(main\\.cc|cli/.*)$")
  add_library(stave_${NAME} OBJECT ${sources})
  target_link_libraries(stave_${NAME} PUBLIC stave_flags tl::expected ${LAYER_LIBRARIES})
  if(LAYER_BELOW)
    target_link_libraries(stave_${NAME} PUBLIC stave_${LAYER_BELOW})
  endif()
endfunction()

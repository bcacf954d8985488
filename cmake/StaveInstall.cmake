# Installs library, headers and binary so that `find_package(stave)` gives `stave::stave`.
# (completed with the package files in cmake/stave-config.cmake.in)

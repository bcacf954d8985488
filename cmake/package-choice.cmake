# Read by cpack once for each generator: what goes into which package.
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_COMPONENTS_ALL portable)
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
else()
  set(CPACK_COMPONENTS_ALL package)
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
endif()
